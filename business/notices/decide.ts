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
import { nearest, voiceOf, type Voice } from './matching.ts'
import {
  atLeast,
  gradeOf,
  grades,
  type Counter,
  type CounterId,
  type Evidence,
  type Grade,
  type Kind,
  type NoticeId,
  type Outcome,
  type PromptClass,
} from './words.ts'

/** A notice, as it stands or as it will. */
export type Standing = {
  readonly id: NoticeId
  readonly merchant: MerchantId
  readonly counter: CounterId
  readonly kind: Kind
  readonly platform: string
  readonly minor: bigint
  readonly currency: string
  readonly at: Date
  readonly rehearsal: boolean
  sum: bigint
  received: bigint | null
  payer: string | null
  payee: string | null
  way: string | null
  outlet: string | null
  heard: number
  grade: Grade
  weak: boolean
  contradicted: boolean
  late: boolean
  readonly orders: string[]
  readonly voices: Voice[]
  readonly told: PromptClass[]
}
export type Answer = Readonly<{ outcome: Outcome; notice: NoticeId | null }>
export type Facts = Readonly<{
  /** Where each merchant's stream stands. */
  places: ReadonlyMap<MerchantId, bigint>
  /** Open ones, the first opened first. */
  counters: ReadonlyMap<MerchantId, readonly Counter[]>
  notices: readonly Standing[]
  heard: ReadonlyMap<string, Answer>
}>
export type PromptDraft = Readonly<{
  merchant: MerchantId
  seq: bigint
  notice: NoticeId
  class: PromptClass
  minor: bigint
  before: bigint | null
  late: boolean
  loud: boolean
  large: boolean
}>
export type Decided = {
  readonly answers: (Answer | undefined)[]
  readonly made: Set<Standing>
  readonly changed: Set<Standing>
  readonly orders: {
    merchant: MerchantId
    platform: string
    order: string
    kind: Kind
    notice: NoticeId
  }[]
  readonly kept: (Answer & { evidence: Evidence })[]
  readonly prompts: PromptDraft[]
}

export const keyOf = ({ merchant, terminal, source, id }: Evidence): string =>
  JSON.stringify([merchant, terminal ?? '', source, id])
export const orderKey = (merchant: string, platform: string, kind: string, order: string): string =>
  JSON.stringify([merchant, platform, kind, order])

/** The outlet's own; else of what names no outlet; else the first. */
export const counterOf = (
  counters: readonly Counter[],
  outlet: string | null,
): Counter | undefined =>
  (outlet !== null && counters.find(one => one.outlet === outlet)) ||
  counters.find(one => one.outlet === null) ||
  counters[0]

export function decide(facts: Facts, evidence: readonly Evidence[], now: Date): Decided {
  const known = indexOf(facts)
  const decided: Decided = {
    ...{ answers: [], made: new Set(), changed: new Set(), orders: [], kept: [], prompts: [] },
  }
  const telling = tellerOf(facts, decided, now)
  for (const one of evidence) decided.answers.push(answer(one, known, decided, telling))
  return decided
}

type Known = ReturnType<typeof indexOf>

/** By order id, and by what matching looks at; both grow as notices do. */
function indexOf({ counters, notices, heard }: Facts) {
  const byOrder = new Map<string, Standing>()
  const bySum = new Map<string, Set<Standing>>()
  const sumKey = (merchant: string, platform: string, minor: bigint) =>
    `${merchant} ${platform} ${minor}`
  function add(notice: Standing): void {
    const { merchant, platform, kind, sum } = notice
    for (const order of notice.orders)
      byOrder.set(orderKey(merchant, platform, kind, order), notice)
    const key = sumKey(merchant, platform, sum)
    bySum.set(key, (bySum.get(key) ?? new Set()).add(notice))
  }
  for (const notice of notices) add(notice)
  return {
    ...{ counters, byOrder, add, answers: new Map(heard) },
    like: ({ merchant, platform, amount }: Evidence) =>
      bySum.get(sumKey(merchant, platform!, amount!.minor)) ?? [],
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
  const found = known.byOrder.get(firstKnown(one, known) ?? '')
  const is =
    one.amount && one.platform !== null ? become(one, found, known, counter, telling) : undefined
  const told = is ?? { outcome: 'unreadable' as const, notice: found?.id ?? null }
  known.answers.set(keyOf(one), told)
  decided.kept.push({ ...told, evidence: one })
  return told
}

const firstKnown = ({ merchant, platform, kind, orders }: Evidence, { byOrder }: Known) =>
  orders.map(order => orderKey(merchant, platform ?? '', kind, order)).find(key => byOrder.has(key))

function become(
  one: Evidence,
  byOrder: Standing | undefined,
  known: Known,
  counter: Counter,
  telling: Telling,
): Answer {
  const notice = byOrder ?? nearest(one, known.like(one))
  if (!notice) {
    const made = telling.make(one, counter)
    known.add(made)
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
function tellerOf(facts: Facts, decided: Decided, now: Date) {
  const places = new Map(facts.places)
  const name = namerOf(facts, decided)
  const byId = new Map([...facts.counters.values()].flat().map(one => [one.id, one]))

  function prompt(notice: Standing, kind: PromptClass, by: Evidence, before: bigint | null): void {
    if (notice.told.includes(kind)) return
    const { minor } = by.amount!
    const counter = byId.get(notice.counter)
    const seq = (places.get(notice.merchant) ?? 0n) + 1n
    places.set(notice.merchant, seq)
    notice.told.push(kind)
    const { late, loud, large } = mannerOf(counter, kind, by, now)
    if (kind !== 'contradicted') notice.late = late
    const said = { merchant: notice.merchant, seq, notice: notice.id, class: kind, minor, before }
    decided.prompts.push({ ...said, late, loud, large })
  }

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
    const added = by.orders.filter(order => !notice.orders.includes(order))
    if (added.length > 0) notice.weak = false
    name(notice, added)
  }

  return {
    make(by: Evidence, counter: Counter): Standing {
      const notice = noticeOf(by, counter)
      decided.made.add(notice)
      name(notice, by.orders)
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
      notice.contradicted = true
      if (by.amount!.currency === notice.currency) {
        prompt(notice, 'contradicted', by, before)
        receive(notice, by)
      } else
        prompt(notice, 'contradicted', { ...by, amount: { ...by.amount!, minor: before } }, before)
      return 'contradicts'
    },
  }
}

/** A counter that was closed meanwhile tells no more in voice. */
function mannerOf(counter: Counter | undefined, kind: PromptClass, by: Evidence, now: Date) {
  const { minor, currency } = by.amount!
  const late = counter !== undefined && now.getTime() - by.at.getTime() > counter.patience * 1000
  // Neither a first word nor a contradiction is spoken on the word of one that proves nothing.
  const isGood = counter !== undefined && atLeast(gradeOf[by.source], counter.threshold)
  const spoken = isGood && kind !== 'seen' && !isQuiet(counter, now)
  const loud = spoken && (!late || counter.lateSpoken)
  const large = counter?.large?.currency === currency && minor >= counter.large.minor
  return { late, loud, large }
}

/** An order id names the notice that had it first. */
function namerOf(
  facts: Facts,
  decided: Decided,
): (notice: Standing, orders: readonly string[]) => void {
  const named = new Set(
    facts.notices.flatMap(one =>
      one.orders.map(order => orderKey(one.merchant, one.platform, one.kind, order)),
    ),
  )
  return (notice, orders) => {
    const { merchant, platform, kind, id } = notice
    for (const order of new Set(orders)) {
      const key = orderKey(merchant, platform, kind, order)
      if (named.has(key)) continue
      named.add(key)
      if (!notice.orders.includes(order)) notice.orders.push(order)
      decided.orders.push({ merchant, platform, order, kind, notice: id })
    }
  }
}

const best = (a: Grade, b: Grade): Grade => (grades.indexOf(a) > grades.indexOf(b) ? a : b)

const isQuiet = ({ quiet, zone }: Counter, at: Date): boolean =>
  quiet !== null && within(quiet, at, zone)

const noticeOf = (by: Evidence, counter: Counter): Standing => ({
  ...{ id: newId('ntc'), merchant: by.merchant, counter: counter.id, kind: by.kind },
  ...{ platform: by.platform!, minor: by.amount!.minor, sum: by.amount!.minor, received: null },
  ...{ currency: by.amount!.currency, payer: by.payer, payee: by.payee, way: by.way, at: by.at },
  ...{ outlet: by.outlet, heard: 1, grade: gradeOf[by.source], weak: by.orders.length === 0 },
  ...{ contradicted: false, rehearsal: by.source === 'rehearsal', late: false },
  ...{ orders: [], voices: [voiceOf(by)], told: [] },
})
