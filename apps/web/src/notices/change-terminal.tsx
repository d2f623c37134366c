/** What a terminal is called, may see and do, and how it tells: from the next prompt on. */
import { setTerminal, type TerminalView } from '@bursar/contract'
import { Button, Modal, Switch } from 'antd'
import { useId, useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { useChange } from '../app/read.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'
import { PermissionFields } from './permission-fields.tsx'
import { draftOf, flawsOf, permissionOf } from './permission.ts'
import { Seen } from './seen.tsx'
import { Telling, type Tells } from './telling.tsx'

export function ChangeTerminal({ terminal, close }: { terminal: TerminalView; close(): void }) {
  const say = useDeskWords()
  const app = useAppWords()
  const { id, merchant, name, ways, language, zone, speaks } = terminal
  const [tells, setTells] = useState<Tells>({ name, ways, language, zone: zone ?? '', speaks })
  const [hearsSms, setHearsSms] = useState(terminal.hearsSms === true)
  const sms = useId()
  const [draft, setDraft] = useState(() => draftOf(terminal.permission))
  const set = useChange(setTerminal, close)
  const permission = permissionOf(draft)
  const isMain = terminal.kind === 'main'
  const send = () => {
    const to = { ...tells, name: tells.name.trim(), zone: tells.zone.trim() || null }
    set.mutate({
      params: { merchant, terminal: id },
      body: { ...to, ...(isMain && { hearsSms }), permission },
    })
  }
  return (
    <Modal open width={920} footer={null} title={`${say('change')} · ${name}`} onCancel={close}>
      <div className="beside-each-other">
        <Form send={send}>
          <Telling tells={tells} change={setTells} />
          {isMain ? (
            <>
              <label className="sound below" htmlFor={sms}>
                <Switch id={sms} checked={hearsSms} onChange={setHearsSms} />
                {say('hearsSms')}
              </label>
              <p className="after-field soft">{say('hearsSmsHint')}</p>
            </>
          ) : null}
          <PermissionFields merchant={merchant} draft={draft} change={setDraft} />
          <Button
            type="primary"
            block
            htmlType="submit"
            disabled={!tells.name.trim() || tells.ways.length === 0 || flawsOf(draft).any}
            loading={set.isPending}
          >
            {app('save')}
          </Button>
        </Form>
        <Seen permission={permission} />
      </div>
      <Failed error={set.error} />
    </Modal>
  )
}
