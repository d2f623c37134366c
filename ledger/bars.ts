/**
 * Bars: who may orders that an account be barred, under an id of its own. Several may stand on one account, and
 * it is free when the last is lifted or has lapsed. A bar of an amount raises the account's floor by it,
 * covered or not: what is there is kept, and what comes in is, up to the amount.
 *
 * An account's `state` counts them, so that each state follows from the one before by adding:
 *
 *   1 debits, 2 credits   what a freeze bars        8 …   how many bars bar debits
 *   4                     closed                    128 …  credits        2048 …  how many stand, of any kind
 */
import type { Money } from '@bursar/money'
import type { AccountState, Barred } from './types.ts'

export const states = [
  'open',
  'no_debits',
  'no_credits',
  'sealed',
] as const satisfies AccountState[]
export const closed = 4
const debits = 8
const credits = 128
const standing = 2048
/** So many may stand on an account at once: each is counted in four bits. */
export const barsMost = 15

/** What of an account is barred, whoever has barred it. */
export function stateOf(state: number): AccountState {
  if (state & closed) return 'closed'
  return states[Number(bars(state, 1)) + 2 * Number(bars(state, 2))]!
}

/** What the last freeze has set, whatever bars stand beside it. */
export const frozenAs = (state: number): AccountState =>
  state & closed ? 'closed' : states[state & 3]!
/** The state with another freeze beside the bars that stand. */
export const frozen = (state: number, to: AccountState): number =>
  (state & ~3) | states.indexOf(to as (typeof states)[number])

/** Whether debits (1) or credits (2) are barred, by a freeze, a bar or for ever. */
export const bars = (state: number, side: 1 | 2): boolean =>
  (state & (closed | side | (15 * (side === 1 ? debits : credits)))) !== 0

/** How many bars stand. */
export const barsOn = (state: number): number => Math.floor(state / standing)

/** What a bar adds to the state: `barred` is an amount where above 0, else a kind of movement. */
export function counted(barred: bigint): number {
  const kinds = barred < 0n ? Number(-barred) : 0
  return standing + (kinds & 1) * debits + ((kinds & 2) / 2) * credits
}

/** What a bar adds to the floor. */
export const floored = (barred: bigint): bigint => (barred > 0n ? barred : 0n)

const movements = ['closing', 'debits', 'credits', 'both'] as const

/** What a bar bars, as one number: an amount, or 0 closing alone, −1 debits, −2 credits, −3 both. */
export const numberOf = (barred: Exclude<Barred, Money>): bigint =>
  -BigInt(movements.indexOf(barred))
export const barredOf = (barred: bigint, currency: string): Barred =>
  barred > 0n ? { minor: barred, currency } : movements[-Number(barred)]!
