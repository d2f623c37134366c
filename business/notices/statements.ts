/**
 * A shop's own statement as evidence (A+): what a phone or an SMS told of is borne out, or contradicted, and what nobody
 * told of is told late. Taken in twice it changes nothing. What it would do can be seen before: that is done, and undone.
 */
import { Refusal, type Books, type MerchantId, type OutletId } from '@bursar/kernel'
import { currencyOf, mustBeTheirs } from './counters.ts'
import { hear, type Answer } from './hear.ts'
import type { Refused } from './refused.ts'
import { readStatement, type Statement, type StatementRow } from './statement.ts'
import { outcomes, type Evidence, type Outcome } from './words.ts'

/** Older lines tell nobody at a counter anything. */
const daysMost = 40

export type StatementAsk = Readonly<{
  merchant: MerchantId
  platform: string
  outlet: OutletId | null
  bytes: Uint8Array
  /** Only to see what it would do. */
  preview: boolean
  now: Date
}>
export type Taken = Readonly<{
  rows: number
  others: number
  /** Of a time before the counter, or too long ago. */
  older: number
  unread: Statement['unread']
  /** What became of each row; of those that were taken in before, what became of them then. */
  outcomes: Readonly<Record<Outcome, number>>
}>

class Seen extends Error {}

export async function takeStatement(books: Books, ask: StatementAsk): Promise<Taken> {
  const { merchant, outlet, now, preview } = ask
  await mustBeTheirs(books.sql, merchant, outlet)
  const from = await opensAt(books, merchant, now)
  const { rows, others, unread } = readStatement(ask.bytes, await currencyOf(books.sql, merchant))
  const recent = rows.filter(({ at }) => at >= from && at <= now)
  let answers: readonly (Answer | undefined)[] = []
  await books
    .write(async tx => {
      answers = await hear(tx, recent.map(evidenceOf(ask)), now)
      if (preview) throw new Seen()
    })
    .catch((error: unknown) => {
      if (!(error instanceof Seen)) throw error
    })
  const none = Object.fromEntries(outcomes.map(one => [one, 0])) as Record<Outcome, number>
  for (const answer of answers) if (answer) none[answer.outcome]++
  return { rows: rows.length, others, unread, older: rows.length - recent.length, outcomes: none }
}

async function opensAt({ sql }: Books, merchant: MerchantId, now: Date): Promise<Date> {
  const [row] = await sql<{ from: Date | null }>`
    select greatest(min(c.opened_at)::date, ${now}::timestamptz - make_interval(days => ${daysMost})) as from
    from notices.counter c where c.merchant = ${merchant} and c.open having count(*) > 0`
  if (!row?.from) throw new Refusal<Refused>('no_open_counter', { merchant })
  return row.from
}

const evidenceOf =
  ({ merchant, platform, outlet }: StatementAsk) =>
  ({ id, ...row }: StatementRow): Evidence => ({
    ...{ ...row, id: `${platform}/${id}`, merchant, platform, outlet, source: 'statement' },
    ...{ terminal: null, till: null, payee: null, way: null, text: null, app: null },
  })
