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
type Run = { state: State; place: number; slots: Slot[] }

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
  const runs = await runsOf(moves)
  const end = await seqOf()
  const taken = moves.map((move, i) => take(runs, move, end + BigInt(i) + 1n))
  const all = [...runs.values()]
  const lasts: number[] = []
  for (const { slots } of all) lasts.push((lasts.at(-1) ?? 0) + slots.length)
  const before = (run: Run) => lasts[run.place - 2] ?? 0
  const more = 4 * lasts.at(-1)! + 5 * all.length + moves.length + 1
  const where = (i: number) => more + 3 * moves.slice(0, i).filter(one => one.more).length
  const entries = taken.flatMap(({ kind, from, to, at }, i) => [
    ...[kind, 1, before(from) + at[0]!, before(to) + at[1]!],
    moves[i]!.more ? where(i) : 0,
  ])
  return {
    accounts: all.length,
    marks: all.some(({ state, slots }) => {
      const nth = Number(state['nth']) - 1
      return nth >> 6 < (nth + slots.length - 1) >> 6
    }),
    m: [...entries, ...all.flatMap(run => run.slots.map(() => run.place)), 0, ...lasts],
    n: [
      ...all.flatMap(run => run.slots.flatMap(one => [one.seq, one.posted, one.out, one.in])),
      ...all.flatMap(({ state }) => [
        number(state['number']),
        (state['nth'] as bigint) - 1n,
        ...['floor', 'ceiling', 'state'].map(term => number(state[term])),
      ]),
      ...moves.map(({ minor }) => minor),
      ...moves.flatMap(one => (one.more ?? []).map(number)),
    ],
    ids: moves.map(() => randomUUID()),
    hashes: Buffer.alloc(32 * moves.length),
    subjects: moves.map(() => null),
    later: '0',
  }
}

/** The slots that the movement leaves on its runs, and their places there. */
function take(runs: ReadonlyMap<Account, Run>, move: Move, seq: bigint) {
  const { kind = 1, debit, credit, minor, more = [] } = move
  const posted = kind === 1 || kind === 3 ? minor : 0n
  const released = kind === 3 ? (more[1] ?? minor) : minor
  const held = kind === 1 ? 0n : kind === 2 ? minor : -released
  const [from, to] = [runs.get(debit)!, runs.get(credit)!]
  const [was, had] = [from.slots.at(-1)!, to.slots.at(-1)!]
  from.slots.push({ ...was, seq, posted: was.posted - posted, out: was.out + held })
  to.slots.push({ ...had, seq, posted: had.posted + posted, in: had.in + held })
  return { kind, from, to, at: [from.slots.length, to.slots.length] }
}

async function runsOf(moves: readonly Move[]): Promise<Map<Account, Run>> {
  const runs = new Map<Account, Run>()
  for (const ref of moves.flatMap(({ debit, credit }) => [debit, credit])) {
    if (runs.has(ref)) continue
    const state = await next(ref)
    const [seq, posted, out, coming] = ['prev', 'posted', 'out', 'in'].map(
      field => state[field] as bigint,
    )
    const base = { seq: seq!, posted: posted!, out: out!, in: coming! }
    runs.set(ref, { state, place: runs.size + 1, slots: [base] })
  }
  return runs
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
