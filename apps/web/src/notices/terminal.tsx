/** A terminal in the hand: what it may see and do, and nothing else. The server has left the rest out. */
import { muteTerminal, readTerminal, type TerminalView } from '@bursar/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Notice, Page } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { time } from '../app/times.ts'
import { useCheck, useMuted } from './acts.ts'
import { AskRefund } from './ask-refund.tsx'
import { Late, Totals } from './counter.tsx'
import { HandOver, Leave } from './hand-over.tsx'
import { Alarm, Aloud, Last } from './last.tsx'
import { isTaken } from './line.ts'
import { Listen } from './listen.tsx'
import { may, signed, uncheckedOf, useToday, type Line } from './rows.ts'
import { Seen } from './seen.tsx'
import { LineWord, Standing } from './standing.tsx'
import { Today } from './today.tsx'
import { useCounter } from './use-counter.ts'
import { unlock } from './voice.ts'
import { useWords } from './words.ts'
import './counter.css'

export default function Terminal() {
  const say = useWords()
  const terminal = useParam('terminal')
  const read = useRead(readTerminal, { params: { terminal } }, { every: 30_000, keep: true })
  const known = read.data
  return (
    <Page
      title={known?.merchantName ?? '\u00a0'}
      hint={known ? `${known.name} · ${say(`terminal.${known.kind}`)}` : '\u00a0'}
      back={{ to: '/notices/terminals', label: say('mine') }}
      acts={known ? <Ways terminal={known} /> : null}
    >
      {read.error && !known ? <p className="soft">{say('noTerminal')}</p> : null}
      <Failed error={read.error} again={() => void read.refetch()} />
      {known ? <Held key={known.id} terminal={known} /> : read.error ? null : <Bones rows={4} />}
    </Page>
  )
}

function Ways({ terminal: { id, kind } }: { terminal: TerminalView }) {
  const say = useWords()
  const navigate = useNavigate()
  const params = { terminal: id }
  return (
    <>
      {kind === 'main' ? (
        <Link to="/notices/terminals/$terminal/paste" params={params}>
          {say('paste')}
        </Link>
      ) : null}
      <Button onClick={() => void navigate({ to: '/notices/terminals/$terminal/counter', params })}>
        {say('fullScreen')}
      </Button>
    </>
  )
}

function Held({ terminal }: { terminal: TerminalView }) {
  const say = useWords()
  const [sound, setSound] = useState(false)
  const [refund, setRefund] = useState<Line>()
  const muted = useMuted(terminal)
  const { board, act, line, silent } = useCounter(terminal, sound && !muted)
  const { rows, totals, looks } = useToday(terminal, board, line)
  const check = useCheck(terminal, notice => act({ do: 'checked', notice }))
  const { shown } = board
  const toCheck = uncheckedOf(terminal, board)
  const open = () => (unlock(), setSound(true))
  if (isTaken(line)) return <Standing line={line} silent={[]} />
  return (
    <>
      {board.alarms.slice(0, 1).map(one => (
        <Alarm key={one.seq} prompt={one} looked={() => act({ do: 'looked' })} />
      ))}
      <Standing line={line} silent={silent} />
      <Late board={board} read={() => act({ do: 'read' })} />
      <div className="terminal-card">
        <p>
          <LineWord line={line} />
        </p>
        <Last board={board} />
        <div className="stack">
          {toCheck ? (
            <Button
              type="primary"
              size="large"
              loading={check.busy}
              onClick={() => check.send(toCheck.notice)}
            >
              {say('check')}
            </Button>
          ) : null}
          <Sounds {...{ terminal, sound, muted, open }} />
        </div>
        {shown?.code ? <Listen shown={shown} /> : null}
        <Failed error={check.error} />
      </div>
      <Totals of={totals} />
      <Today
        {...{ rows, looks, current: shown?.notice }}
        act={one => (
          <LineActs terminal={terminal} line={one} check={check.send} refund={setRefund} />
        )}
      />
      <Seen permission={terminal.permission} />
      <HandOver terminal={terminal} />
      <Leave terminal={terminal} />
      <Aloud board={board} />
      {refund ? (
        <AskRefund terminal={terminal} line={refund} close={() => setRefund(undefined)} />
      ) : null}
    </>
  )
}

type SoundShape = {
  terminal: TerminalView
  sound: boolean
  muted: string | undefined
  open(): void
}
function Sounds({ terminal, sound, muted, open }: SoundShape) {
  const say = useWords()
  const mute = useChange(muteTerminal)
  const turn = () =>
    mute.mutate({ params: { terminal: terminal.id }, body: { minutes: muted ? 0 : 30 } })
  return (
    <>
      {sound ? null : (
        <>
          <Button size="large" onClick={open}>
            {say('unlock')}
          </Button>
          <p className="fine">{say('unlockText')}</p>
        </>
      )}
      {muted ? <Notice>{say('muted', { at: time(muted) })}</Notice> : null}
      {may(terminal, 'mute') ? (
        <Button loading={mute.isPending} onClick={turn}>
          {say(muted ? 'unmute' : 'mute')}
        </Button>
      ) : null}
      <Failed error={mute.error} />
    </>
  )
}

type LineShape = {
  terminal: TerminalView
  line: Line
  check(notice: Line['notice']): void
  refund(line: Line): void
}
function LineActs({ terminal, line, check, refund }: LineShape) {
  const say = useWords()
  const sum = signed(line)
  const what = sum ? spoken(sum) : say(`kind.${line.kind}`)
  const checks = may(terminal, 'check') && line.state !== 'checked'
  const paid = line.kind === 'payment' && line.state !== 'seen' && !line.rehearsal
  const refunds = may(terminal, 'ask_refund') && paid
  if (!checks && !refunds) return null
  return (
    <div className="line-acts">
      {checks ? (
        <Button
          size="small"
          aria-label={`${say('check')} ${what}`}
          onClick={() => check(line.notice)}
        >
          {say('check')}
        </Button>
      ) : null}
      {refunds ? (
        <Button
          size="small"
          aria-label={`${say('askRefund')} ${what}`}
          onClick={() => refund(line)}
        >
          {say('askRefund')}
        </Button>
      ) : null}
    </div>
  )
}
