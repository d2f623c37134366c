/**
 * Evidence is heard: facts, decide, and one write, under the merchants' streams. What is committed is told, since
 * the table of prompts itself wakes the servers (`notify`), and what is rolled back is told to nobody.
 */
import { Refusal, type Books, type MerchantId, type Sql, type Transaction } from '@bursar/kernel'
import { decide, type Decided } from './decide.ts'
import { factsOf, holdStreams } from './facts.ts'
import type { Answer } from './known.ts'
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

/** Of so many rows one column, as an array: read as JSON, field by field, they cost the database as much as writing them. */
const columnOf =
  <Row>(rows: readonly Row[]) =>
  <Key extends keyof Row>(key: Key): Row[Key][] =>
    rows.map(row => row[key])

const textOf = (at: Date): string => at.toISOString()
/** An array within an array of texts: PostgreSQL's have no rows of unlike length. */
const listOf = (items: readonly string[]): string =>
  `{${items.map(item => `"${item.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join()}}`

const keptOf = ({ evidence, outcome, notice }: Decided['kept'][number]) => ({
  ...evidence,
  ...{ outcome, notice, grade: gradeOf[evidence.source], terminal: evidence.terminal ?? '' },
  ...{ minor: evidence.amount?.minor ?? null, currency: evidence.amount?.currency ?? null },
})

/** What stands already is found by its id alone: no plan reads the table through. */
async function write(sql: Sql, decided: Decided, now: Date): Promise<void> {
  const s = columnOf([...decided.made, ...decided.changed])
  const o = columnOf(decided.orders)
  const e = columnOf(decided.kept.map(keptOf))
  const p = columnOf(decided.prompts)
  await sql`
    with standing as (
      insert into notices.notice as n (id, merchant, counter, outlet, kind, platform, minor, received, currency, payer,
        payee, way, at, heard_at, heard, grade, weak, contradicted, rehearsal, late, till)
      select s.id, s.merchant, s.counter, s.outlet, s.kind, s.platform, s.minor, s.received, s.currency, s.payer,
        s.payee, s.way, s.at, ${now}, s.heard, s.grade, s.weak, s.contradicted, s.rehearsal, s.late, s.till
      from unnest(${s('id')}::text[], ${s('merchant')}::text[], ${s('counter')}::text[], ${s('outlet')}::text[],
        ${s('kind')}::text[], ${s('platform')}::text[], ${s('minor')}::bigint[], ${s('received')}::bigint[],
        ${s('currency')}::text[], ${s('payer')}::text[], ${s('payee')}::text[], ${s('way')}::text[],
        ${s('at').map(textOf)}::timestamptz[], ${s('heard')}::int[], ${s('grade')}::text[], ${s('weak')}::boolean[],
        ${s('contradicted')}::boolean[], ${s('rehearsal')}::boolean[], ${s('late')}::boolean[], ${s('till')}::text[])
        as s (id, merchant, counter, outlet, kind, platform, minor, received, currency, payer, payee, way, at, heard,
          grade, weak, contradicted, rehearsal, late, till)
      on conflict (id) do update set received = excluded.received, payer = excluded.payer, payee = excluded.payee,
        way = excluded.way, outlet = excluded.outlet, heard = excluded.heard, grade = excluded.grade,
        weak = excluded.weak, contradicted = excluded.contradicted, late = excluded.late, till = excluded.till),
    named as (
      insert into notices.order_id (merchant, platform, order_no, kind, firm, notice)
      select * from unnest(${o('merchant')}::text[], ${o('platform')}::text[], ${o('order')}::text[],
        ${o('kind')}::text[], ${o('firm')}::boolean[], ${o('notice')}::text[])),
    kept as (
      insert into notices.evidence (merchant, terminal, source, id, notice, outcome, grade, kind, platform, orders,
        minor, currency, payer, payee, way, outlet, till, at, heard_at, app, text)
      select e.merchant, e.terminal, e.source, e.id, e.notice, e.outcome, e.grade, e.kind, e.platform,
        e.orders::text[], e.minor, e.currency, e.payer, e.payee, e.way, e.outlet, e.till, e.at, ${now}, e.app, e.text
      from unnest(${e('merchant')}::text[], ${e('terminal')}::text[], ${e('source')}::text[], ${e('id')}::text[],
        ${e('notice')}::text[], ${e('outcome')}::text[], ${e('grade')}::text[], ${e('kind')}::text[],
        ${e('platform')}::text[], ${e('orders').map(listOf)}::text[], ${e('minor')}::bigint[],
        ${e('currency')}::text[], ${e('payer')}::text[], ${e('payee')}::text[], ${e('way')}::text[],
        ${e('outlet')}::text[], ${e('till')}::text[], ${e('at').map(textOf)}::timestamptz[], ${e('app')}::text[], ${e('text')}::text[])
        as e (merchant, terminal, source, id, notice, outcome, grade, kind, platform, orders, minor, currency, payer,
          payee, way, outlet, till, at, app, text))
    insert into notices.prompt (merchant, seq, notice, class, minor, before, at, late, loud, large)
    select p.merchant, p.seq, p.notice, p.class, p.minor, p.before, ${now}, p.late, p.loud, p.large
    from unnest(${p('merchant')}::text[], ${p('seq')}::bigint[], ${p('notice')}::text[], ${p('class')}::text[],
      ${p('minor')}::bigint[], ${p('before')}::bigint[], ${p('late')}::boolean[], ${p('loud')}::boolean[],
      ${p('large')}::boolean[]) as p (merchant, seq, notice, class, minor, before, late, loud, large)`
}
