/**
 * Evidence is heard: facts, decide, and one write, under the merchants' streams. What is committed is told, since
 * the table of prompts itself wakes the servers (`notify`), and what is rolled back is told to nobody.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Refusal, type Books, type MerchantId, type Sql, type Transaction } from '@bursar/kernel'
import { deciderOf, type Decided } from './decide.ts'
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
  const [, facts] = await Promise.all([holdStreams(sql, merchants), factsOf(sql, evidence)])
  const decide = deciderOf(facts, now)
  const answers: (Answer | undefined)[] = []
  const writing: Promise<void>[] = []
  try {
    for (let from = 0; from < evidence.length; from += partMost) {
      const decided = decide(evidence.slice(from, from + partMost))
      answers.push(...decided.answers)
      if (decided.kept.length > 0) {
        const written = write(sql, decided, now)
        // Told at the end; a failure that nobody has asked about by then would end the process.
        written.catch(() => undefined)
        writing.push(written)
      }
      await nextTurn()
    }
    await Promise.all(writing)
  } finally {
    await Promise.allSettled(writing)
  }
  return answers
}

/** Words that are written while the next ones are decided: PostgreSQL does not wait for us, nor we for it. */
const partMost = 250

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
      from (select unnest(${s('id')}::text[]) as id, unnest(${s('merchant')}::text[]) as merchant,
        unnest(${s('counter')}::text[]) as counter, unnest(${s('outlet')}::text[]) as outlet,
        unnest(${s('kind')}::text[]) as kind, unnest(${s('platform')}::text[]) as platform,
        unnest(${s('minor')}::bigint[]) as minor, unnest(${s('received')}::bigint[]) as received,
        unnest(${s('currency')}::text[]) as currency, unnest(${s('payer')}::text[]) as payer,
        unnest(${s('payee')}::text[]) as payee, unnest(${s('way')}::text[]) as way,
        unnest(${s('at').map(textOf)}::timestamptz[]) as at, unnest(${s('heard')}::int[]) as heard,
        unnest(${s('grade')}::text[]) as grade, unnest(${s('weak')}::boolean[]) as weak,
        unnest(${s('contradicted')}::boolean[]) as contradicted,
        unnest(${s('rehearsal')}::boolean[]) as rehearsal, unnest(${s('late')}::boolean[]) as late,
        unnest(${s('till')}::text[]) as till) s
      on conflict (id) do update set received = excluded.received, payer = excluded.payer, payee = excluded.payee,
        way = excluded.way, outlet = excluded.outlet, heard = excluded.heard, grade = excluded.grade,
        weak = excluded.weak, contradicted = excluded.contradicted, late = excluded.late, till = excluded.till),
    named as (
      insert into notices.order_id (merchant, platform, order_no, kind, firm, notice)
      select unnest(${o('merchant')}::text[]), unnest(${o('platform')}::text[]), unnest(${o('order')}::text[]),
        unnest(${o('kind')}::text[]), unnest(${o('firm')}::boolean[]), unnest(${o('notice')}::text[])),
    kept as (
      insert into notices.evidence (merchant, terminal, source, id, notice, outcome, grade, kind, platform, orders,
        minor, currency, payer, payee, way, outlet, till, at, heard_at, app, text)
      select e.merchant, e.terminal, e.source, e.id, e.notice, e.outcome, e.grade, e.kind, e.platform,
        e.orders::text[], e.minor, e.currency, e.payer, e.payee, e.way, e.outlet, e.till, e.at, ${now}, e.app, e.text
      from (select unnest(${e('merchant')}::text[]) as merchant, unnest(${e('terminal')}::text[]) as terminal,
        unnest(${e('source')}::text[]) as source, unnest(${e('id')}::text[]) as id,
        unnest(${e('notice')}::text[]) as notice, unnest(${e('outcome')}::text[]) as outcome,
        unnest(${e('grade')}::text[]) as grade, unnest(${e('kind')}::text[]) as kind,
        unnest(${e('platform')}::text[]) as platform, unnest(${e('orders').map(listOf)}::text[]) as orders,
        unnest(${e('minor')}::bigint[]) as minor, unnest(${e('currency')}::text[]) as currency,
        unnest(${e('payer')}::text[]) as payer, unnest(${e('payee')}::text[]) as payee,
        unnest(${e('way')}::text[]) as way, unnest(${e('outlet')}::text[]) as outlet,
        unnest(${e('till')}::text[]) as till, unnest(${e('at').map(textOf)}::timestamptz[]) as at,
        unnest(${e('app')}::text[]) as app, unnest(${e('text')}::text[]) as text) e)
    insert into notices.prompt (merchant, seq, notice, class, minor, before, at, late, loud, soft, large)
    select p.merchant, p.seq, p.notice, p.class, p.minor, p.before, ${now}, p.late, p.loud, p.soft, p.large
    from (select unnest(${p('merchant')}::text[]) as merchant, unnest(${p('seq')}::bigint[]) as seq,
      unnest(${p('notice')}::text[]) as notice, unnest(${p('class')}::text[]) as class,
      unnest(${p('minor')}::bigint[]) as minor, unnest(${p('before')}::bigint[]) as before,
      unnest(${p('late')}::boolean[]) as late, unnest(${p('loud')}::boolean[]) as loud, unnest(${p('soft')}::boolean[]) as soft,
      unnest(${p('large')}::boolean[]) as large) p`
}
