/** Notices, evidence and the day as the merchant looks at them. */
import {
  homeZone,
  Refusal,
  type Books,
  type MerchantId,
  type OutletId,
  type PersonId,
  type Sql,
  type TillId,
} from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { Refused } from './refused.ts'
import type {
  CounterId,
  Grade,
  Kind,
  NoticeId,
  Outcome,
  Permission,
  PromptClass,
  Source,
  Terminal,
  TerminalId,
} from './words.ts'

export type NoticeState = 'seen' | 'received' | 'checked'
export type Notice = Readonly<{
  id: NoticeId
  kind: Kind
  orders: readonly string[]
  payer: string | null
  payee: string | null
  way: string | null
  amount: Money
  at: Date
  platform: string
  counter: CounterId
  outlet: OutletId | null
  till: TillId | null
  tillName: string | null
  grade: Grade
  state: NoticeState
  weak: boolean
  contradicted: boolean
  rehearsal: boolean
  late: boolean
  heardAt: Date
  heard: number
  checkedAt: Date | null
  checkedBy: PersonId | TerminalId | null
  checkedByName: string | null
}>
type Minor<T extends { amount: unknown }> = Omit<T, 'amount'> &
  Readonly<{ minor: bigint; currency: string }>

export type NoticesAsk = Readonly<{
  merchant: MerchantId
  /** Only this one. */
  id?: NoticeId
  q?: string
  from?: Date
  to?: Date
  state?: NoticeState
  kind?: Kind
  grade?: Grade
  platform?: string
  outlet?: OutletId
  till?: TillId
  weak?: boolean
  contradicted?: boolean
  late?: boolean
  rehearsal?: boolean
  /** Only what this terminal would have been told. */
  seenBy?: Sight
  cursor?: string
  limit?: number
}>
export type Sight = Pick<Terminal, 'clock'> & Readonly<{ permission: Seeing }>
type Seeing = Pick<Permission, 'outlets' | 'tills' | 'from' | 'to' | 'hours'>

/** What `isFor` asks (view.ts), as a statement asks it: a page holds what is seen, whatever lies between. */
export const asksFor = ({ clock, permission: { outlets, tills, from, to, hours } }: Sight) => ({
  ...{ outlets: outlets as readonly string[] | null, tills: tills as readonly string[] | null },
  ...{ from: from?.minor ?? null, fromCurrency: from?.currency ?? null },
  ...{ to: to?.minor ?? null, toCurrency: to?.currency ?? null },
  ...{ opens: hours?.from ?? null, closes: hours?.to ?? null, clock },
})
const all: Sight = {
  clock: homeZone,
  permission: { outlets: null, tills: null, from: null, to: null, hours: null },
}

/** Part of a text, whatever letters it has. */
const containing = (q: string | undefined) =>
  q ? `%${q.replace(/[\\%_]/g, letter => `\\${letter}`)}%` : null

/** Newest first; `cursor` is the last id of the page before. */
export async function listNotices(books: Books, ask: NoticesAsk): Promise<Notice[]> {
  const { merchant, id = null, from = null, to = null, state = null, kind = null } = ask
  const {
    grade = null,
    platform = null,
    outlet = null,
    till = null,
    weak = null,
    contradicted = null,
  } = ask
  const { late = null, rehearsal = null, cursor = null, limit = 50, seenBy = all } = ask
  const sees = asksFor(seenBy)
  const q = containing(ask.q)
  const rows = await books.sql<Minor<Notice>>`
    select n.id, n.kind, array(select distinct o.order_no from notices.order_id o where o.notice = n.id order by 1) as orders,
      n.payer, n.payee, n.way, n.sum as minor, n.currency, n.at, n.platform, n.counter, n.outlet, n.till, l.name as "tillName", n.grade, n.state,
      n.weak, n.contradicted, n.rehearsal, n.late, n.heard_at as "heardAt", n.heard, n.checked_at as "checkedAt",
      n.checked_by as "checkedBy", coalesce(p.name, t.name) as "checkedByName"
    from notices.notice n
    left join parties.person p on p.id = n.checked_by
    left join notices.terminal t on t.id = n.checked_by
    left join parties.till l on l.id = n.till
    where n.merchant = ${merchant}
      and (${id}::text is null or n.id = ${id})
      and (${from}::timestamptz is null or n.heard_at >= ${from})
      and (${to}::timestamptz is null or n.heard_at < ${to})
      and (${state}::text is null or n.state = ${state})
      and (${kind}::text is null or n.kind = ${kind})
      and (${grade}::text is null or n.grade = ${grade})
      and (${platform}::text is null or n.platform = ${platform})
      and (${outlet}::text is null or n.outlet = ${outlet})
      and (${till}::text is null or n.till = ${till})
      and (${weak}::boolean is null or n.weak = ${weak})
      and (${contradicted}::boolean is null or n.contradicted = ${contradicted})
      and (${late}::boolean is null or n.late = ${late})
      and (${rehearsal}::boolean is null or n.rehearsal = ${rehearsal})
      and (${q}::text is null or n.payer ilike ${q} or n.payee ilike ${q}
        or to_char(n.sum / 100.0, 'FM999999999999990.00') like ${q}
        or exists (select from notices.order_id o where o.notice = n.id and o.order_no ilike ${q}))
      and (${sees.outlets}::text[] is null or n.outlet = any(${sees.outlets}::text[]) or (n.rehearsal and n.outlet is null))
      and (${sees.tills}::text[] is null or n.rehearsal or n.till = any(${sees.tills}::text[]))
      and (${sees.from}::bigint is null or n.rehearsal or (n.currency = ${sees.fromCurrency} and n.sum >= ${sees.from}))
      and (${sees.to}::bigint is null or n.rehearsal or (n.currency = ${sees.toCurrency} and n.sum <= ${sees.to}))
      and (${sees.opens}::int is null or notices.is_within(n.heard_at, ${sees.clock}, ${sees.opens}, ${sees.closes}))
      and (${cursor}::text is null or (n.heard_at, n.id) <
        (select heard_at, id from notices.notice where id = ${cursor}))
    order by n.heard_at desc, n.id desc limit ${limit}`
  return rows.map(({ minor, currency, ...rest }) => ({ ...rest, amount: { minor, currency } }))
}

export type EvidenceShown = Readonly<{
  no: bigint
  id: string
  source: Source
  grade: Grade
  outcome: Outcome
  notice: NoticeId | null
  kind: Kind
  platform: string | null
  orders: readonly string[]
  amount: Money | null
  noticeAmount: Money | null
  payer: string | null
  payee: string | null
  way: string | null
  outlet: OutletId | null
  /** Where its source says that it came in. */
  till: TillId | null
  tillName: string | null
  at: Date
  terminal: TerminalId | null
  terminalName: string | null
  text: string | null
  heardAt: Date
}>
export type EvidenceAsk = Readonly<{
  merchant: MerchantId
  /** Only what is about this one, oldest first. */
  notice?: NoticeId
  q?: string
  from?: Date
  to?: Date
  outcome?: Outcome
  source?: Source
  terminal?: TerminalId
  cursor?: bigint
  limit?: number
}>
type EvidenceRow = Omit<EvidenceShown, 'amount' | 'noticeAmount'> &
  Readonly<{ minor: bigint | null; currency: string | null; sum: bigint | null; of: string | null }>

const sumIn = (minor: bigint | null, currency: string | null): Money | null =>
  minor !== null && currency !== null ? { minor, currency } : null

/** Newest first; `cursor` is the last number of the page before. */
export async function listEvidence(books: Books, ask: EvidenceAsk): Promise<EvidenceShown[]> {
  const { merchant, notice = null, from = null, to = null, outcome = null, source = null } = ask
  const { terminal = null, cursor = null, limit = 50 } = ask
  const q = containing(ask.q)
  const rows = await books.sql<EvidenceRow>`
    select e.no, e.id, e.source, e.grade, e.outcome, e.notice, e.kind, e.platform, e.orders, e.minor, e.currency,
      n.sum, n.currency as of, e.payer, e.payee, e.way, e.outlet, e.till, l.name as "tillName", e.at, nullif(e.terminal, '') as terminal,
      t.name as "terminalName", e.text, e.heard_at as "heardAt"
    from notices.evidence e
    left join notices.notice n on n.id = e.notice
    left join notices.terminal t on t.id = e.terminal
    left join parties.till l on l.id = e.till
    where e.merchant = ${merchant}
      and (${notice}::text is null or e.notice = ${notice})
      and (${from}::timestamptz is null or e.heard_at >= ${from})
      and (${to}::timestamptz is null or e.heard_at < ${to})
      and (${outcome}::text is null or e.outcome = ${outcome})
      and (${source}::text is null or e.source = ${source})
      and (${terminal}::text is null or e.terminal = ${terminal})
      and (${q}::text is null or e.payer ilike ${q} or e.text ilike ${q}
        or array_to_string(e.orders, ' ') ilike ${q})
      and (${cursor}::bigint is null or e.no < ${cursor})
    order by e.no desc limit ${limit}`
  return rows.map(({ minor, currency, sum, of, ...rest }) => ({
    ...rest,
    amount: sumIn(minor, currency),
    noticeAmount: sumIn(sum, of),
  }))
}

export type PromptShown = Readonly<{
  seq: bigint
  class: PromptClass
  at: Date
  late: boolean
  loud: boolean
  amount: Money
  acked: number
}>
export type NoticeWhole = Notice &
  Readonly<{ evidence: readonly EvidenceShown[]; prompts: readonly PromptShown[] }>

export async function readNotice(
  books: Books,
  { merchant, notice: id }: Readonly<{ merchant: MerchantId; notice: NoticeId }>,
): Promise<NoticeWhole> {
  const [notice] = await listNotices(books, { merchant, id })
  if (!notice) throw new Refusal<Refused>('no_such_notice', { id })
  const [evidence, prompts] = await Promise.all([
    listEvidence(books, { merchant, notice: id, limit: 200 }),
    books.sql<Minor<PromptShown>>`
      select p.seq, p.class, p.at, p.late, p.loud, p.minor, ${notice.amount.currency} as currency,
        (select count(*)::int from notices.terminal t
         where t.merchant = p.merchant and t.state = 'authorised' and t.acked >= p.seq and t.since < p.seq) as acked
      from notices.prompt p where p.notice = ${id} order by p.seq`,
  ])
  const told = prompts.map(({ minor, currency, ...rest }) => ({
    ...rest,
    amount: { minor, currency },
  }))
  return { ...notice, evidence: evidence.toReversed(), prompts: told }
}

export type DayTotals = Readonly<{ kind: Kind; state: NoticeState; count: number; sum: Money }>

/** Between two instants, rehearsals left out. */
export async function totalsOf(
  sql: Sql,
  ask: Readonly<{ merchant: MerchantId; outlet?: OutletId; from: Date; to: Date }>,
): Promise<DayTotals[]> {
  const { merchant, outlet = null, from, to } = ask
  const rows = await sql<Omit<DayTotals, 'sum'> & { minor: bigint; currency: string }>`
    select kind, state, count(*)::int as count, sum(sum)::bigint as minor, currency from notices.notice
    where merchant = ${merchant} and not rehearsal and at >= ${from} and at < ${to}
      and (${outlet}::text is null or outlet = ${outlet})
    group by kind, state, currency order by kind, state, currency`
  return rows.map(({ minor, currency, ...rest }) => ({ ...rest, sum: { minor, currency } }))
}
