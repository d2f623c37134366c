/** A speaker, a display, a wristband: made by the owner, held by nobody; its credential is shown once. */
import { makeTerminal } from '@bursar/contract'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { newId } from '../app/ids.ts'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { useLanguage } from '../app/i18n.ts'
import { useChange } from '../app/read.ts'
import { useDeskWords } from './desk-words.ts'
import { PermissionFields } from './permission-fields.tsx'
import { draftOf, flawsOf, permissionOf, usual } from './permission.ts'
import { Seen } from './seen.tsx'
import { Telling, type Tells } from './telling.tsx'

type Shape = { merchant: `mer_${string}`; close(): void; made(secret: string): void }

export function NewDevice({ merchant, close, made }: Shape) {
  const say = useDeskWords()
  const { language } = useLanguage()
  const [id] = useState(() => newId('trm'))
  const [tells, setTells] = useState<Tells>(() => ({
    ...{ name: '', ways: ['voice'], language, zone: '', speaks: true },
  }))
  const [draft, setDraft] = useState(() => draftOf({ ...usual, actions: ['receive'] }))
  const make = useChange(makeTerminal, ({ secret }) => made(secret))
  const permission = permissionOf(draft)
  const { name, zone, ...rest } = tells
  const send = () =>
    make.mutate({
      params: { merchant, terminal: id },
      body: {
        ...{ kind: 'device', name: name.trim(), permission, ...rest },
        ...(zone.trim() && { zone: zone.trim() }),
      },
    })
  return (
    <Modal open width={920} footer={null} title={say('newDevice')} onCancel={close}>
      <p className="after-field soft">{say('newDeviceHint')}</p>
      <div className="beside-each-other">
        <Form send={send}>
          <Telling tells={tells} change={setTells} />
          <PermissionFields merchant={merchant} draft={draft} change={setDraft} />
          <Button
            type="primary"
            block
            htmlType="submit"
            disabled={!name.trim() || tells.ways.length === 0 || flawsOf(draft).any}
            loading={make.isPending}
          >
            {say('newDevice')}
          </Button>
        </Form>
        <Seen permission={permission} />
      </div>
      <Failed error={make.error} />
    </Modal>
  )
}
