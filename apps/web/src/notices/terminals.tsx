/** The owner's terminals: who is told, what of it, how it stands; invited, added, changed, stopped. */
import { listTerminals, type TerminalView } from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { listed } from '../app/language.ts'
import { Failed } from '../app/look/failed.tsx'
import { Empty } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { moment } from '../app/times.ts'
import { Secret } from '../integrators/secret.tsx'
import '../integrators/integrators.css'
import { Authorisation } from './authorisation.tsx'
import { ChangeTerminal } from './change-terminal.tsx'
import { useDeskWords } from './desk-words.ts'
import { Desk } from './frame.tsx'
import { Invite } from './invite.tsx'
import { NewDevice } from './new-device.tsx'
import { OpenScreen } from './open-screen.tsx'
import { useRules } from './seen.tsx'
import { Steps } from './steps.tsx'
import { useWords } from './words.ts'

export default function Terminals() {
  const say = useDeskWords()
  const merchant = useParam('merchant')
  const [box, setBox] = useState<'invite' | 'device'>()
  const [secret, setSecret] = useState<string>()
  const read = useRead(listTerminals, { params: { merchant } }, { every: 10_000, keep: true })
  const rows = read.data?.rows
  const close = () => setBox(undefined)
  return (
    <Desk
      merchant={merchant}
      title={say('terminals')}
      hint={say('terminalsHint')}
      acts={
        <>
          <Button onClick={() => setBox('device')}>{say('newDevice')}</Button>
          <Button onClick={() => setBox('invite')}>{say('invite')}</Button>
          <OpenScreen merchant={merchant} />
        </>
      }
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {rows?.length === 0 ? <Empty>{say('noTerminals')}</Empty> : null}
      {rows ? (
        <ul className="rows">
          {rows.map(one => (
            <One key={one.id} of={one} made={setSecret} />
          ))}
        </ul>
      ) : read.error ? null : (
        <Bones rows={4} />
      )}
      {box === 'invite' ? <Invite merchant={merchant} close={close} /> : null}
      {box === 'device' ? (
        <NewDevice
          merchant={merchant}
          close={close}
          made={to => {
            close()
            setSecret(to)
          }}
        />
      ) : null}
      {secret ? <Secret of={secret} close={() => setSecret(undefined)} /> : null}
    </Desk>
  )
}

function useFacts({ person, personName, seenAt, battery, acked, zone, speaks }: TerminalView) {
  const say = useDeskWords()
  return [
    person ? say('held', { name: personName ?? '' }) : '',
    seenAt ? say('seenAt', { at: moment(seenAt) }) : say('neverSeen'),
    battery === undefined ? '' : say('battery', { count: battery }),
    acked === '0' ? '' : say('acked', { seq: acked }),
    zone ? say(speaks ? 'speaksIn' : 'silentIn', { zone }) : '',
  ].filter(Boolean)
}

function One({ of: terminal, made }: { of: TerminalView; made(secret: string): void }) {
  const say = useDeskWords()
  const word = useWords()
  const facts = useFacts(terminal)
  const rules = useRules(terminal.permission)
  const [changing, setChanging] = useState(false)
  const { name, kind, state, permission } = terminal
  return (
    <li className={state === 'revoked' ? 'block-row soft' : 'block-row'}>
      <span>
        <b>{name}</b> <span className="soft">{word(`terminal.${kind}`)}</span>{' '}
        <Authorisation of={state} />
        <span className="fine">{facts.join(' · ')}</span>
        <span className="fine">
          {say('fields')}: {listed(permission.fields.map(one => say(`field.${one}`))) || '—'}
        </span>
        <span className="fine">
          {say('told')}: {listed(rules)}
        </span>
        <span className="fine">
          {say('actions')}: {listed(permission.actions.map(one => say(`action.${one}`))) || '—'}
        </span>
      </span>
      {state === 'revoked' ? null : (
        <span className="acts">
          <Button
            size="small"
            aria-label={`${say('change')} ${name}`}
            onClick={() => setChanging(true)}
          >
            {say('change')}
          </Button>
          <Steps terminal={terminal} made={made} />
        </span>
      )}
      {changing ? <ChangeTerminal terminal={terminal} close={() => setChanging(false)} /> : null}
    </li>
  )
}
