/** At shift change another takes the terminal over, as it is; or whoever holds it gives it up. */
import { handOverTerminal, leaveTerminal, type TerminalView } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { useMe } from '../app/faces.ts'
import { useChange } from '../app/read.ts'
import { Invitation } from './invitation.tsx'
import { useWords } from './words.ts'

export function HandOver({ terminal }: { terminal: TerminalView }) {
  const say = useWords()
  const { me } = useMe()
  const hand = useChange(handOverTerminal)
  if (terminal.person !== me?.person.id || terminal.state !== 'authorised') return null
  const ask = () => hand.mutate({ params: { terminal: terminal.id } })
  return (
    <div className="padded stack">
      <Button loading={hand.isPending} onClick={ask}>
        {say('handOver')}
      </Button>
      <Failed error={hand.error} />
      {hand.data ? (
        <Modal open footer={null} title={say('handOver')} onCancel={() => hand.reset()}>
          <Invitation of={hand.data} hint={say('handOverText')} renew={ask} busy={hand.isPending} />
        </Modal>
      ) : null}
    </div>
  )
}

export function Leave({ terminal }: { terminal: TerminalView }) {
  const say = useWords()
  const { me } = useMe()
  const navigate = useNavigate()
  const [sure, setSure] = useState(false)
  const leave = useChange(leaveTerminal, () => void navigate({ to: '/notices/terminals' }))
  if (terminal.person !== me?.person.id) return null
  return (
    <p className="padded">
      <Button type="text" danger onClick={() => setSure(true)}>
        {say('giveUp')}
      </Button>
      <Modal
        open={sure}
        title={say('giveUpTitle', { name: terminal.name })}
        okText={say('giveUp')}
        okButtonProps={{ danger: true, loading: leave.isPending }}
        onOk={() => leave.mutate({ params: { terminal: terminal.id } })}
        onCancel={() => setSure(false)}
      >
        <p>{say('giveUpText')}</p>
        <Failed error={leave.error} />
      </Modal>
    </p>
  )
}
