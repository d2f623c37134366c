/**
 * The rules, pure: from the states of accounts, the time and what is asked, to the rows that would
 * stand in the book, or a Refusal. Nothing here waits, reads a clock or remembers.
 *
 *   available = posted − out − floor      what may still be debited
 *   room      = ceiling − posted − in     what may still be credited
 */
import type { Money } from '@bursar/money'
import { bars, barsMost, barsOn, closed, counted, floored, frozen, numberOf } from './bars.ts'
import { change, reform, rowOf } from './entry.ts'
import { Refusal, type Refused } from './refusal.ts'
import type { Account, Draft } from './types.ts'
import { Overlay, type Asked, type Held, type Pending, type Row, type View } from './overlay.ts'

/** The largest sum that one entry may move: 10^15 of the smallest coin, ten trillion yuan. */
export const most = 10n ** 15n

const no = (code: Refused, facts: Record<string, unknown>): never => {
  throw new Refusal<Refused>(code, facts)
}

/**
 * Decides one command's entries, which stand or fall together, from `seq` onwards, and leaves the changes
 * on the overlay. When it throws, the overlay is as it was: one entry changes nothing before its last
 * check, and several are tried on an overlay of their own.
 */
export function decide(on: Overlay, at: Date, seq: bigint, asked: readonly Asked[]): Row[] {
  if (asked.length === 1) return [decideOne(on, at, seq, asked[0]!)]
  const trial = new Overlay(on)
  const rows = asked.map((draft, place) => decideOne(trial, at, seq + BigInt(place), draft))
  on.take(trial)
  return rows
}

function decideOne(on: Overlay, at: Date, seq: bigint, draft: Asked): Row {
  switch (draft.kind) {
    case 'post':
    case 'pend':
      return move(on, seq, draft)
    case 'settle':
    case 'void':
    case 'expire':
      return end(on, at, seq, draft)
    case 'open':
      return open(on, seq, draft)
    case 'memo':
      return rowOf(seq, draft)
    case 'bar':
      return bar(on, seq, draft)
    case 'lift':
    case 'lapse':
      return lift(on, at, seq, draft)
    default:
      return alter(on, seq, draft)
  }
}

type Moves = Extract<Draft, { kind: 'post' | 'pend' }>

function move(on: Overlay, seq: bigint, draft: Moves): Row {
  const minor = sum(on, draft.amount)
  if (draft.debit === draft.credit) no('same_account', { account: draft.debit })
  const from = known(on, draft.debit)
  const to = known(on, draft.credit)
  payable(from, to, minor)
  const { posted, out } = from
  const posts = draft.kind === 'post'
  const debit = posts
    ? change(on, from, seq, posted - minor, out, from.in)
    : change(on, from, seq, posted, out + minor, from.in)
  const credit = posts
    ? change(on, to, seq, to.posted + minor, to.out, to.in)
    : change(on, to, seq, to.posted, to.out, to.in + minor)
  if (posts) return rowOf(seq, draft, { minor, debit, credit })
  const expiresAt = draft.expiresAt ?? null
  const pend = {
    seq,
    debit: from.ref,
    credit: to.ref,
    minor,
    expiresAt,
    ended: false,
  }
  on.pendingNow.set(draft.id, pend)
  return rowOf(seq, draft, { minor, expiresAt, debit, credit })
}

/** Both accounts let this sum pass: not barred, enough available, enough room. */
function payable(from: Held, to: Held, minor: bigint): void {
  unbarred(from, 1)
  unbarred(to, 2)
  const { floor } = from
  const available = floor === null ? null : from.posted - from.out - floor
  if (available !== null && available < minor)
    no('insufficient_funds', {
      account: from.ref,
      available: positive(available),
      minor,
    })
  const room = to.ceiling === null ? null : to.ceiling - to.posted - to.in
  if (room !== null && room < minor) no('no_room', { account: to.ref, room, minor })
}

/** What is available is below nothing where a bar keeps more than is there. */
const positive = (sum: bigint) => (sum > 0n ? sum : 0n)

type Ends = Extract<Asked, { kind: 'settle' | 'void' | 'expire' }>

/** Settles, voids or expires a pend: what it reserved is released, and what is settled moves. */
function end(on: Overlay, at: Date, seq: bigint, draft: Ends): Row {
  const pend = on.pending(draft.pend)
  if (!pend || pend.credit === null) return no('no_such_pend', { pend: draft.pend })
  if (pend.ended || (draft.kind === 'expire') !== isDue(pend, at))
    no('pend_ended', { pend: draft.pend })
  const settled = draft.kind === 'settle'
  const minor = settled && draft.amount ? sum(on, draft.amount) : pend.minor
  if (minor > pend.minor) no('pend_exceeded', { pend: draft.pend, pended: pend.minor, minor })

  const from = on.held(pend.debit)!
  const to = on.held(pend.credit)!
  if (settled) {
    unbarred(from, 1)
    unbarred(to, 2)
  }
  const moved = settled ? minor : 0n
  const debit = change(on, from, seq, from.posted - moved, from.out - pend.minor, from.in)
  const credit = change(on, to, seq, to.posted + moved, to.out, to.in - pend.minor)
  on.pendingNow.set(draft.pend, { ...pend, ended: true })
  return rowOf(seq, draft, {
    minor,
    pend: pend.seq,
    pended: pend.minor,
    debit,
    credit,
  })
}

const isDue = ({ expiresAt }: Pending, at: Date) => expiresAt !== null && expiresAt <= at

function bar(on: Overlay, seq: bigint, draft: Extract<Draft, { kind: 'bar' }>): Row {
  const held = changeable(on, draft.account)
  const { ref, floor, state } = held
  if (barsOn(state) === barsMost) no('bars_full', { account: ref, most: barsMost })
  const barred = typeof draft.bars === 'string' ? numberOf(draft.bars) : sum(on, draft.bars)
  if (barred > 0n && floor === null) no('no_floor', { account: ref })
  const raised = floor === null ? null : floor + floored(barred)
  if (raised !== null && BigInt.asIntN(64, raised) !== raised)
    no('limits_crossed', { account: ref, floor: raised })
  const expiresAt = draft.expiresAt ?? null
  on.pendingNow.set(draft.id, {
    seq,
    debit: ref,
    credit: null,
    minor: barred,
    expiresAt,
    ended: false,
  })
  const debit = reform(on, held, seq, {
    floor: raised,
    state: state + counted(barred),
  })
  return rowOf(seq, draft, { pended: barred, expiresAt, debit, was: held })
}

/** Lifts a bar, or lets it lapse: what it added to the state and to the floor is taken back. */
function lift(on: Overlay, at: Date, seq: bigint, draft: Lifts): Row {
  const laid = on.pending(draft.bar)
  if (!laid || laid.credit !== null) return no('no_such_bar', { bar: draft.bar })
  if (laid.ended || (draft.kind === 'lapse') !== isDue(laid, at))
    no('bar_ended', { bar: draft.bar })
  const held = on.held(laid.debit)!
  on.pendingNow.set(draft.bar, { ...laid, ended: true })
  const floor = held.floor === null ? null : held.floor - floored(laid.minor)
  const debit = reform(on, held, seq, {
    floor,
    state: held.state - counted(laid.minor),
  })
  return rowOf(seq, draft, {
    pend: laid.seq,
    pended: laid.minor,
    debit,
    was: held,
  })
}

type Lifts = Extract<Asked, { kind: 'lift' | 'lapse' }>

function open(on: Overlay, seq: bigint, draft: Extract<Draft, { kind: 'open' }>): Row {
  const { account: ref, floor = 0n, ceiling = null } = draft
  if (on.held(ref)) no('account_exists', { account: ref })
  const held = {
    number: seq,
    ref,
    last: seq,
    before: null,
    nth: 1n,
    posted: 0n,
    out: 0n,
    in: 0n,
    floor,
    ceiling,
    state: 0,
  }
  within(held)
  on.heldNow.set(ref, held)
  return rowOf(seq, draft, { ref, debit: held, was: held })
}

type Alters = Extract<Draft, { kind: 'limit' | 'freeze' | 'close' }>

/** An entry with one side and no amount: other limits, another state, the end. */
function alter(on: Overlay, seq: bigint, draft: Alters): Row {
  const held = changeable(on, draft.account)
  // Whoever laid the bar relies on the account's being there, and on its floor.
  if (draft.kind !== 'freeze' && barsOn(held.state) > 0) no('account_frozen', { account: held.ref })
  if (draft.kind === 'limit') {
    const { floor = held.floor, ceiling = held.ceiling } = draft
    within({ ...held, floor, ceiling })
    const debit = reform(on, held, seq, { floor, ceiling })
    return rowOf(seq, draft, { debit, was: held })
  }
  if (draft.kind === 'close' && (held.posted || held.out || held.in))
    no('account_not_empty', { account: held.ref, posted: held.posted })
  if (draft.kind === 'freeze' && draft.state === 'closed')
    throw new RangeError('An account is closed by a close entry, not by a freeze')
  const state = draft.kind === 'close' ? closed : frozen(held.state, draft.state)
  return rowOf(seq, draft, {
    debit: reform(on, held, seq, { state }),
    was: held,
  })
}

const known = (on: View, account: Account): Held =>
  on.held(account) ?? no('no_such_account', { account })

/** An account that is there and not closed. */
function changeable(on: View, account: Account): Held {
  const held = known(on, account)
  if (held.state === closed) no('account_closed', { account })
  return held
}

/** `side` is 1 for debits, 2 for credits. */
function unbarred({ state, ref }: Held, side: 1 | 2): void {
  if (state === 0) return
  if (state === closed) no('account_closed', { account: ref })
  if (bars(state, side)) no('account_frozen', { account: ref })
}

function within({ ref, posted, out, in: coming, floor, ceiling }: Held): void {
  for (const limit of [floor, ceiling])
    if (limit !== null && BigInt.asIntN(64, limit) !== limit)
      throw new RangeError(`A limit of ${limit} is larger than the books can hold`)
  const crossed =
    (floor !== null && posted - out < floor) ||
    (ceiling !== null && posted + coming > ceiling) ||
    (floor !== null && ceiling !== null && floor > ceiling)
  if (crossed) no('limits_crossed', { account: ref, floor, ceiling, posted })
}

function sum(on: View, { minor, currency }: Money): bigint {
  if (minor < 1n || minor > most) no('amount_out_of_range', { minor, most })
  if (currency !== on.currency) no('other_currency', { currency, book: on.currency })
  return minor
}
