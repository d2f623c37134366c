/**
 * A batch of movements alone, as numbers and a few texts: ledger/migrations/0009_moves.sql says what each
 * number is. The states of an account stand together, and each is said once.
 */
import { head, headed, int4, int8, texts, uuids, viewOf } from './arrays.ts'
import type { Held, Row } from './overlay.ts'

export type Moves = Readonly<{
  accounts: number
  /** Whether an account's 64th, 128th … entry is among them. */
  marks: boolean
  places: Buffer
  numbers: Buffer
  ids: Buffer
  hashes: Buffer
  events: Buffer
  subjects: Buffer
}>

/** A movement has both sides and an amount. */
type Move = Row & Readonly<{ debit: Held; credit: Held; minor: bigint }>

export const areMoves = (rows: readonly Row[]): rows is readonly Move[] =>
  rows.length > 0 && rows.every(({ code }) => code <= 5)

/** Stands for null: no sum, number or time of the ledger is as low. */
const none = -(2n ** 63n)

/** An account in the batch: its place among them, its first entry, the slot and the state that were written last. */
type Run = {
  readonly place: number
  readonly first: Move
  readonly debits: boolean
  entries: number
  slot: number
  held: Held | undefined
}

export function encodeMoves(rows: readonly Move[], hashes: readonly Buffer[]): Moves {
  const runs = runsOf(rows)
  const events: string[] = []
  const writer = new Writer(rows.length, runs.size, rows.filter(row => row.code > 1).length)
  let slot = 0
  let marks = false
  for (const run of runs.values()) {
    run.slot = slot + 1
    slot += 1 + run.entries
    marks = writer.account(run, slot) || marks
  }
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    let event = events.indexOf(row.event)
    if (event < 0) event = events.push(row.event) - 1
    const debit = writer.state(runs.get(row.debit.ref)!, row.debit)
    const credit = writer.state(runs.get(row.credit.ref)!, row.credit)
    writer.entry(i, row, event + 1, debit, credit)
  }
  return {
    accounts: runs.size,
    marks,
    ...writer.written(),
    ids: uuids(rows.map(row => row.id)),
    hashes: Buffer.concat(hashes),
    events: texts(events),
    subjects: texts(rows.map(row => row.subject)),
  }
}

function runsOf(rows: readonly Move[]): Map<string, Run> {
  const runs = new Map<string, Run>()
  const count = (ref: string, first: Move, debits: boolean) => {
    const run = runs.get(ref)
    if (run) run.entries++
    else
      runs.set(ref, {
        place: runs.size + 1,
        first,
        debits,
        entries: 1,
        slot: 0,
        held: undefined,
      })
  }
  for (const row of rows) {
    count(row.debit.ref, row, true)
    count(row.credit.ref, row, false)
  }
  return runs
}

const follows = (was: Held, held: Held): boolean =>
  held.before === was.last &&
  held.nth === was.nth + 1n &&
  held.floor === was.floor &&
  held.ceiling === was.ceiling &&
  held.state === was.state

/** Writes the two arrays, m of 8 bytes an item and n of 12. */
class Writer {
  readonly #m: Buffer
  readonly #n: Buffer
  readonly #places: DataView
  readonly #numbers: DataView
  readonly #owners: number
  readonly #lasts: number
  readonly #accounts: number
  readonly #minors: number
  #more: number

  constructor(entries: number, accounts: number, others: number) {
    const slots = 2 * entries + accounts
    this.#owners = 5 * entries
    this.#lasts = this.#owners + slots + 1
    this.#accounts = 4 * slots - 4
    this.#minors = 4 * slots + 5 * accounts
    this.#more = this.#minors + entries + 1
    this.#m = Buffer.allocUnsafe(head + (this.#lasts + accounts) * 8)
    this.#n = Buffer.allocUnsafe(head + (this.#more - 1 + 3 * others) * 12)
    this.#places = viewOf(this.#m)
    this.#numbers = viewOf(this.#n)
    this.#place(this.#lasts, 0)
  }

  /** The account as it was before its first entry of the batch. Answers whether it passes a milestone. */
  account({ place, first, debits, entries, slot }: Run, last: number): boolean {
    this.#place(this.#lasts + place, last)
    this.#place(this.#owners + slot, place)
    const { code, minor, debit, credit } = first
    const held = debits ? debit : credit
    const moved = code === 1 || code === 3 ? minor : 0n
    const reserved = code === 1 ? 0n : code === 2 ? minor : code === 3 ? -first.pended! : -minor
    const at = 4 * slot - 3
    this.#number(at, held.before ?? 0n)
    this.#number(at + 1, debits ? held.posted + moved : held.posted - moved)
    this.#number(at + 2, debits ? held.out - reserved : held.out)
    this.#number(at + 3, debits ? held.in : held.in - reserved)
    const own = this.#accounts + 5 * place
    this.#number(own, held.number)
    this.#number(own + 1, held.nth - 1n)
    this.#number(own + 2, held.floor ?? none)
    this.#number(own + 3, held.ceiling ?? none)
    this.#number(own + 4, BigInt(held.state))
    return ((Number(held.nth) - 1) % 64) + entries >= 64
  }

  /** The account as an entry leaves it. Answers the slot. What is not sent is covered by the hash: it must follow too. */
  state(run: Run, held: Held): number {
    if (run.held && !follows(run.held, held))
      throw new RangeError(`The entries of ${held.ref} do not continue one another at ${held.last}`)
    run.held = held
    const slot = ++run.slot
    this.#place(this.#owners + slot, run.place)
    const at = 4 * slot - 3
    this.#number(at, held.last)
    this.#number(at + 1, held.posted)
    this.#number(at + 2, held.out)
    this.#number(at + 3, held.in)
    return slot
  }

  entry(i: number, row: Move, event: number, debit: number, credit: number): void {
    const at = 5 * i + 1
    this.#place(at, row.code)
    this.#place(at + 1, event)
    this.#place(at + 2, debit)
    this.#place(at + 3, credit)
    this.#place(at + 4, row.code === 1 ? 0 : this.#more)
    this.#number(this.#minors + i + 1, row.minor)
    if (row.code === 1) return
    this.#number(this.#more++, row.pend ?? none)
    this.#number(this.#more++, row.pended ?? none)
    this.#number(this.#more++, row.expiresAt ? BigInt(row.expiresAt.getTime()) : none)
  }

  written(): { places: Buffer; numbers: Buffer } {
    return {
      places: headed(int4, (this.#m.length - head) / 8, this.#m),
      numbers: headed(int8, (this.#n.length - head) / 12, this.#n),
    }
  }

  /** The n-th item, counted from 1 as PostgreSQL does. */
  #place(nth: number, value: number): void {
    const at = head - 8 + nth * 8
    this.#places.setInt32(at, 4)
    this.#places.setInt32(at + 4, value)
  }

  #number(nth: number, value: bigint): void {
    const at = head - 12 + nth * 12
    this.#numbers.setInt32(at, 8)
    this.#numbers.setBigInt64(at + 4, value)
  }
}
