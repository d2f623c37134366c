/** The counter screen: full screen, at three metres. It stands open for hours, and goes on where it was. */
import { muteTerminal, readTerminal, type TerminalView } from '@bursar/contract'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect, useState, type ReactNode } from 'react'
import { Failure } from '../app/call.ts'
import { Failed } from '../app/look/failed.tsx'
import { Notice } from '../app/look/page.tsx'
import { Bones, Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { useAwake } from './awake.ts'
import { KeyBar } from './key-bar.tsx'
import { Alarm, Aloud, Last } from './last.tsx'
import { useKeys } from './keys.ts'
import { isTaken, type LineState } from './line.ts'
import { Standing, Top } from './standing.tsx'
import { Today } from './today.tsx'
import { may, signed, uncheckedOf, useToday, withChecked } from './rows.ts'
import { useCheck, useMuted } from './acts.ts'
import { useTurn } from './turn.ts'
import { useCounter } from './use-counter.ts'
import { unlock, voiceHere } from './voice.ts'
import { useWords } from './words.ts'
import './counter.css'

export default function Counter() {
  const say = useWords()
  const terminal = useParam('terminal')
  const { href } = useLocation()
  const read = useRead(readTerminal, { params: { terminal } }, { every: 30_000, keep: true })
  useEffect(() => {
    document.title = `${say('counter')} · Bursar`
  }, [say])
  if (read.data) return <Screen key={read.data.id} terminal={read.data} />
  const guest = read.error instanceof Failure && read.error.status === 401
  return (
    <main className="page">
      <h1>{say('counter')}</h1>
      {read.error ? (
        <>
          {guest ? null : <p>{say('noTerminal')}</p>}
          <Failed error={read.error} again={() => void read.refetch()} />
          <Link to="/sign-in" search={{ next: href }} className="big-link">
            {say('toSignIn')}
          </Link>
        </>
      ) : (
        <Bones rows={3} />
      )}
    </main>
  )
}

/** The counter's life, beside what the server knows of its day. */
function useHeard(terminal: TerminalView, sound: boolean, muted: boolean) {
  const turn = useTurn(terminal, sound)
  const counter = useCounter(terminal, turn === 'mine' && !muted)
  const today = useToday(terminal, counter.board, counter.line)
  return { ...counter, ...today, turn, board: withChecked(counter.board, today.rows) }
}

function Screen({ terminal }: { terminal: TerminalView }) {
  const say = useWords()
  const navigate = useNavigate()
  const [sound, setSound] = useState(false)
  const muted = useMuted(terminal)
  const { act, line, silent, turn, ...known } = useHeard(terminal, sound, muted !== undefined)
  const { board, rows, totals, looks } = known
  const check = useCheck(terminal, notice => act({ do: 'checked', notice }))
  const mute = useChange(muteTerminal)
  const awake = useAwake(true)
  const { shown, alarms } = board
  const params = { terminal: terminal.id }
  const unchecked = alarms[0] ? undefined : uncheckedOf(terminal, board)
  const unlocked = () => (unlock(), setSound(true))
  const acts = {
    check: unchecked && (() => check.send(unchecked.notice)),
    looked: alarms[0] && (() => act({ do: 'looked' })),
    again: shown && (() => act({ do: 'again' })),
    mute: may(terminal, 'mute')
      ? () => mute.mutate({ params, body: { minutes: muted ? 0 : 30 } })
      : undefined,
    unlock: sound ? undefined : unlocked,
  }
  useKeys({ enter: acts.looked ?? acts.unlock ?? acts.check, r: acts.again, m: acts.mute })
  const leave = () => void navigate({ to: '/notices/terminals/$terminal', params })
  const top = <Top {...{ terminal, line, awake, leave, sound: turn === 'mine' && !muted }} />
  if (isTaken(line)) return <Bare top={top} line={line} />
  return (
    <main className="counter">
      {top}
      <div className="counter-strips">
        {board.alarms.slice(0, 1).map(one => (
          <Alarm key={one.seq} prompt={one} looked={() => act({ do: 'looked' })} />
        ))}
        <Standing line={line} silent={silent} />
        {sound ? null : <Unlock terminal={terminal} open={unlocked} />}
        {turn === 'another' ? <Notice tone="wait">{say('anotherSpeaks')}</Notice> : null}
        <Late board={board} read={() => act({ do: 'read' })} />
        <Failed error={check.error ?? mute.error} />
      </div>
      <div className="counter-middle">
        <Last board={board} />
        {board.queue.length > 0 ? (
          <p className="counter-queue">{say('queue', { count: board.queue.length })}</p>
        ) : null}
      </div>
      <Today rows={rows} looks={looks} current={shown?.notice} />
      <footer className="counter-foot">
        <KeyBar acts={acts} muted={muted !== undefined} />
        <Totals of={totals} />
      </footer>
      <Aloud board={board} />
    </main>
  )
}

function Bare({ top, line }: { top: ReactNode; line: LineState }) {
  return (
    <main className="counter">
      {top}
      <div className="counter-strips">
        <Standing line={line} silent={[]} />
      </div>
    </main>
  )
}

function Unlock({ terminal, open }: { terminal: TerminalView; open(): void }) {
  const say = useWords()
  const heard = voiceHere(terminal.language) === 'speech' ? 'speech' : 'recording'
  return (
    <Notice tone="wait">
      <Button type="primary" size="large" className="counter-unlock" onClick={open}>
        {say('unlock')}
      </Button>
      <p>
        {say('unlockText')} {say(`voice.${heard}`)}
      </p>
    </Notice>
  )
}

type Board = ReturnType<typeof useCounter>['board']
export function Late({ board, read }: { board: Board; read(): void }) {
  const say = useWords()
  const { late } = board
  if (late.length === 0) return null
  const sums = late.slice(0, 3).map(one => {
    const sum = signed(one)
    return sum ? spoken(sum) : say(`kind.${one.kind}`)
  })
  return (
    <Notice tone="wait">
      <p>
        {say('lateTitle', { count: late.length })}: {sums.join(' · ')}
        {late.length > 3 ? ' …' : ''}
      </p>
      <Button size="small" onClick={read}>
        {say('looked')}
      </Button>
    </Notice>
  )
}

type Total = NonNullable<ReturnType<typeof useToday>['totals']>[number]
export function Totals({ of }: { of: readonly Total[] | undefined }) {
  const say = useWords()
  if (!of) return null
  if (of.length === 0) return <p className="counter-total soft">{say('totalNone')}</p>
  return (
    <dl className="counter-total">
      {of.map(({ kind, count, sum }) => (
        <div key={kind}>
          <dt>{kind === 'payment' ? say('total') : say(`kind.${kind}`)}</dt>
          <dd>
            <Sum of={signed({ kind, amount: sum })} />
            <span className="fine">{say('count', { count })}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}
