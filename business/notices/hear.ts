/**
 * Evidence is heard: facts, decide, and one write, under the merchants' streams. What is committed is told, since
 * the table of prompts itself wakes the servers (`notify`), and what is rolled back is told to nobody.
 */
import type { Books, MerchantId, Sql, Transaction } from '@bursar/kernel'
import { decide, type Answer, type Decided } from './decide.ts'
import { factsOf, holdStreams } from './facts.ts'
import { gradeOf, type Evidence } from './words.ts'

export type { Answer } from './decide.ts'

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

/** Big numbers as texts: JSON's own are not exact. */
const json = (rows: readonly object[]): string =>
  JSON.stringify(rows, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )

async function write(sql: Sql, decided: Decided, now: Date): Promise<void> {
  const made = json([...decided.made])
  const changed = json([...decided.changed])
  const kept = json(
    decided.kept.map(({ evidence, outcome, notice }) => ({
      ...evidence,
      ...{ outcome, notice, grade: gradeOf[evidence.source], terminal: evidence.terminal ?? '' },
      ...{ minor: evidence.amount?.minor ?? null, currency: evidence.amount?.currency ?? null },
    })),
  )
  await sql`
    with made as (
      insert into notices.notice (id, merchant, counter, outlet, kind, platform, minor, received, currency, payer,
        payee, way, at, heard_at, heard, grade, weak, contradicted, rehearsal, late)
      select n.id, n.merchant, n.counter, n.outlet, n.kind, n.platform, n.minor, n.received, n.currency, n.payer,
        n.payee, n.way, n.at, ${now}, n.heard, n.grade, n.weak, n.contradicted, n.rehearsal, n.late
      from jsonb_to_recordset(${made}::jsonb) as n (id text, merchant text, counter text, outlet text, kind text,
        platform text, minor bigint, received bigint, currency text, payer text, payee text, way text, at timestamptz,
        heard int, grade text, weak boolean, contradicted boolean, rehearsal boolean, late boolean)),
    changed as (
      update notices.notice n set received = c.received, payer = c.payer, payee = c.payee, way = c.way,
        outlet = c.outlet, heard = c.heard, grade = c.grade, weak = c.weak, contradicted = c.contradicted, late = c.late
      from jsonb_to_recordset(${changed}::jsonb) as c (id text, received bigint, payer text, payee text, way text,
        outlet text, heard int, grade text, weak boolean, contradicted boolean, late boolean)
      where n.id = c.id),
    named as (
      insert into notices.order_id (merchant, platform, order_no, kind, notice)
      select o.merchant, o.platform, o.order, o.kind, o.notice
      from jsonb_to_recordset(${json(decided.orders)}::jsonb)
        as o (merchant text, platform text, "order" text, kind text, notice text)),
    kept as (
      insert into notices.evidence (merchant, terminal, source, id, notice, outcome, grade, kind, platform, orders,
        minor, currency, payer, payee, way, outlet, at, heard_at, app, text)
      select e.merchant, e.terminal, e.source, e.id, e.notice, e.outcome, e.grade, e.kind, e.platform, e.orders,
        e.minor, e.currency, e.payer, e.payee, e.way, e.outlet, e.at, ${now}, e.app, e.text
      from jsonb_to_recordset(${kept}::jsonb) as e (merchant text, terminal text, source text, id text, notice text,
        outcome text, grade text, kind text, platform text, orders text[], minor bigint, currency text, payer text,
        payee text, way text, outlet text, at timestamptz, app text, text text))
    insert into notices.prompt (merchant, seq, notice, class, minor, before, at, late, loud, large)
    select p.merchant, p.seq, p.notice, p.class, p.minor, p.before, ${now}, p.late, p.loud, p.large
    from jsonb_to_recordset(${json(decided.prompts)}::jsonb) as p (merchant text, seq bigint, notice text, class text,
      minor bigint, before bigint, late boolean, loud boolean, large boolean)`
}
