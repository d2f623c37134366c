/** Batches of movements as an honest appender would send them, to be tampered with. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { book, books, next, number, type State } from './lies.testing.ts'
import type { Account } from './ledger.ts'

export type Move = Readonly<{
  kind?: number
  debit: Account
  credit: Account
  minor: bigint
  /** pend, pended, expires_at */
  more?: readonly (bigint | null)[]
}>

type Slot = { seq: bigint; posted: bigint; out: bigint; in: bigint }
type Line = { state: State; place: number; slots: Slot[] }

export type Batch = {
  accounts: number
  marks: boolean
  m: number[]
  n: (bigint | null)[]
  ids: string[]
  hashes: Buffer
  subjects: (string | null)[]
  later: string
}

/** Where a number stands: ledger/migrations/0009_moves.sql. Counted from 0. */
export const placesOf = ({ ids, accounts }: Batch) => {
  const slots = 2 * ids.length + accounts
  return {
    slots,
    owner: (slot: number) => 5 * ids.length + slot - 1,
    last: (account: number) => 5 * ids.length + slots + account,
    state: (slot: number) => 4 * slot - 4,
    account: (account: number) => 4 * slots + 5 * account - 5,
    minor: (entry: number) => 4 * slots + 5 * accounts + entry - 1,
  }
}

export async function batchOf(moves: readonly Move[]): Promise<Batch> {
  const lines = await linesOf(moves)
  const end = await seqOf()
  const rows = moves.map((move, i) => {
    const { kind = 1, debit, credit, minor, more = [] } = move
    const posted = kind === 1 || kind === 3 ? minor : 0n
    const held = kind === 1 ? 0n : kind === 2 ? minor : -(more[1] ?? minor)
    const seq = end + BigInt(i) + 1n
    const from = lines.get(debit)!
    const to = lines.get(credit)!
    const before = [from.slots.at(-1)!, to.slots.at(-1)!] as const
    from.slots.push({
      ...before[0],
      seq,
      posted: before[0].posted - posted,
      out: before[0].out + held,
    })
    to.slots.push({
      ...before[1],
      seq,
      posted: before[1].posted + posted,
      in: before[1].in + held,
    })
    return {
      kind,
      from,
      to,
      at: [from.slots.length, to.slots.length] as const,
    }
  })
  const firsts = new Map<Line, number>()
  let slots = 0
  for (const line of lines.values()) {
    firsts.set(line, slots)
    slots += line.slots.length
  }
  const all = [...lines.values()]
  const minors = 4 * slots + 5 * all.length
  const wheres = moves.map((move, i) => {
    const earlier = moves.slice(0, i).filter(one => one.more).length
    return move.more ? minors + moves.length + 3 * earlier + 1 : 0
  })
  return {
    accounts: all.length,
    marks: all.some(({ state, slots: own }) => {
      const nth = Number(state['nth']) - 1
      return nth >> 6 < (nth + own.length - 1) >> 6
    }),
    m: [
      ...rows.flatMap(({ kind, from, to, at }, i) => [
        kind,
        1,
        firsts.get(from)! + at[0],
        firsts.get(to)! + at[1],
        wheres[i]!,
      ]),
      ...all.flatMap(line => line.slots.map(() => line.place)),
      0,
      ...all.map(line => firsts.get(line)! + line.slots.length),
    ],
    n: [
      ...all.flatMap(line => line.slots.flatMap(one => [one.seq, one.posted, one.out, one.in])),
      ...all.flatMap(({ state }) => [
        number(state['number']),
        (state['nth'] as bigint) - 1n,
        ...['floor', 'ceiling', 'state'].map(term => number(state[term])),
      ]),
      ...moves.map(({ minor }) => minor),
      ...moves.flatMap(({ more = [] }) => more.map(number)),
    ],
    ids: moves.map(() => randomUUID()),
    hashes: Buffer.alloc(32 * moves.length),
    subjects: moves.map(() => null),
    later: '0',
  }
}

async function linesOf(moves: readonly Move[]): Promise<Map<Account, Line>> {
  const lines = new Map<Account, Line>()
  for (const ref of moves.flatMap(({ debit, credit }) => [debit, credit])) {
    if (lines.has(ref)) continue
    const state = await next(ref)
    const [seq, posted, out, coming] = ['prev', 'posted', 'out', 'in'].map(
      field => state[field] as bigint,
    )
    const base = { seq: seq!, posted: posted!, out: out!, in: coming! }
    lines.set(ref, { state, place: lines.size + 1, slots: [base] })
  }
  return lines
}

const seqOf = async () =>
  (
    await books.sql<{
      seq: bigint
    }>`select seq from ledger.book where book = ${book}`
  )[0]!.seq

export async function send(batch: Batch): Promise<string> {
  const { accounts, marks, m, n, ids, hashes, subjects, later } = batch
  const [found] = await books.sql<{ answer: string }>`
    select a.answer from ledger.book b, lateral ledger.move(
      b.book, b.seq, b.head,
      greatest(b.at, date_trunc('milliseconds', clock_timestamp())) + ${later}::interval,
      ${accounts}, ${marks}, ${m}, ${n}, ${ids}, ${hashes}, array['lie'], ${subjects}) a
    where b.book = ${book}`
  return found!.answer
}

/** Sends the movements with a lie in them, which must be refused; `why` says by what. */
export async function refused(
  moves: readonly Move[],
  tamper: (batch: Batch) => unknown,
  why = /do not continue/,
  lie?: string,
): Promise<void> {
  const batch = await batchOf(moves)
  tamper(batch)
  await assert.rejects(send(batch), why, lie)
}
