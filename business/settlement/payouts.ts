/**
 * The payout run. Nothing waits for the bank inside a transaction:
 *
 *   send     approved → paying: the intent row, and the money into transit, in one transaction
 *   call     the bank accepts, refuses, or says nothing: then it is asked, never paid again
 *   answer   by signed notice or by query: paid, or bounced, also after it was paid
 *
 * Any number of workers may run this at once: rows are claimed with `skip locked`, and each attempt has
 * a number. Who was overtaken drops its answer.
 */
import { Refusal, type Books, type Id, type Transaction } from '@bursar/kernel'
import { equal } from '@bursar/money'
import type { Bank, BankNotice } from './bank.ts'
import { canTake, find, hold, leadsTo, take, type Request, type RequestId } from './steps.ts'

export type PayoutId = Id<'pay'>
type PayoutState = 'sending' | 'accepted' | 'paid' | 'bounced'
type Payout = Readonly<{
  id: PayoutId
  request: RequestId
  state: PayoutState
  attempt: number
  endedAt: Date | null
}>
/** What the bank says of a payout, by notice or by query. */
export type BankWord = 'paid' | Readonly<{ bounced: string }>
type Run = Readonly<{ limit?: number; at?: Date }>

const seconds = (many: number, from: Date) => new Date(from.getTime() + many * 1000)
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

/** One instruction to the bank. After the first, a "no" may be about this one only: it is asked about. */
async function instruct(
  books: Books,
  bank: Bank,
  { request, attempt, at }: Attempt,
): Promise<void> {
  const { id, amount, payee } = request
  const payout = payoutOf(id)
  const answer = await bank.pay({ payout, amount, payee, remark: id })
  if (answer === 'unknown') return await later(books, { payout, attempt, state: 'sending', at })
  if (answer === 'accepted') return await later(books, { payout, attempt, state: 'accepted', at })
  const refused = attempt === 1 || (await bank.query(payout)) === 'none'
  if (!refused) return await later(books, { payout, attempt, state: 'sending', at })
  await books.write(tx =>
    settle(tx, { payout, attempt, word: { bounced: answer.refused }, by: bank.gateway, at }),
  )
}

type Later = Readonly<{ payout: PayoutId; attempt: number; state: PayoutState; at: Date }>

/** Asked again after 5 s, then 10, 20 … up to ten minutes; unless a notice comes first. */
async function later(books: Books, { payout, attempt, state, at }: Later): Promise<void> {
  const pause = Math.min(600, 5 * 2 ** Math.min(attempt - 1, 8))
  await books.sql`
    update settlement.payout set state = ${state}, ask_at = ${seconds(pause, at)}
    where id = ${payout} and attempt = ${attempt} and state in ('sending', 'accepted')`
}

/** Asks the bank about what is unknown. Answers how many became definite. */
export async function askBank(
  books: Books,
  bank: Bank,
  { limit = 20, at }: Run = {},
): Promise<number> {
  const now = at ?? new Date()
  const due = await books.sql<Payout>`
    update settlement.payout set attempt = attempt + 1, ask_at = ${seconds(lease, now)}
    where id in (
      select id from settlement.payout where ask_at <= ${now} and gateway = ${bank.gateway}
      order by ask_at limit ${limit} for update skip locked)
    returning id, request, state, attempt, ended_at as "endedAt"`
  const answers = await Promise.all(due.map(payout => ask(books, bank, payout, now)))
  return answers.filter(Boolean).length
}

async function ask(books: Books, bank: Bank, payout: Payout, at: Date): Promise<boolean> {
  const { id, request, attempt, state } = payout
  const word = await bank.query(id)
  if (state === 'paid' && typeof word === 'string') await watch(books, payout, at)
  else if (word === 'unknown') await later(books, { payout: id, attempt, state, at })
  else if (word === 'none')
    await instruct(books, bank, { request: await find(books.sql, request), attempt, at })
  else {
    await books.write(tx => settle(tx, { payout: id, attempt, word, by: bank.gateway, at }))
    return true
  }
  return false
}

/** A paid one is asked about once a day, and then no more. */
async function watch(books: Books, { id, endedAt }: Payout, at: Date): Promise<void> {
  const over = endedAt !== null && seconds(watchedFor, endedAt) <= at
  await books.sql`
    update settlement.payout set ask_at = ${over ? null : seconds(86_400, at)}
    where id = ${id} and state = 'paid'`
}

type Settling = Readonly<{
  payout: PayoutId
  /** Of a query or a call: dropped if another attempt has begun since. A notice has none. */
  attempt?: number
  word: BankWord
  by: string
  at: Date
}>

/** Takes the bank's word. Answers what it led to; the same word again leads to nothing. */
async function settle(tx: Transaction, { payout, attempt, word, by, at }: Settling) {
  const found = await holdPayout(tx, payout)
  if (!found) return 'unknown_payout'
  const { request, held } = found
  const step = word === 'paid' ? 'pay' : 'bounce'
  if (request.state === leadsTo(step)) return 'known'
  if (attempt !== undefined && attempt !== held.attempt) return 'known'
  if (!canTake(step, request.state)) return 'out_of_order'
  const reason = word === 'paid' ? null : word.bounced
  const next = word === 'paid' ? seconds(86_400, at) : null
  await tx.sql`
    update settlement.payout
    set state = ${leadsTo(step)}, ended_at = ${at}, reason = ${reason}, ask_at = ${next}
    where id = ${payout}`
  await take(tx, request, { step, by, at, reason })
  return 'taken'
}

/** The request first, then its payout: one order of locks everywhere. */
async function holdPayout(tx: Transaction, payout: string) {
  const [known] = await tx.sql<{ request: RequestId }>`
    select request from settlement.payout where id = ${payout}`
  if (!known) return undefined
  const request = await hold(tx, known.request)
  const [held] = await tx.sql<{ attempt: number }>`
    select attempt from settlement.payout where id = ${payout} for update`
  return { request, held: held! }
}

type Told = Exclude<BankNotice, { kind: 'credit' }>
type Notice = Readonly<{ notice: Told; rawBody: Buffer; at?: Date }>

/** A verified notice, taken exactly once. One that does not fit is kept, and changes nothing. */
export async function bankAnswered(books: Books, bank: Bank, told: Notice): Promise<string> {
  const { notice, rawBody, at = new Date() } = told
  const { gateway } = bank
  return await books.write(async tx => {
    const [before] = await tx.sql<{ outcome: string }>`
      select outcome from settlement.inbox where gateway = ${gateway} and event = ${notice.id}`
    if (before) return before.outcome
    const outcome = await judge(tx, bank, notice, at)
    const added = await tx.sql`
      insert into settlement.inbox (gateway, event, received_at, outcome, payout, body)
      values (${gateway}, ${notice.id}, ${at}, ${outcome}, ${notice.payout}, ${rawBody})
      on conflict do nothing returning event`
    // Its twin was quicker, and has done what this one would do.
    if (!added.length && outcome === 'taken') throw new Refusal('busy', { event: notice.id })
    return outcome
  })
}

async function judge(tx: Transaction, bank: Bank, notice: Told, at: Date): Promise<string> {
  const payout = notice.payout as PayoutId
  const found = await holdPayout(tx, payout)
  if (!found) return 'unknown_payout'
  if (!equal(notice.amount, found.request.amount)) return 'wrong_amount'
  if (notice.account !== bank.account) return 'wrong_account'
  const word: BankWord = notice.kind === 'paid' ? 'paid' : { bounced: notice.reason }
  return await settle(tx, { payout, word, by: bank.gateway, at })
}
