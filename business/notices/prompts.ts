/** Prompts as they are read: after a place, with all that there is to say; and what a terminal makes known. */
import type { Books, MerchantId, Sql } from '@bursar/kernel'
import { codeOf } from './speech/ding.ts'
import { viewFor } from './view.ts'
import type { NoticeId, Prompt, Terminal, TerminalId, TerminalPrompt } from './words.ts'

type Row = Omit<Prompt, 'amount' | 'before' | 'code' | 'orders'> &
  Readonly<{
    minor: bigint
    beforeMinor: bigint | null
    currency: string
    secret: string
    orders: string[] | null
  }>

/** Those after a place, oldest first. Of what was proved, the order ids that a phone told are no keys any more. */
export async function promptsAfter(
  sql: Sql,
  merchant: MerchantId,
  after: bigint,
  limit: number,
): Promise<Prompt[]> {
  const rows = await sql<Row>`
    select p.merchant, p.seq, p.notice, p.class, n.kind, p.minor, p.before as "beforeMinor", n.currency,
      p.at as told, p.late, p.loud, p.soft, p.large, n.rehearsal, n.payer, n.payee, n.platform, n.way, n.at, n.outlet, n.till, n.grade, c.secret,
      (select coalesce(array_agg(o.order_no) filter (where o.firm), array_agg(o.order_no))
       from notices.order_id o where o.notice = n.id) as orders
    from notices.prompt p join notices.notice n on n.id = p.notice join notices.counter c on c.id = n.counter
    where p.merchant = ${merchant} and p.seq > ${after}
    order by p.seq limit ${limit}`
  return rows.map(promptIn)
}

const promptIn = ({ minor, beforeMinor, currency, secret, orders, ...rest }: Row): Prompt => ({
  ...rest,
  orders: orders?.toSorted() ?? [],
  code: codeAt(secret, rest.notice, rest.told),
  amount: { minor, currency },
  before: beforeMinor === null ? null : { minor: beforeMinor, currency },
})

/** The two figures of each of these notices that was received: of the day on which it was told, as its voice said them. */
export async function codesOf(
  sql: Sql,
  notices: readonly NoticeId[],
): Promise<Map<NoticeId, string>> {
  const rows = await sql<{ notice: NoticeId; told: Date; secret: string }>`
    select p.notice, p.at as told, c.secret
    from notices.prompt p join notices.notice n on n.id = p.notice join notices.counter c on c.id = n.counter
    where p.notice = any(${notices}::text[]) and p.class = 'received'`
  return new Map(rows.map(({ notice, told, secret }) => [notice, codeAt(secret, notice, told)]))
}

const codeAt = (secret: string, notice: NoticeId, told: Date): string =>
  codeOf(secret, notice, told.toISOString().slice(0, 10))

export type PromptPage = Readonly<{ rows: TerminalPrompt[]; place: bigint; more: boolean }>

/** For who polls: what is for this terminal, and where it is then. */
export async function promptsFor(
  books: Books,
  terminal: Terminal,
  {
    after = terminal.acked,
    limit = 200,
    now = new Date(),
  }: { after?: bigint; limit?: number; now?: Date },
): Promise<PromptPage> {
  const from = after > terminal.since ? after : terminal.since
  const prompts = await promptsAfter(books.sql, terminal.merchant, from, limit)
  return {
    rows: prompts.flatMap(one => viewFor(terminal, one, now) ?? []),
    place: prompts.at(-1)?.seq ?? from,
    more: prompts.length === limit,
  }
}

/** One by its place, as it is for this terminal; undefined where it is for others, or not there. */
export async function promptFor(
  books: Books,
  terminal: Terminal,
  { seq, now = new Date() }: { seq: bigint; now?: Date },
): Promise<TerminalPrompt | undefined> {
  const [prompt] = await promptsAfter(books.sql, terminal.merchant, seq - 1n, 1)
  return prompt?.seq === seq ? viewFor(terminal, prompt, now) : undefined
}

const lastOf = 200

/** The last one that was for it, of the last two hundred: to be told once more. That somebody has looked is told of no receipt. */
export async function lastFor(
  books: Books,
  terminal: Terminal,
  now = new Date(),
): Promise<TerminalPrompt | undefined> {
  const [stream] = await books.sql<{ seq: bigint }>`
    select seq from notices.stream where merchant = ${terminal.merchant}`
  const from = (stream?.seq ?? 0n) - BigInt(lastOf)
  const prompts = await promptsAfter(books.sql, terminal.merchant, from < 0n ? 0n : from, lastOf)
  return prompts
    .filter(one => one.class !== 'checked')
    .flatMap(one => viewFor(terminal, one, now) ?? [])
    .at(-1)
}

/** What a terminal says of itself with a heartbeat. */
export type Beat = Readonly<{
  battery?: number
  acked?: bigint
  program?: string
  /** When its phone last showed a notice. */
  shown?: Date
}>

/** It is there: a heartbeat. What it has acknowledged only grows, and never beyond what there is; rehearsals among it are back. */
export async function beat(
  books: Books,
  ask: Beat & Readonly<{ terminal: TerminalId; now?: Date }>,
): Promise<bigint> {
  const { terminal, battery = null, acked = null, now = new Date() } = ask
  const { program = null, shown = null } = ask
  const [row] = await books.sql<{ seq: bigint }>`
    with beaten as (
      update notices.terminal t set seen_at = greatest(t.seen_at, ${now}), gone_at = null,
        battery = coalesce(${battery}::int, t.battery), program = coalesce(${program}::text, t.program),
        shown_at = greatest(t.shown_at, case when ${shown}::timestamptz <= ${now} then ${shown}::timestamptz end),
        acked = greatest(t.acked, least(coalesce(${acked}::bigint, 0), s.seq))
      from notices.stream s where t.id = ${terminal} and s.merchant = t.merchant
      returning t.id, t.acked, s.seq),
    back as (
      update notices.echo e set back_at = ${now} from beaten b
      where e.terminal = b.id and e.back_at is null and e.seq <= b.acked)
    select seq from beaten`
  return row?.seq ?? 0n
}

/** Its last will was said: it is gone, until it is heard of again. */
export async function gone(books: Books, terminal: TerminalId, now = new Date()): Promise<void> {
  await books.sql`update notices.terminal set gone_at = ${now} where id = ${terminal} and gone_at is null`
}
