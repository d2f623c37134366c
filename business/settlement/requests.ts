/** Asking, reviewing, and taking back. settlement.ts tells the story, steps.ts has the table. */
import { createHash } from 'node:crypto'
import {
  Refusal,
  transferId,
  type Books,
  type MerchantId,
  type PersonId,
  type Sql,
  type Transaction,
} from '@bursar/kernel'
import { equal, type Money } from '@bursar/money'
import { earned, requested } from './accounts.ts'
import type { Payee } from './bank.ts'
import type { Refused } from './refused.ts'
import { find, hold, record, take, type Request, type RequestId } from './steps.ts'

export type Ask = Readonly<{
  id: RequestId
  merchant: MerchantId
  by: PersonId
  amount: Money
  at?: Date
}>
export type Review = Readonly<{
  id: RequestId
  by: PersonId
  step: 'approve' | 'reject'
  reason?: string
  /** The terms that the reviewer saw. If given, they must still be the request's. */
  seen?: string
  at?: Date
}>
export type Withdrawal = Readonly<{ id: RequestId; by: PersonId; at?: Date }>

type Merchant = Readonly<{ state: string; payee: Payee; book: number }>

/** Sets the sum aside. The caller chooses the id, so asking twice is asking once. */
export async function request(books: Books, ask: Ask): Promise<Request> {
  const { id, merchant, by, amount, at = new Date() } = ask
  if (amount.minor < 1n) throw new Refusal<Refused>('amount_out_of_range', { id })
  return await books.write(async tx => {
    const { state, payee, book } = await holdMerchant(tx, merchant)
    const known = await tx.sql`select from settlement.request where id = ${id}`
    if (known.length) return same(ask, await find(tx.sql, id))
    mustBeOwed(merchant, state)
    await tx.sql`
      insert into settlement.request (id, book, merchant, minor, currency, payee_bank, payee_account,
        payee_name, terms, rests_after, ordinal, requested_by, requested_at)
      select ${id}, ${book}::integer, ${merchant}, ${amount.minor}::bigint, ${amount.currency},
        ${payee.bank}, ${payee.account}, ${payee.name}, ${termsOf(payee, amount)},
        (select id from settlement.request
         where merchant = ${merchant} and state not in ('rejected', 'withdrawn', 'bounced')
         order by ordinal desc limit 1),
        (select coalesce(max(ordinal), 0) + 1 from settlement.request where merchant = ${merchant}),
        ${by}, ${at}::timestamptz`
    await record(tx.sql, id, { step: 'submit', by, at })
    tx.append(book, {
      kind: 'post',
      id: transferId(id, 'request'),
      event: 'settlement_requested',
      subject: id,
      debit: earned(merchant),
      credit: requested(merchant),
      amount,
    })
    return await find(tx.sql, id)
  })
}

/** Taking a step again changes nothing, so a lost answer may be asked for again. */
export async function review(books: Books, ask: Review): Promise<Request> {
  const { id, by, step, at = new Date() } = ask
  const reason = ask.reason?.trim() || null
  return await books.write(async tx => {
    const merchant = await merchantOf(tx.sql, id)
    const { state, payee } = await holdMerchant(tx, merchant)
    const held = await hold(tx, id)
    if (by === held.requestedBy || (await sitsAt(tx.sql, merchant, by)))
      throw new Refusal<Refused>('own_request', { id, by })
    if (decisionOn(held) === step) return held
    if (step === 'reject' && !reason) throw new Refusal<Refused>('reason_missing', { id })
    if (step === 'approve') {
      mustBeOwed(merchant, state)
      const { amount, terms } = held
      const now = [termsOf(held.payee, amount), termsOf(payee, amount), ask.seen ?? terms]
      if (now.some(one => one !== terms)) throw new Refusal<Refused>('payee_changed', { id })
    }
    return await take(tx, held, { step, by, at, reason })
  })
}

/** What was decided, also when the money is on its way since. */
function decisionOn({ state, reviewedBy }: Request): Review['step'] | undefined {
  if (reviewedBy === null) return undefined
  return state === 'rejected' ? 'reject' : 'approve'
}

/** The merchant takes its request back, as long as nobody has decided. */
export async function withdraw(
  books: Books,
  { id, by, at = new Date() }: Withdrawal,
): Promise<Request> {
  return await books.write(async tx => {
    const held = await hold(tx, id)
    const theirs = held.requestedBy === by || (await sitsAt(tx.sql, held.merchant, by))
    if (!theirs) throw new Refusal<Refused>('no_such_request', { id })
    return held.state === 'withdrawn' ? held : await take(tx, held, { step: 'withdraw', by, at })
  })
}

async function merchantOf(sql: Sql, id: RequestId): Promise<MerchantId> {
  const [row] = await sql<{ merchant: MerchantId }>`
    select merchant from settlement.request where id = ${id}`
  if (!row) throw new Refusal<Refused>('no_such_request', { id })
  return row.merchant
}

/** Holds the merchant's standing and payee still; one of another pool's, or of none, is not known. */
async function holdMerchant(tx: Transaction, merchant: MerchantId): Promise<Merchant> {
  const [row] = await tx.sql<Merchant>`
    select m.state, c.book,
      jsonb_build_object('bank', payee_bank, 'account', payee_account, 'name', payee_name) as payee
    from parties.merchant m join custody.merchant c on c.merchant = m.id
    where m.id = ${merchant} for no key update of m`
  if (!row) throw new Refusal<Refused>('no_such_merchant', { merchant })
  return row
}

/** A closed merchant may still ask for what it earned; a suspended one waits, and so does its money. */
function mustBeOwed(merchant: MerchantId, state: string): void {
  if (state !== 'active' && state !== 'closed')
    throw new Refusal<Refused>('merchant_not_open', { merchant, state })
}

async function sitsAt(sql: Sql, merchant: MerchantId, person: PersonId): Promise<boolean> {
  const seats = await sql`
    select from parties.seat
    where organisation = ${merchant} and person = ${person} and ended_at is null`
  return seats.length > 0
}

/** SHA-256 over length-prefixed parts, so that no two different terms have one digest. */
function termsOf({ bank, account, name }: Payee, { minor, currency }: Money): string {
  const hash = createHash('sha256')
  for (const part of ['bursar/terms', bank, account, name, String(minor), currency])
    hash.update(`${Buffer.byteLength(part)}:`).update(part)
  return hash.digest('hex')
}

/** The same id must mean the same request. Anything else is a mistake, not a retry. */
function same(ask: Ask, known: Request): Request {
  const alike =
    ask.merchant === known.merchant &&
    ask.by === known.requestedBy &&
    equal(ask.amount, known.amount)
  if (!alike) throw new Refusal<Refused>('id_already_used', { id: ask.id })
  return known
}
