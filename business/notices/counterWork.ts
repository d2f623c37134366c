/** What a terminal may do besides being told: look up, add up, confirm, ask for a refund, be muted. */
import {
  dayAfter,
  dayOf,
  Refusal,
  startOf,
  type Books,
  type Id,
  type MerchantId,
  type PersonId,
} from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { holdStreams } from './facts.ts'
import { filteredFor, type Filtered } from './filtered.ts'
import { codesOf } from './prompts.ts'
import type { Refused } from './refused.ts'
import { asksFor, listNotices, type Notice } from './shown.ts'
import { fieldsFor, isFor, isOn, may, type Fields } from './view.ts'
import type { Action, Kind, NoticeId, Terminal } from './words.ts'

/** What it was not allowed, it may not; what it may not see, is not there. */
export function mustBeAllowed(terminal: Terminal, action: Action, now: Date): void {
  if (!isOn(terminal, now)) throw new Refusal<Refused>('terminal_is_off', { id: terminal.id })
  if (!may(terminal, action, now)) throw new Refusal<Refused>('terminal_may_not', { action })
}

/** A terminal sees of the day what it would have been told of it. */
const sees = (terminal: Terminal, { amount, outlet, till, heardAt, rehearsal }: Notice): boolean =>
  isFor(terminal, { amount, outlet, till, told: heardAt, rehearsal })

const todayOf = ({ clock }: Terminal, now: Date) => {
  const day = dayOf(now, clock)
  return { day, from: startOf(day, clock), to: startOf(dayAfter(day), clock) }
}

export type LookUp = Fields &
  Readonly<{
    notice: NoticeId
    kind: Kind
    state: Notice['state']
    late: boolean
    weak: boolean
    contradicted: boolean
    rehearsal: boolean
    /** The two figures, for whoever was told them. */
    code?: string
    /** What was heard of it besides, newest first. */
    filtered: readonly Filtered[]
  }>

/** Today's, newest first, as many as asked that it may see; `next` where there may be more. */
export async function lookUp(
  books: Books,
  terminal: Terminal,
  { cursor, limit = 50, now = new Date() }: { cursor?: string; limit?: number; now?: Date },
): Promise<{ rows: LookUp[]; next?: string }> {
  mustBeAllowed(terminal, 'look_up', now)
  const { from, to } = todayOf(terminal, now)
  const page = await listNotices(books, {
    ...{ merchant: terminal.merchant, from, to, seenBy: terminal, limit: limit + 1 },
    ...(cursor !== undefined && { cursor }),
  })
  const rows = page.slice(0, limit)
  const next = page.length > limit ? rows.at(-1)!.id : undefined
  const seen = rows.filter(one => sees(terminal, one))
  const isTold = may(terminal, 'receive', now)
  const codes = await codesOf(books.sql, isTold ? seen.map(({ id }) => id) : [])
  const filtered = await filteredFor(books.sql, terminal, seen)
  return { rows: seen.map(viewed), ...(next && { next }) }

  function viewed(one: Notice): LookUp {
    const { id: notice, kind, state, late, weak, contradicted, rehearsal } = one
    const shown = fieldsFor(terminal.permission.fields, { ...one, before: null, large: false })
    const code = codes.get(notice)
    return {
      ...{ notice, kind, state, late, weak, contradicted, rehearsal, ...shown },
      filtered: filtered.get(notice) ?? [],
      ...(code !== undefined && { code }),
    }
  }
}

export type Totals = Readonly<{ kind: Kind; count: number; sum: Money }>

/** Of what was received today and this terminal may see. */
export async function totalsFor(
  books: Books,
  terminal: Terminal,
  now = new Date(),
): Promise<{ day: string; rows: Totals[] }> {
  mustBeAllowed(terminal, 'totals', now)
  const { day, from, to } = todayOf(terminal, now)
  const asked = asksFor(terminal)
  const rows = await books.sql<{ kind: Kind; count: number; minor: bigint; currency: string }>`
    select n.kind, n.currency, count(*)::int as count, sum(n.sum)::bigint as minor
    from notices.notice n
    where n.merchant = ${terminal.merchant} and n.heard_at >= ${from} and n.heard_at < ${to}
      and not n.rehearsal and n.state <> 'seen'
      and (${asked.outlets}::text[] is null or n.outlet = any(${asked.outlets}::text[]))
      and (${asked.tills}::text[] is null or n.till = any(${asked.tills}::text[]))
      and (${asked.from}::bigint is null or (n.currency = ${asked.fromCurrency} and n.sum >= ${asked.from}))
      and (${asked.to}::bigint is null or (n.currency = ${asked.toCurrency} and n.sum <= ${asked.to}))
      and (${asked.opens}::int is null or notices.is_within(n.heard_at, ${asked.clock}, ${asked.opens}, ${asked.closes}))
    group by n.kind, n.currency order by min(n.heard_at) desc`
  return {
    day,
    rows: rows.map(({ kind, count, minor, currency }) => ({
      ...{ kind, count, sum: { minor, currency } },
    })),
  }
}

type Hand = Readonly<{ by: PersonId | null; now?: Date }>

/** One that it may see. Whose it is not, is not there. */
async function noticeFor(books: Books, terminal: Terminal, id: NoticeId): Promise<Notice> {
  const [notice] = await listNotices(books, { merchant: terminal.merchant, id })
  if (!notice || !sees(terminal, notice)) throw new Refusal<Refused>('no_such_notice', { id })
  return notice
}

/** Somebody has looked. The first who did is kept; the others are told the same. */
export async function check(
  books: Books,
  terminal: Terminal,
  { notice: id, by, now = new Date() }: Hand & Readonly<{ notice: NoticeId }>,
): Promise<Date> {
  mustBeAllowed(terminal, 'check', now)
  const { merchant } = terminal
  await noticeFor(books, terminal, id)
  return await books.write(async ({ sql }) => {
    await holdStreams(sql, [merchant])
    const done = await sql<{ at: Date }>`
      with done as (
        update notices.notice set checked_at = ${now}, checked_by = ${by ?? terminal.id}
        where id = ${id} and checked_at is null returning sum)
      insert into notices.prompt (merchant, seq, notice, class, minor, at, late, loud, large)
      select ${merchant}, s.seq + 1, ${id}, 'checked', done.sum, ${now}, false, false, false
      from done, notices.stream s where s.merchant = ${merchant} returning at`
    if (done[0]) return done[0].at
    const [known] = await sql<{ at: Date }>`
      select checked_at as at from notices.notice where id = ${id}`
    return known!.at
  })
}

/** Zero minutes: it speaks again. */
export async function mute(
  books: Books,
  terminal: Terminal,
  { minutes, now = new Date() }: Readonly<{ minutes: number; now?: Date }>,
): Promise<void> {
  mustBeAllowed(terminal, 'mute', now)
  const until = minutes === 0 ? null : new Date(now.getTime() + minutes * 60_000)
  await books.sql`update notices.terminal set muted_until = ${until} where id = ${terminal.id}`
}

export type RefundRequest = Readonly<{
  id: Id<'rrq'>
  notice: NoticeId
  terminal: Terminal['id']
  terminalName: string
  amount: Money
  reason: string
  state: 'asked' | 'done' | 'refused'
  askedAt: Date
  askedBy: PersonId | null
  answeredAt: Date | null
  answeredBy: PersonId | null
  answer: string | null
}>

type RefundAsk = Hand &
  Readonly<{ id: Id<'rrq'>; notice: NoticeId; amount?: Money; reason: string }>
export async function askRefund(
  books: Books,
  terminal: Terminal,
  ask: RefundAsk,
): Promise<RefundRequest> {
  const { id, notice: about, reason, by, now = new Date() } = ask
  mustBeAllowed(terminal, 'ask_refund', now)
  const notice = await noticeFor(books, terminal, about)
  const { minor, currency } = ask.amount ?? notice.amount
  // Who may not see the sum asks for all of it: else it could try out how much that is.
  const maySay = !ask.amount || terminal.permission.fields.includes('amount')
  const fits =
    maySay && minor > 0n && minor <= notice.amount.minor && currency === notice.amount.currency
  if (!fits || notice.kind !== 'payment' || notice.rehearsal)
    throw new Refusal<Refused>('refund_beyond_notice')
  const asked = await books.sql`
    insert into notices.refund_request (id, merchant, notice, terminal, minor, currency, reason, asked_by, asked_at)
    values (${id}, ${terminal.merchant}, ${about}, ${terminal.id}, ${minor}, ${currency}, ${reason}, ${by}, ${now})
    on conflict do nothing returning id`
  const [known] = await listRefundRequests(books, { merchant: terminal.merchant, id })
  if (!asked.length && !known) throw new Refusal<Refused>('refund_asked_before', { notice: about })
  return known!
}

type RequestsAsk = Readonly<{
  merchant: MerchantId
  id?: string
  state?: RefundRequest['state']
  cursor?: string
  limit?: number
}>
export async function listRefundRequests(books: Books, ask: RequestsAsk): Promise<RefundRequest[]> {
  const { merchant, id = null, state = null, cursor = null, limit = 50 } = ask
  type Row = Omit<RefundRequest, 'amount'> & Readonly<{ minor: bigint; currency: string }>
  const rows = await books.sql<Row>`
    select r.id, r.notice, r.terminal, t.name as "terminalName", r.minor, r.currency, r.reason, r.state,
      r.asked_at as "askedAt", r.asked_by as "askedBy", r.answered_at as "answeredAt", r.answered_by as "answeredBy",
      r.answer
    from notices.refund_request r join notices.terminal t on t.id = r.terminal
    where r.merchant = ${merchant}
      and (${id}::text is null or r.id = ${id}) and (${state}::text is null or r.state = ${state})
      and (${cursor}::text is null or (r.asked_at, r.id) <
        (select asked_at, id from notices.refund_request where id = ${cursor}))
    order by r.asked_at desc, r.id desc limit ${limit}`
  return rows.map(({ minor, currency, ...rest }) => ({ ...rest, amount: { minor, currency } }))
}

type Answering = Readonly<{
  merchant: MerchantId
  id: string
  state: 'done' | 'refused'
  answer?: string
  by: PersonId
  now?: Date
}>
export async function answerRefund(books: Books, ask: Answering): Promise<RefundRequest> {
  const { merchant, id, state, answer = null, by, now = new Date() } = ask
  await books.sql`
    update notices.refund_request set state = ${state}, answered_by = ${by}, answered_at = ${now}, answer = ${answer}
    where id = ${id} and merchant = ${merchant} and state = 'asked'`
  const [known] = await listRefundRequests(books, { merchant, id })
  if (!known) throw new Refusal<Refused>('no_such_refund_request', { id })
  if (known.state !== state) throw new Refusal<Refused>('refund_request_answered', { id })
  return known
}
