/**
 * The bank's word on a payout, by notice, by query, or by closing: compared, and taken once.
 *
 *   paid      transit out → custody; without the custody to show for it: unbooked, and tried again
 *   bounced   back to earned, also after it was paid
 *   closed    the same: the bank will never execute it
 *
 * A word that does not fit moves nothing, and is a break for people to see.
 */
import { Refusal, type Books, type Transaction } from '@bursar/kernel'
import type { Bank, BankNotice, Outcome } from './bank.ts'
import { agree, differ, isResidue } from './breaks.ts'
import { compare, day, orBarred, reasonOf, seconds, type Heard, type Result } from './hearing.ts'
import { settleResidue } from './residueAnswers.ts'
import {
  hold,
  take,
  type PayoutId,
  type PayoutState,
  type Request,
  type RequestId,
} from './steps.ts'

export type Hearing = Heard & Readonly<{ payout: PayoutId }>
type Settling = Hearing & Readonly<{ unbooked: boolean }>

/** Takes the bank's word. Answers what it led to; the same word again leads to nothing. */
export const hear = (books: Books, heard: Hearing): Promise<Result> =>
  orBarred(unbooked => books.write(tx => settle(tx, { ...heard, unbooked })))

type Held = Readonly<{
  attempt: number
  state: PayoutState
  reason: string | null
  closedAt: Date | null
  broken: boolean
}>

export async function settle(tx: Transaction, settling: Settling): Promise<Result> {
  const { payout, word, at } = settling
  const found = await holdPayout(tx, payout)
  if (!found) return 'unknown_payout'
  const { request, held } = found
  const seen = { ...held, amount: request.amount, closed: held.closedAt !== null }
  return await compare(settling, seen, {
    differ: kind => differ(tx, { about: payout, kind, word, at }),
    agree: () => agree(tx, payout, at),
    askSoon: () => askSoon(tx, payout, at),
    follow: () => follow(tx, settling, request, held),
  })
}

async function askSoon(tx: Transaction, payout: PayoutId, at: Date): Promise<void> {
  await tx.sql`
    update settlement.payout set ask_at = ${at} where id = ${payout} and ended_at is not null`
}

/** The word fits: the books follow it. */
async function follow(
  tx: Transaction,
  { payout, word, by, at, unbooked }: Settling,
  request: Request,
  held: Held,
): Promise<Result> {
  const serial = 'serial' in word ? word.serial : null
  const tomorrow = seconds(day, at)
  if (word.state === 'paid' && unbooked) {
    if (held.state === 'unbooked') return 'known'
    await tx.sql`
      update settlement.payout set state = 'unbooked', serial = ${serial}, ask_at = ${tomorrow}
      where id = ${payout}`
    await differ(tx, { about: payout, kind: 'unbooked', word, at })
    return 'unbooked'
  }
  const closed = word.state === 'closed'
  const reason = word.state === 'paid' ? null : reasonOf(word, held)
  await tx.sql`
    update settlement.payout
    set state = ${word.state === 'paid' ? 'paid' : 'bounced'}, ended_at = ${at}, reason = ${reason},
      ask_at = ${tomorrow}, serial = coalesce(${serial}, serial), closed_at = ${closed ? at : null}
    where id = ${payout}`
  await agree(tx, payout, at)
  await take(tx, request, { step: word.state === 'paid' ? 'pay' : 'bounce', by, at, reason })
  return 'taken'
}

/** The request first, then its payout: one order of locks everywhere. */
async function holdPayout(tx: Transaction, payout: string) {
  const [known] = await tx.sql<{ request: RequestId }>`
    select request from settlement.payout where id = ${payout}`
  if (!known) return undefined
  const request = await hold(tx, known.request)
  const [held] = await tx.sql<Held>`
    select attempt, state, reason, closed_at as "closedAt", exists (
      select from settlement.break where payout = ${payout} and ended_at is null) as broken
    from settlement.payout where id = ${payout} for update`
  return { request, held: held! }
}

type Account = Pick<Bank, 'gateway' | 'account'>
type Told = Exclude<BankNotice, { kind: 'credit' }>
type Notice = Readonly<{ notice: Told; rawBody: Buffer; at?: Date }>

/** A verified notice, taken exactly once. One that does not fit is kept, and moves nothing. */
export function bankAnswered(books: Books, bank: Account, told: Notice): Promise<Result> {
  return orBarred(unbooked => books.write(tx => receive(tx, bank, told, unbooked)))
}

async function receive(
  tx: Transaction,
  { gateway, account }: Account,
  { notice, rawBody, at = new Date() }: Notice,
  unbooked: boolean,
): Promise<Result> {
  const [before] = await tx.sql<{ outcome: Result }>`
    select outcome from settlement.inbox where gateway = ${gateway} and event = ${notice.id}`
  if (before) return before.outcome
  const heard = { word: wordOf(notice), by: gateway, at }
  const settled = () =>
    isResidue(notice.payout)
      ? settleResidue(tx, { ...heard, residue: notice.payout, barred: unbooked })
      : settle(tx, { ...heard, payout: notice.payout as PayoutId, unbooked })
  const outcome = notice.account === account ? await settled() : 'wrong_account'
  const added = await tx.sql`
    insert into settlement.inbox (gateway, event, received_at, outcome, payout, body)
    values (${gateway}, ${notice.id}, ${at}, ${outcome}, ${notice.payout}, ${rawBody})
    on conflict do nothing returning event`
  // Its twin was quicker, and has done what this one would do.
  if (!added.length && outcome === 'taken') throw new Refusal('busy', { event: notice.id })
  return outcome
}

function wordOf(notice: Told): Outcome {
  const { amount, serial } = notice
  return notice.kind === 'paid'
    ? { state: 'paid', amount, serial }
    : { state: 'bounced', amount, serial, reason: notice.reason }
}
