/**
 * Evidence is heard: facts, decide, and one write, under the merchants' streams. What is committed is told, since
 * the table of prompts itself wakes the servers (`notify`), and what is rolled back is told to nobody.
 */
import { Refusal, type Books, type MerchantId, type Sql, type Transaction } from '@bursar/kernel'
import { decide, type Decided, type PromptDraft } from './decide.ts'
import { factsOf, holdStreams } from './facts.ts'
import type { Answer, Standing } from './known.ts'
import type { Refused } from './refused.ts'
import { isBanksNumber } from './texts/banks.ts'
import { gradeOf, type Evidence, type Terminal } from './words.ts'

export type { Answer } from './known.ts'

/** Answers what became of each, in their order; undefined where the merchant has no open counter. */
export async function hear(
  { sql }: Pick<Transaction, 'sql'>,
  evidence: readonly Evidence[],
  now: Date,
): Promise<(Answer | undefined)[]> {
  if (evidence.length === 0) return []
  const merchants: MerchantId[] = [...new Set(evidence.map(one => one.merchant))]
  await holdStreams(sql, merchants)
  const decided = decide(await factsOf(sql, evidence), evidence, now)
  if (decided.kept.length > 0) await write(sql, decided, now)
  return decided.answers
}

/** In a transaction of its own. */
export const hearNow = (books: Books, evidence: readonly Evidence[], now: Date) =>
  books.write(tx => hear(tx, evidence, now))

/** What a main may tell of within a minute. A day that was kept offline comes in some minutes then: its agent waits, and asks again. */
const wordsMost = 1_200

/** A main's own words. One that tells without end holds up nobody but itself: what is too much is refused, and kept by it. */
export const hearMain = (
  books: Books,
  terminal: Main,
  evidence: readonly Evidence[],
  now: Date,
): Promise<(Answer | undefined)[]> =>
  books.write(async tx => {
    const { id, merchant } = terminal
    await holdStreams(tx.sql, [merchant])
    const [row] = await tx.sql<{ many: number }>`
      select count(*)::int as many from (
        select heard_at from notices.evidence where terminal = ${id} order by no desc limit ${wordsMost}) e
      where heard_at > ${new Date(now.getTime() - 60_000)}`
    if (row!.many + evidence.length > wordsMost)
      throw new Refusal<Refused>('too_many_words', { id, most: wordsMost, retryAfter: 60 })
    const said = evidence.map(one =>
      isBanksSms(terminal, one) ? one : { ...one, source: 'phone' as const },
    )
    return await hear(tx, said, now)
  })

/** A main's word for it makes no SMS: the owner has named the phone that receives them, and the number is a bank's. */
const isBanksSms = ({ hearsSms }: Main, { source, app }: Evidence): boolean =>
  source === 'sms' && hearsSms && app !== null && isBanksNumber(app)
type Main = Pick<Terminal, 'id' | 'merchant' | 'hearsSms'>

/** Big numbers as texts: JSON's own are not exact. Each by its name: a function that is asked of every field costs more than all the rest. */
const text = (minor: bigint | null): string | null => (minor === null ? null : minor.toString())

const noticeRow = (notice: Standing) => ({
  ...notice,
  ...{ minor: text(notice.minor), received: text(notice.received), sum: undefined },
  ...{ voices: undefined, told: undefined, alarms: undefined },
})

const evidenceRow = ({ evidence, outcome, notice }: Decided['kept'][number]) => {
  const { amount, terminal, ...rest } = evidence
  return {
    ...{ ...rest, outcome, notice, grade: gradeOf[rest.source], terminal: terminal ?? '' },
    ...{ minor: text(amount?.minor ?? null), currency: amount?.currency ?? null },
  }
}

const promptRow = ({ seq, minor, before, ...rest }: PromptDraft) => ({
  ...rest,
  ...{ seq: text(seq), minor: text(minor), before: text(before) },
})

/** What stands already is found by its id alone: no plan reads the table through. */
async function write(sql: Sql, decided: Decided, now: Date): Promise<void> {
  const standing = JSON.stringify([...decided.made, ...decided.changed].map(noticeRow))
  const kept = JSON.stringify(decided.kept.map(evidenceRow))
  const orders = JSON.stringify(decided.orders)
  const prompts = JSON.stringify(decided.prompts.map(promptRow))
  await sql`
    with standing as (
      insert into notices.notice as n (id, merchant, counter, outlet, kind, platform, minor, received, currency, payer,
        payee, way, at, heard_at, heard, grade, weak, contradicted, rehearsal, late, till)
      select s.id, s.merchant, s.counter, s.outlet, s.kind, s.platform, s.minor, s.received, s.currency, s.payer,
        s.payee, s.way, s.at, ${now}, s.heard, s.grade, s.weak, s.contradicted, s.rehearsal, s.late, s.till
      from jsonb_to_recordset(${standing}::jsonb) as s (id text, merchant text, counter text, outlet text, kind text,
        platform text, minor bigint, received bigint, currency text, payer text, payee text, way text, at timestamptz,
        heard int, grade text, weak boolean, contradicted boolean, rehearsal boolean, late boolean, till text)
      on conflict (id) do update set received = excluded.received, payer = excluded.payer, payee = excluded.payee,
        way = excluded.way, outlet = excluded.outlet, heard = excluded.heard, grade = excluded.grade,
        weak = excluded.weak, contradicted = excluded.contradicted, late = excluded.late, till = excluded.till),
    named as (
      insert into notices.order_id (merchant, platform, order_no, kind, firm, notice)
      select o.merchant, o.platform, o.order, o.kind, o.firm, o.notice
      from jsonb_to_recordset(${orders}::jsonb)
        as o (merchant text, platform text, "order" text, kind text, firm boolean, notice text)),
    kept as (
      insert into notices.evidence (merchant, terminal, source, id, notice, outcome, grade, kind, platform, orders,
        minor, currency, payer, payee, way, outlet, till, at, heard_at, app, text)
      select e.merchant, e.terminal, e.source, e.id, e.notice, e.outcome, e.grade, e.kind, e.platform, e.orders,
        e.minor, e.currency, e.payer, e.payee, e.way, e.outlet, e.till, e.at, ${now}, e.app, e.text
      from jsonb_to_recordset(${kept}::jsonb) as e (merchant text, terminal text, source text, id text, notice text,
        outcome text, grade text, kind text, platform text, orders text[], minor bigint, currency text, payer text,
        payee text, way text, outlet text, till text, at timestamptz, app text, text text))
    insert into notices.prompt (merchant, seq, notice, class, minor, before, at, late, loud, large)
    select p.merchant, p.seq, p.notice, p.class, p.minor, p.before, ${now}, p.late, p.loud, p.large
    from jsonb_to_recordset(${prompts}::jsonb) as p (merchant text, seq bigint, notice text, class text,
      minor bigint, before bigint, late boolean, loud boolean, large boolean)`
}
