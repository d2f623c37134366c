/**
 * The rules that a book must follow, told once more and from nothing: each entry against those before it.
 * Pure: it is given rows in order, remembers the accounts and the open pends, and says what is wrong with
 * the first row that breaks a rule.
 *
 * Nothing here is taken from decide.ts or from the table's constraints, so that a mistake in those shows.
 */
import { hash } from 'node:crypto'
import type { FoundRow, FoundSide } from './verify.row.ts'

/** The first bad row: where it stands, which column or rule, and what of it is wrong. */
export type Fault = Readonly<{ book: number; seq: bigint; field: string; says: string }>

/** An account after the entries so far. */
export type Known = {
  readonly ref: string
  last: bigint
  entries: bigint
  posted: bigint
  out: bigint
  in: bigint
  floor: bigint | null
  ceiling: bigint | null
  state: bigint
  /** The bars that stand, by the seq of their entries; what each bars is that entry's `pended`. */
  bars: Map<bigint, OpenBar> | undefined
  /** One digest of its milestones, so that their table needs no memory of its own. */
  milestones: string
  /** Where an archived book begins for it: its newest entry then, and how many it had. */
  readonly opening?: Readonly<{ seq: bigint; nth: bigint }>
}
export type OpenPend = Readonly<{
  debit: bigint
  credit: bigint
  minor: bigint
  expiresAt: bigint | null
}>

export type OpenBar = Readonly<{ barred: bigint; expiresAt: bigint | null }>

export class Wrong extends Error {
  readonly field: string

  constructor(field: string, says: string) {
    super(says)
    this.field = field
  }
}
export const wrong = (field: string, says: string): never => {
  throw new Wrong(field, says)
}
const same = (field: string, found: bigint | null, should: bigint | null): void => {
  if (found !== should)
    wrong(field, `is ${found ?? 'empty'}; the entries before it give ${should ?? 'nothing'}`)
}

const [post, pend, settle, cancel, expire, open, limit, freeze, close, memo, bar, lift, lapse] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
]
const most = 10n ** 15n
const closed = 4n

const isMovement = (kind: number) => kind <= expire
const isEnding = (kind: number) => kind === settle || kind === cancel || kind === expire
const isLifting = (kind: number) => kind === lift || kind === lapse

/** Which columns are filled goes by the kind alone. */
export function shape(row: FoundRow): void {
  const { kind, minor, debit, credit } = row
  if (kind < post || kind > lapse) wrong('kind', `${kind} is none of 1 to 13`)
  const moves = isMovement(kind)
  if (moves !== (minor !== null))
    wrong('minor', moves ? 'is missing' : 'moves in a kind that moves nothing')
  if (minor !== null && (minor < 1n || minor > most))
    wrong('minor', `${minor} is not within 1 and ${most}`)
  filled('debit', debit, kind !== memo)
  filled('credit', credit, moves)
  if (debit.account !== null && debit.account === credit.account)
    wrong('credit', 'is the account that is debited')
  const ends = isEnding(kind) || isLifting(kind)
  if (ends !== (row.pend !== null)) wrong('pend', ends ? 'is missing' : 'stands where nothing ends')
  if ((ends || kind === bar) !== (row.pended !== null))
    wrong('pended', ends || kind === bar ? 'is missing' : 'stands where nothing ends')
  if (row.expiresAt !== null && kind !== pend && kind !== bar)
    wrong('expires_at', 'stands where nothing is pended or barred')
  for (const field of ['at', 'expiresAt'] as const)
    if ((row[field] ?? 0n) % 1000n !== 0n)
      wrong(field === 'at' ? 'at' : 'expires_at', 'is finer than a millisecond')
}

function filled(name: 'debit' | 'credit', side: FoundSide, needed: boolean): void {
  if (needed !== (side.account !== null))
    wrong(name, needed ? 'is missing' : 'stands in a kind that has no such side')
  if (needed) return
  for (const [column, value] of Object.entries(side))
    if (value !== null) wrong(`${name}_${column}`, `is ${value} where there is no ${name}`)
}

/** What the sides have from this entry: `posted` moves, `held` is reserved (released when negative). */
function movement({ kind, minor, pended }: FoundRow): { posted: bigint; held: bigint } {
  if (kind === post) return { posted: minor!, held: 0n }
  if (kind === pend) return { posted: 0n, held: minor! }
  if (kind === settle) return { posted: minor!, held: -pended! }
  return { posted: 0n, held: isMovement(kind) ? -minor! : 0n }
}

/** Both sides of an entry, held against the accounts as they were; the accounts then go on from it. */
export function follow(row: FoundRow, accounts: Map<bigint, Known>): void {
  const { kind, seq, debit, credit } = row
  if (kind === memo) return
  if (kind === open) return begin(row, accounts)
  const { posted, held } = movement(row)
  const from = known('debit', debit, accounts)
  continues('debit', kind, debit, from, { posted: -posted, out: held, in: 0n })
  if (isMovement(kind)) {
    const to = known('credit', credit, accounts)
    continues('credit', kind, credit, to, { posted, out: 0n, in: held })
    if (kind <= settle) unbarred(debit.state!, credit.state!)
    become(to, credit, seq)
  } else if (kind >= bar) barring(row, from)
  else alters(kind, debit, from)
  become(from, debit, seq)
}

function known(name: string, { account }: FoundSide, accounts: Map<bigint, Known>): Known {
  return (
    accounts.get(account!) ?? wrong(name, `${account}: no entry before has opened that account`)
  )
}

type Change = Readonly<{ posted: bigint; out: bigint; in: bigint }>

function continues(name: string, kind: number, side: FoundSide, was: Known, by: Change): void {
  same(`${name}_prev`, side.prev, was.last)
  same(`${name}_posted`, side.posted, was.posted + by.posted)
  same(`${name}_out`, side.out, was.out + by.out)
  same(`${name}_in`, side.in, was.in + by.in)
  if (kind !== limit && kind < bar) same(`${name}_floor`, side.floor, was.floor)
  if (kind !== limit) same(`${name}_ceiling`, side.ceiling, was.ceiling)
  if (kind !== freeze && kind !== close && kind < bar) same(`${name}_state`, side.state, was.state)
  within(name, side, kind === limit || by.posted - by.out < 0n)
}

/**
 * The ceiling holds after every entry. So does the floor, unless a bar has raised it above what is there: then
 * it holds for what lowers that, or changes the limits.
 */
function within(
  name: string,
  { posted, out, in: coming, floor, ceiling }: FoundSide,
  lowers: boolean,
): void {
  if (lowers && floor !== null && posted! - out! < floor)
    wrong(`${name}_floor`, `${posted} posted and ${out} pending out fall below ${floor}`)
  if (ceiling !== null && posted! + coming! > ceiling)
    wrong(`${name}_ceiling`, `${posted} posted and ${coming} pending in rise above ${ceiling}`)
}

/** A state from its lowest bit: debits frozen, credits frozen, closed; then three counts of four bits each. */
const isFrozen = (state: bigint, side: 0 | 1) => ((state >> BigInt(side)) & 1n) === 1n
const count = (state: bigint, which: 0 | 1 | 2) => (state >> BigInt(3 + 4 * which)) & 15n

function unbarred(from: bigint, to: bigint): void {
  if (from === closed || isFrozen(from, 0) || count(from, 0) > 0n)
    wrong('debit_state', 'money leaves an account that is barred')
  if (to === closed || isFrozen(to, 1) || count(to, 1) > 0n)
    wrong('credit_state', 'money enters an account that is barred')
}

/** Limit, freeze, close: what they set, on an account that is not closed. */
function alters(kind: number, side: FoundSide, was: Known): void {
  if (was.state === closed) wrong('debit', `${was.ref} is closed and never changes`)
  const { state } = side
  if (kind === freeze) {
    if (state === null || state < 0n || state % 8n > 3n || state / 8n !== was.state / 8n)
      wrong('debit_state', `${state ?? 'empty'} is no state that a freeze can set`)
    return
  }
  if (was.bars?.size)
    wrong('debit', `a bar stands on ${was.ref}: it keeps its limits and stays open`)
  if (kind !== close) return
  if (state !== closed) wrong('debit_state', `is ${state ?? 'empty'} where the account is closed`)
  if (side.posted !== 0n || side.out !== 0n || side.in !== 0n)
    wrong('debit_posted', 'an account is closed that is not empty')
}

/** A bar is laid, or one that stands is ended: the counts and the floor are those of all that stand then. */
function barring({ kind, seq, at, pend: of, pended, expiresAt, debit }: FoundRow, on: Known): void {
  if (on.state === closed) wrong('debit', `${on.ref} is closed and never changes`)
  const before = on.bars ?? new Map<bigint, OpenBar>()
  if (kind !== bar) lifted(kind, at, pended!, before.get(of!), of!)
  else if (pended! < -3n || pended! > most) wrong('pended', `${pended} is nothing that a bar bars`)
  const after = new Map(before)
  if (kind === bar) after.set(seq, { barred: pended!, expiresAt })
  else after.delete(of!)
  if (after.size > 15) wrong('debit_state', `more than 15 bars stand on ${on.ref}`)
  const freeze = on.state % 8n
  const [had, has] = [tallied(before), tallied(after)]
  same('debit_state', debit.state, freeze + has.state)
  if (on.floor === null && pended! > 0n) wrong('debit_floor', 'a bar of an amount needs a floor')
  same('debit_floor', debit.floor, on.floor === null ? null : on.floor - had.amount + has.amount)
  on.bars = after
}

function lifted(kind: number, at: bigint, pended: bigint, was: OpenBar | undefined, of: bigint) {
  if (!was) return wrong('pend', `${of} is no bar that stands on this account`)
  same('pended', pended, was.barred)
  const due = was.expiresAt !== null && was.expiresAt <= at
  if (due !== (kind === lapse))
    wrong('at', due ? `the bar ${of} had lapsed` : `the bar ${of} had not lapsed yet`)
}

/** What bars add up to: how many bar debits, credits and anything, as a state has it; and their amounts. */
function tallied(all: ReadonlyMap<bigint, OpenBar>): { state: bigint; amount: bigint } {
  let [debits, credits, amount] = [0n, 0n, 0n]
  for (const { barred } of all.values()) {
    if (barred === -1n || barred === -3n) debits++
    if (barred === -2n || barred === -3n) credits++
    if (barred > 0n) amount += barred
  }
  return { state: debits * 8n + credits * 128n + BigInt(all.size) * 2048n, amount }
}

function begin({ seq, ref, debit }: FoundRow, accounts: Map<bigint, Known>): void {
  const named = ref ?? wrong('account', 'ledger.account has no name for the account opened here')
  same('debit', debit.account, seq)
  same('debit_prev', debit.prev, null)
  for (const field of ['posted', 'out', 'in', 'state'] as const)
    same(`debit_${field}`, debit[field], 0n)
  within('debit', debit, true)
  const { floor, ceiling } = debit
  accounts.set(seq, {
    ref: named,
    last: seq,
    entries: 1n,
    posted: 0n,
    out: 0n,
    in: 0n,
    floor,
    ceiling,
    state: 0n,
    bars: undefined,
    milestones: '',
  })
}

function become(account: Known, side: FoundSide, seq: bigint): void {
  account.last = seq
  account.entries++
  account.posted = side.posted!
  account.out = side.out!
  account.in = side.in!
  account.floor = side.floor
  account.ceiling = side.ceiling
  account.state = side.state!
  if ((account.entries & 63n) === 0n) account.milestones = milestone(account.milestones, seq)
}

/** Every 64th entry of an account is one: the digest goes on by where it stands. */
export const milestone = (before: string, seq: bigint): string =>
  hash('sha256', `${before} ${seq}`, 'base64')

/** A pend is remembered until its one ending, which must be of the same sum between the same two. */
export function reserve(row: FoundRow, pends: Map<bigint, OpenPend>): void {
  const { kind, seq, minor, at, expiresAt } = row
  if (kind === pend)
    pends.set(seq, {
      debit: row.debit.account!,
      credit: row.credit.account!,
      minor: minor!,
      expiresAt,
    })
  if (!isEnding(kind)) return
  const was = pends.get(row.pend!) ?? wrong('pend', `${row.pend} is no pend that is open`)
  if (was.debit !== row.debit.account) wrong('debit', `the pend ${row.pend} is of another account`)
  if (was.credit !== row.credit.account)
    wrong('credit', `the pend ${row.pend} is of another account`)
  same('pended', row.pended, was.minor)
  if (minor! > was.minor) wrong('minor', `${minor} is more than the ${was.minor} that were pended`)
  if (kind !== settle) same('minor', minor, was.minor)
  const due = was.expiresAt !== null && was.expiresAt <= at
  if (due !== (kind === expire))
    wrong(
      'at',
      due ? `the pend ${row.pend} had expired` : `the pend ${row.pend} had not expired yet`,
    )
  pends.delete(row.pend!)
}
