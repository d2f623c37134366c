/**
 * The payout run. Nothing waits for the bank inside a transaction:
 *
 *   send     approved → paying: the intent row, and the money into transit, in one transaction
 *   call     the bank accepts, refuses, or says nothing: then it is asked, never paid again
 *   close    after a "no": the bank first closes the reference for good, then the money goes back
 *   answer   by signed notice or by query: paid, or bounced, also after it was paid (answers.ts)
 *   book     paid, but without the custody to show for it: tried again when custody has grown
 *
 * A payout has one reference for its whole life, and the bank pays a reference once, however often and
 * however late the instruction arrives. The money is free for another payout only when the bank has said
 * that this one bounced, or that it will never execute it.
 *
 * Any number of workers may run this at once: rows are claimed with `skip locked`, and each attempt has
 * a number. Who was overtaken drops its answer.
 */
import type { Books, Transaction } from '@bursar/kernel'
import { hear, settle } from './answers.ts'
import { custody } from './accounts.ts'
import type { Bank } from './bank.ts'
import { cannotBook, seconds } from './hearing.ts'
import {
  find,
  take,
  type PayoutId,
  type PayoutState,
  type Request,
  type RequestId,
} from './steps.ts'

type Payout = Readonly<{
  id: PayoutId
  request: RequestId
  state: PayoutState
  attempt: number
  endedAt: Date | null
  /** A break is open: until people have looked, nothing is sent. */
  broken: boolean
}>
type Run = Readonly<{ limit?: number; at?: Date }>

/** Much longer than a call may take: within it, nobody else asks. */
const lease = 60
/** A bounce can come days after the payment; a notice of it can be lost. */
const watchedFor = 3 * 86_400

/** The payout of a request: its only one, so its name follows from the request's. */
export const payoutOf = (request: RequestId): PayoutId => `pay_${request.slice('stl_'.length)}`

/** Sends what is approved. Answers how many were sent. */
export async function payOut(
  books: Books,
  bank: Bank,
  { limit = 20, at }: Run = {},
): Promise<number> {
  for (let sent = 0; sent < limit; sent++) {
    const now = at ?? new Date()
    const request = await books.write(tx => claim(tx, bank, now))
    if (!request) return sent
    await instruct(books, bank, { request, attempt: 1, at: now })
  }
  return limit
}

/**
 * The intent: from here on the payout exists, whatever becomes of this process. Each pool is paid from its
 * own account at its own bank: never from another's.
 */
async function claim(tx: Transaction, bank: Bank, at: Date): Promise<Request | undefined> {
  const [next] = await tx.sql<{ id: RequestId }>`
    select r.id from settlement.request r
    join parties.merchant m on m.id = r.merchant
    join custody.pool p on p.book = r.book
    where r.state = 'approved' and m.state <> 'suspended'
      and coalesce(p.account, ${bank.account}) = ${bank.account}
    order by r.requested_at, r.id limit 1 for update of r skip locked`
  if (!next) return undefined
  const held = await find(tx.sql, next.id)
  const { minor, currency } = held.amount
  await tx.sql`
    insert into settlement.payout (id, request, minor, currency, gateway, ask_at, sent_at)
    values (${payoutOf(held.id)}, ${held.id}, ${minor}, ${currency}, ${bank.gateway},
      ${seconds(lease, at)}, ${at})`
  return await take(tx, held, { step: 'send', by: bank.gateway, at })
}

type Attempt = Readonly<{ request: Request; attempt: number; at: Date }>

/** One instruction, always under the same reference. A "no" ends nothing: an earlier one may still be on its way. */
async function instruct(
  books: Books,
  bank: Bank,
  { request, attempt, at }: Attempt,
): Promise<void> {
  const { id, amount, payee } = request
  const payout = payoutOf(id)
  const answer = await bank.pay({ payout, amount, payee, remark: id })
  if (answer === 'unknown') return await later(books, { payout, attempt, at })
  if (answer === 'accepted') return await later(books, { payout, attempt, at, state: 'accepted' })
  const closing = await books.sql`
    update settlement.payout set state = 'closing', reason = ${answer.refused}
    where id = ${payout} and attempt = ${attempt} and state in ('sending', 'accepted') returning id`
  if (closing.length) await close(books, bank, { payout, attempt, at })
}

type Closing = Readonly<{ payout: PayoutId; attempt: number; at: Date }>

/** The bank is to refuse the reference from now on. Until it says so, nothing is given up and nothing sent. */
async function close(books: Books, bank: Bank, closing: Closing): Promise<boolean> {
  const word = await bank.close(closing.payout)
  if (typeof word === 'object') {
    const result = await hear(books, { ...closing, word, by: bank.gateway })
    if (result === 'taken' || result === 'unbooked') return true
    await later(books, closing)
  } else await later(books, { ...closing, ...(word === 'accepted' && { state: word }) })
  return false
}

type Later = Closing & Readonly<{ state?: 'accepted' }>

/** Asked again after 5 s, then 10, 20 … up to ten minutes; unless a notice comes first. */
async function later(books: Books, { payout, attempt, state, at }: Later): Promise<void> {
  const pause = Math.min(600, 5 * 2 ** Math.min(attempt - 1, 8))
  await books.sql`
    update settlement.payout
    set state = coalesce(${state ?? null}::text, state), ask_at = ${seconds(pause, at)},
      reason = case when ${state ?? null}::text is null then reason end
    where id = ${payout} and attempt = ${attempt} and state in ('sending', 'closing', 'accepted')`
}

/** Asks the bank about what is unknown. Answers how many became definite. */
export async function askBank(
  books: Books,
  bank: Bank,
  { limit = 20, at }: Run = {},
): Promise<number> {
  const now = at ?? new Date()
  const due = await books.sql<Payout>`
    update settlement.payout p set attempt = attempt + 1, ask_at = ${seconds(lease, now)}
    where id in (
      select id from settlement.payout where ask_at <= ${now} and gateway = ${bank.gateway}
      order by ask_at limit ${limit} for update skip locked)
    returning id, request, state, attempt, ended_at as "endedAt", exists (
      select from settlement.break b where b.payout = p.id and b.ended_at is null) as broken`
  const answers = await Promise.all(due.map(payout => ask(books, bank, payout, now)))
  return answers.filter(Boolean).length
}

async function ask(books: Books, bank: Bank, payout: Payout, at: Date): Promise<boolean> {
  const { id, request, attempt, state, endedAt, broken } = payout
  if (state === 'closing') return await close(books, bank, { payout: id, attempt, at })
  const said = await bank.query(id)
  const told = endedAt !== null || state === 'unbooked'
  if (said === 'none' && !told && !broken) {
    await instruct(books, bank, { request: await find(books.sql, request), attempt, at })
    return false
  }
  if (said !== 'unknown') {
    const word = said === 'none' ? ({ state: said } as const) : said
    const result = await hear(books, { payout: id, attempt, word, by: bank.gateway, at })
    if (result === 'taken' || result === 'unbooked') return true
  }
  if (told) await watch(books, payout, at)
  else await later(books, { payout: id, attempt, at })
  return false
}

/** One that has ended is asked about once a day, and then no more; with a break, until that ends. */
async function watch(books: Books, { id, attempt, endedAt }: Payout, at: Date): Promise<void> {
  const over = endedAt !== null && seconds(watchedFor, endedAt) <= at
  await books.sql`
    update settlement.payout set ask_at = case
      when ${over} and not exists (
        select from settlement.break where payout = ${id} and ended_at is null) then null
      else ${seconds(86_400, at)}::timestamptz end
    where id = ${id} and attempt = ${attempt} and state in ('unbooked', 'paid', 'bounced')`
}

type Unbooked = Readonly<{
  id: PayoutId
  book: number
  minor: bigint
  currency: string
  gateway: string
  serial: string
}>

/** What the bank has paid is booked as soon as custody can bear it, oldest first. Answers how many were. */
export async function bookPaid(books: Books, { limit = 1000, at }: Run = {}): Promise<number> {
  const waiting = await books.sql<Unbooked>`
    select p.id, r.book, p.minor, p.currency, p.gateway, p.serial
    from settlement.payout p join settlement.request r on r.id = p.request
    where p.state = 'unbooked' order by p.sent_at, p.id limit ${limit}`
  const rooms = new Map<number, bigint>()
  let booked = 0
  for (const one of waiting) {
    const room = rooms.get(one.book) ?? (await roomOf(books, one.book))
    rooms.set(one.book, room)
    if (one.minor > room || !(await bookOne(books, one, at ?? new Date()))) continue
    rooms.set(one.book, room - one.minor)
    booked++
  }
  return booked
}

/** What may still leave custody: the account's sign is turned round. */
async function roomOf(books: Books, book: number): Promise<bigint> {
  const [side] = await books.balances(book, [custody])
  return side ? (side.ceiling ?? 0n) - side.posted - side.in : 0n
}

async function bookOne(books: Books, one: Unbooked, at: Date): Promise<boolean> {
  const { id: payout, minor, currency, serial, gateway: by } = one
  const word = { state: 'paid', amount: { minor, currency }, serial } as const
  try {
    return (
      (await books.write(tx => settle(tx, { payout, word, by, at, unbooked: false }))) === 'taken'
    )
  } catch (error) {
    // Another movement was quicker: next time.
    if (!cannotBook(error)) throw error
    return false
  }
}
