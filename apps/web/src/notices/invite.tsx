/** A sub is invited: what it will see is decided before, and shown beside; then a QR for ten minutes. */
import { inviteSub } from '@bursar/contract'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange } from '../app/read.ts'
import { useDeskWords } from './desk-words.ts'
import { Invitation } from './invitation.tsx'
import { PermissionFields } from './permission-fields.tsx'
import { draftOf, flawsOf, permissionOf, usual } from './permission.ts'
import { Seen } from './seen.tsx'

export function Invite({ merchant, close }: { merchant: `mer_${string}`; close(): void }) {
  const say = useDeskWords()
  const [name, setName] = useState('')
  const [draft, setDraft] = useState(() => draftOf(usual))
  const invite = useChange(inviteSub)
  const permission = permissionOf(draft)
  const send = () =>
    invite.mutate({ params: { merchant }, body: { name: name.trim(), permission } })
  return (
    <Modal open width={920} footer={null} title={say('invite')} onCancel={close}>
      {invite.data ? (
        <Invitation
          of={invite.data}
          hint={say('inviteHint')}
          renew={send}
          busy={invite.isPending}
        />
      ) : (
        <div className="beside-each-other">
          <Form send={send}>
            <TextField
              label={say('name')}
              hint={say('nameHint')}
              required
              autoFocus
              maxLength={40}
              value={name}
              change={setName}
            />
            <PermissionFields merchant={merchant} draft={draft} change={setDraft} />
            <Button
              type="primary"
              block
              htmlType="submit"
              disabled={!name.trim() || flawsOf(draft).any}
              loading={invite.isPending}
            >
              {say('inviteMake')}
            </Button>
          </Form>
          <Seen permission={permission} />
        </div>
      )}
      <Failed error={invite.error} />
    </Modal>
  )
}
