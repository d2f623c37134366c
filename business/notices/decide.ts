/**
 * What evidence leads to: pure. The order in which it was heard is the order in which it is decided, each on what the
 * one before has left.
 *
 *   heard before under its id     answered as then
 *   no sum, or no platform        kept, unreadable
 *   another sum, same order id    an alarm; and if it is good enough and nothing was spoken yet, its sum is spoken
 *   known                         the grade rises in silence; spoken, if now it is good enough for the first time
 *   unknown                       a notice: spoken if it is good enough, else shown as 待核实
 */
import { newId, type MerchantId } from '@bursar/kernel'
import { within } from './hours.ts'
import {
  firstIn,
  floodOf,
  indexOf,
  isProof,
  keyOf,
  mustBeAnother,
  orderKey,
  type Answer,
  type Facts,
  type Known,
  type Named,
  type Standing,
} from './known.ts'
import { nearest, voiceOf } from './matching.ts'
import {
  atLeast,
  gradeOf,
  grades,
  type Counter,
  type CounterId,
  type Evidence,
  type Grade,
  type NoticeId,
  type Outcome,
  type PromptClass,
} from './words.ts'

export type PromptDraft = Readonly<{
  merchant: MerchantId
  seq: bigint
  notice: NoticeId
  class: PromptClass
  minor: bigint
  before: bigint | null
  late: boolean
  loud: boolean
  soft: boolean
  large: boolean
}>
export type Decided = {
  readonly answers: (Answer | undefined)[]
  readonly made: Set<Standing>
  readonly changed: Set<Standing>
  readonly orders: Named[]
  readonly kept: (Answer & { evidence: Evidence })[]
  readonly prompts: PromptDraft[]
}

/** The outlet's own; else of what names no outlet; else the first. */
export const counterOf = (
  counters: readonly Counter[],
  outlet: string | null,
): Counter | undefined =>
  (outlet !== null && counters.find(one => one.outlet === outlet)) ||
  counters.find(one => one.outlet === null) ||
  counters[0]

export const decide = (facts: Facts, evidence: readonly Evidence[], now: Date): Decided =>
  deciderOf(facts, now)(evidence)

/** For evidence that comes in parts: each is decided on what the parts before have left. */
export function deciderOf(facts: Facts, now: Date): (evidence: readonly Evidence[]) => Decided {
  const known = indexOf(facts)
  const places = new Map(facts.places)
  return evidence => {
    const decided: Decided = {
      ...{ answers: [], made: new Set(), changed: new Set(), orders: [], kept: [], prompts: [] },
    }
    const telling = tellerOf({ counters: facts.counters, places }, decided, known, now)
    for (const one of evidence) decided.answers.push(answer(one, known, decided, telling))
    return decided
  }
}

function answer(
  one: Evidence,
  known: Known,
  decided: Decided,
  telling: Telling,
): Answer | undefined {
  const before = known.answers.get(keyOf(one))
  if (before) return before
  const counter = counterOf(known.counters.get(one.merchant) ?? [], one.outlet)
  if (!counter) return undefined
  const is = one.amount && one.platform !== null ? become(one, known, counter, telling) : undefined
  const about = firstIn(known.firm, one) ?? firstIn(known.hint, one)
  const told = is ?? { outcome: 'unreadable' as const, notice: about?.id ?? null }
  known.answers.set(keyOf(one), told)
  decided.kept.push({ ...told, evidence: one })
  return told
}

function become(one: Evidence, known: Known, counter: Counter, telling: Telling): Answer {
  const hinted = firstIn(known.hint, one)
  const isAnother = hinted !== undefined && isProof(one.source) && mustBeAnother(one, hinted)
  const notice =
    firstIn(known.firm, one) ?? (isAnother ? undefined : hinted) ?? nearest(one, known.like(one))
  if (!notice) {
    const flood = floodOf(one, known.like(one))
    if (flood) return { outcome: 'filtered', notice: flood.id }
    const made = telling.make(one, counter)
    known.add(made)
    if (hinted && hinted.currency !== one.amount!.currency) telling.belie(one, hinted)
    return { outcome: 'new', notice: made.id }
  }
  const { minor, currency } = one.amount!
  const outcome =
    minor === notice.sum && currency === notice.currency
      ? telling.agree(one, notice)
      : telling.contradict(one, notice)
  known.add(notice)
  return { outcome, notice: notice.id }
}

type Telling = ReturnType<typeof tellerOf>

/** What changes a notice and says a prompt, on the drafts of this decision. */
function tellerOf(
  { counters, places }: Pick<Facts, 'counters'> & Readonly<{ places: Map<MerchantId, bigint> }>,
  decided: Decided,
  known: Known,
  now: Date,
) {
  const name = namerOf(known, decided)
  const byId = new Map([...counters.values()].flat().map(one => [one.id, one]))
  const prompt = prompterOf(places, byId, decided, now)

  /** The first evidence that is good enough is spoken, with its sum. */
  function receive(notice: Standing, by: Evidence): boolean {
    const threshold = byId.get(notice.counter)?.threshold ?? 'A'
    if (notice.received !== null || !atLeast(gradeOf[by.source], threshold)) return false
    notice.received = notice.sum = by.amount!.minor
    notice.grade = best(notice.grade, gradeOf[by.source])
    prompt(notice, 'received', by, null)
    return true
  }

  function learn(notice: Standing, by: Evidence): void {
    if (!decided.made.has(notice)) decided.changed.add(notice)
    notice.heard++
    notice.voices.push(voiceOf(by))
    for (const field of ['payer', 'payee', 'way', 'outlet'] as const) notice[field] ??= by[field]
    if (notice.outlet === by.outlet) notice.till ??= by.till
    if (by.orders.length > 0) notice.weak = false
    name(notice, by)
  }

  /** Other money than it says: its own sum is told as in doubt. */
  function belie(by: Evidence, notice: Standing): void {
    if (!decided.made.has(notice)) decided.changed.add(notice)
    notice.contradicted = true
    const amount = { minor: notice.sum, currency: notice.currency }
    prompt(notice, 'contradicted', { ...by, amount }, notice.sum)
  }

  return {
    make(by: Evidence, counter: Counter): Standing {
      const notice = noticeOf(by, counter)
      decided.made.add(notice)
      name(notice, by)
      if (!receive(notice, by)) prompt(notice, 'seen', by, null)
      return notice
    },
    agree(by: Evidence, notice: Standing): Outcome {
      learn(notice, by)
      notice.grade = best(notice.grade, gradeOf[by.source])
      return receive(notice, by) ? 'raised' : 'filtered'
    },
    contradict(by: Evidence, notice: Standing): Outcome {
      const before = notice.sum
      learn(notice, by)
      if (by.amount!.currency !== notice.currency) belie(by, notice)
      else {
        notice.contradicted = true
        prompt(notice, 'contradicted', by, before)
        receive(notice, by)
      }
      return 'contradicts'
    },
    belie,
  }
}

/** What is told takes the next place in its merchant's stream; what was told is not told again. */
function prompterOf(
  places: Map<MerchantId, bigint>,
  byId: ReadonlyMap<CounterId, Counter>,
  decided: Decided,
  now: Date,
) {
  return function prompt(
    notice: Standing,
    kind: PromptClass,
    by: Evidence,
    before: bigint | null,
  ): void {
    const { minor } = by.amount!
    if (kind === 'contradicted') {
      if (notice.alarms.includes(minor) || notice.alarms.length === alarmsMost) return
      notice.alarms.push(minor)
    } else {
      if (notice.told.includes(kind)) return
      notice.told.push(kind)
    }
    const counter = byId.get(notice.counter)
    const seq = (places.get(notice.merchant) ?? 0n) + 1n
    places.set(notice.merchant, seq)
    const { late, loud, soft, large } = mannerOf(counter, kind, by, now)
    if (kind !== 'contradicted') notice.late = late
    const said = { merchant: notice.merchant, seq, notice: notice.id, class: kind, minor, before }
    decided.prompts.push({ ...said, late, loud, soft, large })
  }
}

/** A counter that was closed meanwhile tells no more in voice. */
function mannerOf(counter: Counter | undefined, kind: PromptClass, by: Evidence, now: Date) {
  const { minor, currency } = by.amount!
  const late = counter !== undefined && now.getTime() - by.at.getTime() > counter.patience * 1000
  // Neither a first word nor a contradiction is spoken on the word of one that proves nothing.
  const isGood = counter !== undefined && atLeast(gradeOf[by.source], counter.threshold)
  const isSpoken = isGood && kind !== 'seen'
  const isHeard = counter !== undefined && !isQuiet(counter, now) && (!late || counter.lateSpoken)
  const [loud, soft] = [isHeard && isSpoken, isHeard && !isSpoken]
  const large = counter?.large?.currency === currency && minor >= counter.large.minor
  return { late, loud, soft, large }
}

/** An order id names the notice that had it first: firmly, by what proves; as a hint, by what does not. */
function namerOf(
  { firm, hint }: Known,
  decided: Decided,
): (notice: Standing, by: Evidence) => void {
  return (notice, { source, orders }) => {
    const { merchant, platform, kind, id } = notice
    const named = isProof(source) ? firm : hint
    for (const order of orders) {
      const key = orderKey(merchant, platform, kind, order)
      if (firm.has(key) || named.has(key)) continue
      named.set(key, notice)
      decided.orders.push({ merchant, platform, order, kind, firm: named === firm, notice: id })
    }
  }
}

/** Whoever tells another sum each time is not told of for ever. */
const alarmsMost = 5

const best = (a: Grade, b: Grade): Grade => (grades.indexOf(a) > grades.indexOf(b) ? a : b)

const isQuiet = ({ quiet, zone }: Counter, at: Date): boolean =>
  quiet !== null && within(quiet, at, zone)

const noticeOf = (by: Evidence, counter: Counter): Standing => ({
  ...{ id: newId('ntc'), merchant: by.merchant, counter: counter.id, kind: by.kind },
  ...{ platform: by.platform!, minor: by.amount!.minor, sum: by.amount!.minor, received: null },
  ...{ currency: by.amount!.currency, payer: by.payer, payee: by.payee, way: by.way, at: by.at },
  ...{ outlet: by.outlet, till: by.till, heard: 1, grade: gradeOf[by.source] },
  ...{
    weak: by.orders.length === 0,
    contradicted: false,
    rehearsal: by.source === 'rehearsal',
    late: false,
  },
  ...{ voices: [voiceOf(by)], told: [], alarms: [] },
})
