/** Suspended, allowed again, revoked: each asked once more by name. A device can be given another credential. */
import {
  authoriseTerminal,
  makeTerminal,
  revokeTerminal,
  suspendTerminal,
  type TerminalView,
} from '@bursar/contract'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { useChange } from '../app/read.ts'
import { useDeskWords } from './desk-words.ts'

const routes = {
  suspend: suspendTerminal,
  authorise: authoriseTerminal,
  revoke: revokeTerminal,
} as const
type Step = keyof typeof routes
const open = { authorised: ['suspend', 'revoke'], suspended: ['authorise', 'revoke'] } as const

export function Steps({ terminal, made }: { terminal: TerminalView; made(secret: string): void }) {
  const say = useDeskWords()
  const [step, setStep] = useState<Step | 'secret'>()
  const { state, name, kind } = terminal
  if (state === 'revoked') return null
  const close = () => setStep(undefined)
  return (
    <>
      {open[state].map(one => (
        <Button
          key={one}
          size="small"
          danger={one === 'revoke'}
          aria-label={`${say(one)} ${name}`}
          onClick={() => setStep(one)}
        >
          {say(one)}
        </Button>
      ))}
      {kind === 'device' ? (
        <Button
          size="small"
          aria-label={`${say('newSecret')} ${name}`}
          onClick={() => setStep('secret')}
        >
          {say('newSecret')}
        </Button>
      ) : null}
      {step === 'secret' ? <Anew terminal={terminal} close={close} made={made} /> : null}
      {step && step !== 'secret' ? <Sure terminal={terminal} step={step} close={close} /> : null}
    </>
  )
}

function Sure({ terminal, step, close }: { terminal: TerminalView; step: Step; close(): void }) {
  const say = useDeskWords()
  const [reason, setReason] = useState('')
  const take = useChange(routes[step], close)
  const { id, merchant, name } = terminal
  const body = reason.trim() ? { reason: reason.trim() } : {}
  return (
    <Modal
      open
      title={say(`sure.${step}`, { name })}
      okText={`${say(step)} ${name}`}
      okButtonProps={{ danger: step !== 'authorise', loading: take.isPending }}
      onOk={() => take.mutate({ params: { merchant, terminal: id }, body })}
      onCancel={close}
    >
      <p className="after-field">{say(`text.${step}`)}</p>
      <Field label={say('reasonOptional')}>
        {field => (
          <Input
            id={field}
            maxLength={200}
            value={reason}
            onChange={event => setReason(event.target.value)}
          />
        )}
      </Field>
      <Failed error={take.error} />
    </Modal>
  )
}

type Shape = { terminal: TerminalView; close(): void; made(secret: string): void }
function Anew({ terminal, close, made }: Shape) {
  const say = useDeskWords()
  const make = useChange(makeTerminal, ({ secret }) => {
    close()
    made(secret)
  })
  const { id, merchant, name, ways, language, zone, speaks, permission } = terminal
  const body = { kind: 'device', name, ways, language, speaks, permission } as const
  return (
    <Modal
      open
      title={`${say('newSecret')} · ${name}`}
      okText={say('newSecret')}
      okButtonProps={{ danger: true, loading: make.isPending }}
      onOk={() =>
        make.mutate({
          params: { merchant, terminal: id },
          body: { ...body, ...(zone !== undefined && { zone }) },
        })
      }
      onCancel={close}
    >
      <p>{say('newSecretText')}</p>
      <Failed error={make.error} />
    </Modal>
  )
}
