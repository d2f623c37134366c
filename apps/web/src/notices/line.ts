/**
 * The line to a terminal's stream. It goes on from the place that was told last, by itself: when the stream ends, when
 * the network or the machine was away, when somebody says that there is more. A short break is nobody's business; a long
 * one is said, and since when.
 */
import type { PromptView } from '@bursar/contract'
import type { Told } from './told.ts'

export type LineState = Readonly<{
  is: 'opening' | 'open' | 'lost' | 'ended'
  /** Since when it is so, by this machine's clock. */
  since: number
  why?: string
}>
/** Who holds it may see nothing now: nor what is still on the screen. */
export const isTaken = ({ is, why }: LineState): boolean =>
  is === 'ended' && ['suspended', 'revoked', 'expired', 'handed_over'].includes(why ?? '')

type Source = Pick<EventSource, 'close'> & {
  addEventListener(name: string, hear: (event: MessageEvent<string>) => void): void
}
type Setting = Readonly<{
  url(after: string | undefined): string
  told: Told
  prompt(prompt: PromptView): void
  state(to: LineState): void
  open?: (url: string) => Source
  later?: (act: () => void, wait: number) => unknown
  now?: () => number
}>
export type Line = Readonly<{ again(): void; close(): void }>

/** The first break is mended at once; who stays away is asked for more and more seldom, up to every 15 s. */
const waits = [0, 1000, 2000, 4000, 8000, 15_000]
/** After these nothing more comes: another decides. */
const forGood = ['revoked', 'handed_over']

export function openLine(setting: Setting): Line {
  const { open = (url: string) => new EventSource(url) } = setting
  const { later = setTimeout, now = Date.now, told } = setting
  let source: Source | undefined
  let state: LineState = { is: 'opening', since: now() }
  let [broken, closed, turn] = [0, false, 0]

  const become = (is: LineState['is'], why?: string) => {
    if (state.is === is && state.why === why) return
    state = { is, since: now(), ...(why && { why }) }
    setting.state(state)
  }
  const hear = (own: Source, mine: number) => {
    const when = (name: string, act: (event: MessageEvent<string>) => void) =>
      own.addEventListener(name, event => mine === turn && !closed && act(event))
    when('open', () => {
      broken = 0
      become('open')
    })
    when('prompt', ({ data }) => {
      const prompt = JSON.parse(data) as PromptView
      if (told.first(prompt)) setting.prompt(prompt)
    })
    when('place', ({ lastEventId: to }) => void (isPlace(to) && told.pass(to)))
    when('ended', ({ data }) => end(whyOf(data)))
    when('error', () => mend())
  }
  const start = () => {
    if (closed) return
    source?.close()
    turn++
    source = open(setting.url(told.place()))
    hear(source, turn)
  }
  const mend = () => {
    source?.close()
    const mine = ++turn
    const wait = waits[Math.min(broken++, waits.length - 1)] ?? 0
    if (broken > 1 && state.is !== 'ended') become('lost')
    later(() => mine === turn && start(), wait)
  }
  const end = (why: string) => {
    if (why === 'closing') return mend()
    become('ended', why)
    source?.close()
    const mine = ++turn
    if (!forGood.includes(why)) later(() => mine === turn && start(), 30_000)
  }
  start()
  return {
    again: () => {
      broken = 0
      if (!forGood.includes(state.why ?? '')) start()
    },
    close: () => {
      closed = true
      source?.close()
    },
  }
}

const isPlace = (id: string) => /^\d+$/.test(id)

function whyOf(data: string): string {
  try {
    return (JSON.parse(data) as { why?: string }).why ?? 'closing'
  } catch {
    return 'closing'
  }
}
