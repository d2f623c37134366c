/** Where a counter stands: whose it is, whether it hears, since when it does not. */
import type { TerminalView } from '@bursar/contract'
import { Notice } from '../app/look/page.tsx'
import { time } from '../app/times.ts'
import type { Silent } from './beat.ts'
import type { LineState } from './line.ts'
import { useMuted } from './acts.ts'
import { useWords } from './words.ts'

const tones = { opening: 'wait', open: 'good', lost: 'bad', ended: 'bad' } as const
const whys = ['suspended', 'revoked', 'expired', 'handed_over', 'too_many'] as const
const isWhy = (why: string | undefined): why is (typeof whys)[number] =>
  whys.some(one => one === why)
const at = (since: number) => time(new Date(since).toISOString())

export function LineWord({ line }: { line: LineState }) {
  const say = useWords()
  return (
    <span className={`state ${tones[line.is]}`}>
      {say(`line.${line.is}`, { at: at(line.since) })}
    </span>
  )
}

/** Said where it matters: offline and since when, or why nothing comes any more; and who else has fallen silent. */
export function Standing({ line, silent }: { line: LineState; silent: readonly Silent[] }) {
  return (
    <>
      <Broken line={line} />
      <SilentOnes of={silent} />
    </>
  )
}

function Broken({ line }: { line: LineState }) {
  const say = useWords()
  if (line.is === 'lost')
    return (
      <Notice tone="bad">
        <p>
          <b>{say('line.lost', { at: at(line.since) })}</b> {say('lostText')}
        </p>
      </Notice>
    )
  if (line.is === 'ended')
    return (
      <Notice tone="bad">
        <p>{say(isWhy(line.why) ? `ended.${line.why}` : 'ended.other')}</p>
      </Notice>
    )
  return null
}

/** The owner’s phone or the loudspeaker has fallen silent: whoever stands here is told, for nobody else may be there. */
function SilentOnes({ of }: { of: readonly Silent[] }) {
  const say = useWords()
  if (of.length === 0) return null
  return (
    <Notice tone="bad">
      {of.map(({ name, kind, since }) => (
        <p key={`${name}/${since}`}>{say(`silent.${kind}`, { name, at: at(Date.parse(since)) })}</p>
      ))}
    </Notice>
  )
}

type Shape = {
  terminal: TerminalView
  line: LineState
  sound: boolean
  awake: boolean
  leave(): void
}
export function Top({ terminal, line, sound, awake, leave }: Shape) {
  const say = useWords()
  const muted = useMuted(terminal)
  return (
    <header className="counter-top">
      <h1>
        {terminal.merchantName} <small className="soft">{terminal.name}</small>
      </h1>
      <LineWord line={line} />
      <span className={`state ${sound ? 'good' : 'idle'}`}>
        {muted ? say('muted', { at: time(muted) }) : say(sound ? 'soundOn' : 'soundOff')}
      </span>
      {awake ? <span className="fine">{say('awake')}</span> : null}
      <button type="button" className="plain-button soft" onClick={leave}>
        {say('leave')}
      </button>
    </header>
  )
}
