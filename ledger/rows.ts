/**
 * A batch that has not only movements, as numbers and a few texts: ledger/migrations/0008_numbers.sql says
 * what each number is. An array of bigint has no nulls here, so the server finds any of its numbers in one
 * step.
 */
import { head, headed, int4, int8, texts, uuids } from './arrays.ts'
import type { Held, Row } from './overlay.ts'

export type Encoded = Readonly<{
  numbers: Buffer
  /** The first and the last side of each account. */
  moved: Buffer
  /** The sides that are a milestone. */
  marks: Buffer
  ids: Buffer
  hashes: Buffer
  events: Buffer
  subjects: Buffer
  refs: Buffer
}>

const width = 28
const debitAt = 7
const creditAt = 18
/** Stands for null: no sum, number or time of the ledger is as low. */
const none = -(2n ** 63n)

/** Numbers written one after the other, 12 bytes each. The lengths stand before any number does. */
let scratch = numbersFor(256)
const marks: number[] = []
type Place = { first: number; last: number; pair: number }

function numbersFor(rows: number) {
  const bytes = Buffer.alloc(head + rows * width * 12)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = head; at < bytes.length; at += 12) view.setInt32(at, 8)
  return { rows, bytes, view }
}

export function encodeRows(rows: readonly Row[], hashes: readonly Buffer[]): Encoded {
  if (rows.length > scratch.rows) scratch = numbersFor(2 * rows.length)
  const places = new Map<string, Place>()
  marks.length = 0
  const events: string[] = []
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    let event = events.indexOf(row.event)
    if (event < 0) event = events.push(row.event) - 1
    writeRow(row, i * width, event + 1, places)
  }
  return {
    // A copy: a statement that waited for its connection would be sent with the next batch's numbers.
    numbers: Buffer.from(
      headed(int8, rows.length * width, scratch.bytes.subarray(0, head + rows.length * width * 12)),
    ),
    moved: pairs(places),
    marks: placesOf(marks),
    ids: uuids(rows.map(row => row.id)),
    hashes: Buffer.concat(hashes),
    events: texts(events),
    subjects: texts(rows.map(row => row.subject)),
    refs: texts(rows.some(row => row.ref !== null) ? rows.map(row => row.ref) : []),
  }
}

function writeRow(row: Row, o: number, event: number, places: Map<string, Place>): void {
  small(o + 1, row.code)
  small(o + 2, event)
  big(o + 3, row.minor ?? none)
  big(o + 4, row.pend ?? none)
  big(o + 5, row.pended ?? none)
  big(o + 6, row.expiresAt ? BigInt(row.expiresAt.getTime()) : none)
  if (row.debit) side(row.debit, o + debitAt, places)
  else absent(o + debitAt)
  if (row.credit) side(row.credit, o + creditAt, places)
  else if (row.was) {
    absent(o + creditAt)
    state(row.was, o + creditAt)
  } else absent(o + creditAt)
}

/** Links the side to the one before it in this batch. */
function side(held: Held, at: number, places: Map<string, Place>): void {
  const place = places.get(held.ref)
  if (place) small(place.last + 3, at)
  const pair = place ? place.pair : 2 * places.size + 1
  small(at + 2, place ? place.last : -pair)
  small(at + 3, 0)
  if (place) place.last = at
  else places.set(held.ref, { first: at, last: at, pair })
  if (held.nth % 64n === 0n) marks.push(at)
  state(held, at)
}

function state(held: Held, at: number): void {
  big(at, held.number)
  big(at + 1, held.before ?? none)
  big(at + 4, held.nth)
  big(at + 5, held.posted)
  big(at + 6, held.out)
  big(at + 7, held.in)
  big(at + 8, held.floor ?? none)
  big(at + 9, held.ceiling ?? none)
  small(at + 10, held.state)
}

function absent(at: number): void {
  for (let place = at; place < at + 11; place++) big(place, none)
}

/** The n-th number, counted from 1 as PostgreSQL does. */
function big(place: number, value: bigint): void {
  scratch.view.setBigInt64(head - 8 + place * 12, value)
}

function small(place: number, value: number): void {
  const at = head - 8 + place * 12
  scratch.view.setInt32(at, value < 0 ? -1 : 0)
  scratch.view.setInt32(at + 4, value)
}

function pairs(places: ReadonlyMap<string, Place>): Buffer {
  const bytes = Buffer.allocUnsafe(head + places.size * 16)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = head
  for (const { first, last } of places.values()) {
    view.setInt32(at, 4)
    view.setInt32(at + 4, first)
    view.setInt32(at + 8, 4)
    view.setInt32(at + 12, last)
    at += 16
  }
  return headed(int4, places.size * 2, bytes)
}

function placesOf(items: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(head + items.length * 8)
  let at = head
  for (const item of items) {
    bytes.writeInt32BE(4, at)
    bytes.writeInt32BE(item, at + 4)
    at += 8
  }
  return headed(int4, items.length, bytes)
}
