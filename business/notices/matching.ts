/**
 * Which notice evidence without an order id is about: the same platform, kind and sum, a payer, an outlet and a till
 * that may be the same, and a time that is near enough; one to one, since a source tells of each payment once. A rehearsal is
 * about itself alone.
 */
import {
  atLeast,
  type Evidence,
  type Grade,
  type Kind,
  type Source,
  type TerminalId,
} from './words.ts'

/** How far apart two sources may put one payment, in seconds. A bank's statement often has the day only. */
const apart: Readonly<Record<Source, number>> = {
  phone: 120,
  sms: 600,
  callback: 600,
  books: 600,
  rehearsal: 0,
  statement: 86_400,
}
export const furthest = Math.max(...Object.values(apart))

/** A source, and its word's second: two words of one source are about two payments, unless they are the same word. */
export type Voice = Readonly<{ source: Source; terminal: TerminalId | null; second: number }>
export const voiceOf = ({ source, terminal, at }: Evidence): Voice => ({
  source,
  terminal,
  second: secondOf(at),
})
const secondOf = (at: Date) => Math.floor(at.getTime() / 1000)
const sameSource = (a: Voice, b: Voice) => a.source === b.source && a.terminal === b.terminal

/** What matching looks at. */
export type Matchable = Readonly<{
  id: string
  kind: Kind
  platform: string
  sum: bigint
  currency: string
  payer: string | null
  outlet: string | null
  till: string | null
  at: Date
  grade: Grade
  rehearsal: boolean
  weak: boolean
  voices: readonly Voice[]
}>

/**
 * The nearest in time, of those that it can be about. Evidence with an order id can be about what has none yet. A
 * statement, whose time is a day, bears out what is verified before it raises what is not.
 */
export function nearest<N extends Matchable>(
  evidence: Evidence,
  notices: Iterable<N>,
): N | undefined {
  let best: { notice: N; far: number; wait: number } | undefined
  for (const notice of notices) {
    const far = distance(evidence, notice)
    if (far === undefined) continue
    const wait = evidence.source === 'statement' && !atLeast(notice.grade, 'A') ? 1 : 0
    const order =
      best && (wait - best.wait || far - best.far || (notice.id < best.notice.id ? -1 : 1))
    if (order === undefined || order < 0) best = { notice, far, wait }
  }
  return best?.notice
}

/** Milliseconds, -1 for the very same word heard again; undefined where it cannot be about this. */
function distance(evidence: Evidence, notice: Matchable): number | undefined {
  const { amount, platform, kind, orders, payer, outlet, till, at, source } = evidence
  if (amount?.minor !== notice.sum || amount.currency !== notice.currency) return undefined
  if (platform !== notice.platform || kind !== notice.kind) return undefined
  if (orders.length > 0 && !notice.weak) return undefined
  if (source === 'rehearsal' || notice.rehearsal) return undefined
  if (!mayBeSame(payer, notice.payer)) return undefined
  if (outlet !== null && notice.outlet !== null && outlet !== notice.outlet) return undefined
  if (till !== null && notice.till !== null && till !== notice.till) return undefined
  const voice = voiceOf(evidence)
  const known = notice.voices.filter(one => sameSource(one, voice))
  if (known.some(one => one.second === voice.second) && payer !== null && payer === notice.payer)
    return -1
  if (known.length > 0) return undefined
  const reach = notice.weak
    ? Math.max(apart[source], ...notice.voices.map(one => apart[one.source]))
    : apart[source]
  const far = Math.abs(at.getTime() - notice.at.getTime())
  return far <= reach * 1000 ? far : undefined
}

/** A platform shows names with stars (`*明`, `张**`): a star may be any letter. Who names nobody may mean anybody. */
export function mayBeSame(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return true
  const [one, other] = [[...a], [...b]]
  if (!a.includes('*') && !b.includes('*')) return false
  if (one.length !== other.length) return ends(one, other)
  return one.every(
    (letter, place) => letter === '*' || other[place] === '*' || letter === other[place],
  )
}

/** Where even the number of letters is hidden, what is shown at the ends decides. */
function ends(one: readonly string[], other: readonly string[]): boolean {
  const alike = (x: string | undefined, y: string | undefined) => x === '*' || y === '*' || x === y
  return alike(one[0], other[0]) && alike(one.at(-1), other.at(-1))
}
