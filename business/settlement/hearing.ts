/**
 * The bank's word on what it was told to pay, a payout or a residue: what it means in each state, and when it is to be
 * believed. One that does not fit moves nothing; whoever keeps the payment writes it down, until the bank and the books
 * agree.
 */
import { Refusal } from '@bursar/kernel'
import { equal, type Money } from '@bursar/money'
import type { BreakKind, Word } from './breaks.ts'

/** What a word led to: as the inbox keeps it. */
export type Result =
  | 'taken'
  | 'known'
  | 'out_of_order'
  | 'unknown_payout'
  | 'wrong_account'
  | BreakKind

/** `unbooked`: paid, and `returning`: bounced, which the books cannot take yet. */
export type Told =
  | 'sending'
  | 'closing'
  | 'accepted'
  | 'unbooked'
  | 'paid'
  | 'returning'
  | 'bounced'
type Meaning = 'take' | 'agree' | 'waits' | 'wrong_state'

/** What each word means in each state. `bounced` is also what was closed. */
const meanings = {
  paid: {
    ...whileOpen('take'),
    ...{ unbooked: 'take', paid: 'agree', returning: 'wrong_state', bounced: 'wrong_state' },
  },
  bounced: {
    ...whileOpen('take'),
    ...{ unbooked: 'take', paid: 'take', returning: 'take', bounced: 'agree' },
  },
  closed: {
    ...whileOpen('take'),
    ...{ unbooked: 'wrong_state', paid: 'wrong_state', returning: 'take', bounced: 'agree' },
  },
  none: {
    ...whileOpen('waits'),
    ...{ unbooked: 'wrong_state', paid: 'wrong_state', returning: 'waits', bounced: 'agree' },
  },
} as const satisfies Record<Word['state'], Record<Told, Meaning>>

function whileOpen<M extends Meaning>(means: M) {
  return { sending: means, closing: means, accepted: means } as const
}

export type Heard = Readonly<{
  /** Of a query or a call: dropped if another attempt has begun since. A notice has none. */
  attempt?: number
  word: Word
  by: string
  at: Date
}>
export type Held = Readonly<{
  attempt: number
  /** Null: the bank was never told of it. */
  state: Told | null
  amount: Money
  /** The bank has said that it will never execute it. */
  closed: boolean
  /** The bank and the books differ on it already. */
  broken: boolean
}>
/** What whoever keeps the payment does about a word. */
export type Keeper = Readonly<{
  differ(kind: Exclude<BreakKind, 'unbooked'>): Promise<void>
  agree(): Promise<void>
  /** What has ended is asked about at once; what has not is being asked about anyway. */
  askSoon(): Promise<void>
  follow(): Promise<Result>
}>

export async function compare(heard: Heard, held: Held, keeper: Keeper): Promise<Result> {
  const { attempt, word } = heard
  const notice = attempt === undefined
  if (!notice && attempt !== held.attempt) return 'known'
  const no = async (kind: Exclude<BreakKind, 'unbooked'>): Promise<Result> => {
    await keeper.differ(kind)
    if (notice) await keeper.askSoon()
    return kind
  }
  if ('amount' in word && !equal(word.amount, held.amount)) return await no('wrong_amount')
  const means: Meaning = held.state ? meanings[word.state][held.state] : 'wrong_state'
  if (means === 'waits') return 'known'
  if (means === 'agree') {
    await keeper.agree()
    return 'known'
  }
  // Bounced may be told before paid. What the bank has closed, it may never pay.
  if (means === 'wrong_state' && notice && held.state && !held.closed && word.state === 'paid') {
    await keeper.askSoon()
    return 'out_of_order'
  }
  // It spoke of a payment before: that it never will is no answer to that.
  const denied = word.state === 'closed' && held.broken
  if (means === 'wrong_state' || denied) return await no('wrong_state')
  return await keeper.follow()
}

/** Why it came back: the bank's words, or its "no" that had it closed. */
export const reasonOf = (word: Word, { reason }: Readonly<{ reason: string | null }>): string =>
  (word.state === 'bounced' ? word.reason : (reason ?? 'closed_by_bank')).slice(0, 500)

export const day = 86_400
export const seconds = (many: number, from: Date) => new Date(from.getTime() + many * 1000)

/** The bank has paid, whether or not the books can take it: then the second try writes that down. */
export async function orBarred<T>(work: (barred: boolean) => Promise<T>): Promise<T> {
  try {
    return await work(false)
  } catch (error) {
    if (!cannotBook(error)) throw error
    return await work(true)
  }
}

const bars: ReadonlySet<string> = new Set(['no_room', 'account_frozen', 'account_closed'])
export const cannotBook = (error: unknown): boolean =>
  error instanceof Refusal && bars.has(error.code)
