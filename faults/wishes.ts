/**
 * What the tellers ask for: a pure function of the run, the caller and the step. So who checks knows
 * every wish without having been told it, also those of a process that was killed.
 *
 *   transfers, alone and linked · pends, settled in part, voided, expired · refusals, one in eight at
 *   least · a row that rides with each · and, on some steps only, commands that rest on a fact: while one
 *   of those waits, the gatherer prepares nothing ahead
 */
import type { Account, Command, Draft, Facts, Ride } from '@bursar/ledger'
import { diceFor, idFor, type Dice } from './dice.ts'

export type Run = Readonly<{ book: number; seed: number; start: number }>
export type Wish = Readonly<{
  name: string
  drafts: readonly Draft[]
  /** The fact that it rests on. */
  till: string | undefined
  /** What it ends, if it ends a pend. */
  ends: Wish | undefined
}>

export const purses = 40
export const tills = ['till/1', 'till/2', 'till/3']
export const fen = (sum: number) => ({ minor: BigInt(sum), currency: 'CNY' })
const purse = (number: number): Account => `purse/${number}`
const minutes = 60_000

/** What the book holds before anybody asks: purses with ten yuan each. */
export const beginning = ({ book, seed }: Run): Draft[] => [
  {
    kind: 'open',
    id: idFor(seed, book, 'pool'),
    event: 'open',
    account: 'pool/custody',
    floor: null,
  },
  ...Array.from({ length: purses }, (_, number): Draft[] => [
    { kind: 'open', id: idFor(seed, book, 'open', number), event: 'open', account: purse(number) },
    {
      kind: 'post',
      id: idFor(seed, book, 'fill', number),
      event: 'fill',
      debit: 'pool/custody',
      credit: purse(number),
      amount: fen(1000),
    },
  ]).flat(),
]

/** Facts are asked for on two steps of sixteen: callers go about in step, so between them is a clear run. */
const restsOnFact = (step: number, dice: Dice) => step % 16 > 13 && dice.once(3)

export function wishOf(run: Run, caller: string, step: number): Wish {
  const words = [run.seed, run.book, caller, step] as const
  const dice = diceFor(...words)
  const id = (part: string) => idFor(...words, part)
  const name = `${caller}.${step}`
  const plain = (...drafts: Draft[]): Wish => ({ name, drafts, till: undefined, ends: undefined })
  const [a, b, c] = [dice.below(purses), dice.below(purses), dice.below(purses)].map(purse)
  const move = (part: string, debit: Account, credit: Account, sum: number): Draft => ({
    kind: 'post',
    id: id(part),
    event: 'move',
    debit,
    credit,
    amount: fen(sum),
  })
  if (restsOnFact(step, dice)) {
    const draft = { ...move('only', a!, b!, 1), event: 'till' }
    return { ...plain(draft), till: dice.of(tills) }
  }
  const kind = dice.below(100)
  const sum = 1 + dice.below(120)
  if (kind < 60) return plain(move('only', a!, b!, sum))
  if (kind < 68) return plain(move('first', a!, b!, sum), move('second', b!, c!, sum))
  if (kind < 72) return plain(move('only', a!, b!, 1_000_000_000))
  if (kind < 86 || step === 0) return plain(pendOf(run, id('only'), a!, b!, sum, dice))
  const ended = lastPend(run, caller, step)
  if (!ended) return plain(move('only', b!, c!, sum))
  const pend = ended.drafts[0]!.id
  const how: Draft =
    kind < 95
      ? { kind: 'settle', id: id('only'), event: 'settle', pend, amount: fen(1 + dice.below(60)) }
      : { kind: 'void', id: id('only'), event: 'void', pend }
  return { ...plain(how), ends: ended }
}

/** One in four is soon due. */
function pendOf(run: Run, id: string, debit: Account, credit: Account, sum: number, dice: Dice) {
  const lasts = dice.once(4) ? 200 + dice.below(1500) : 10 * minutes
  const expiresAt = new Date(run.start + lasts)
  return { kind: 'pend', id, event: 'pend', debit, credit, amount: fen(sum), expiresAt } as const
}

function lastPend(run: Run, caller: string, step: number): Wish | undefined {
  for (let before = step - 1; before >= Math.max(0, step - 6); before--) {
    const wish = wishOf(run, caller, before)
    if (wish.drafts[0]!.kind === 'pend') return wish
  }
  return undefined
}

const receipt: Ride = {
  statement: 'insert into faults.receipt (id, book) select id, book from $rows',
  columns: { id: 'uuid', book: 'integer' },
}
const ring: Ride = {
  statement: `update faults.till set uses = row.uses from $rows
    where till.book = row.book and till.name = row.name`,
  columns: { book: 'integer', name: 'text', uses: 'integer' },
}

type Till = { name: string; uses: number }

const tillsOf = new Map<number, Facts<Till>>()

/** One function per book: what rests on one fact is known by it. */
function tillsIn(book: number): Facts<Till> {
  const known = tillsOf.get(book)
  if (known) return known
  const made: Facts<Till> = async (sql, keys) => {
    const rows = await sql<Till>`
      select name, uses from faults.till where book = ${book} and name = any(${keys}) order by name for update`
    return new Map(rows.map(row => [row.name, row]))
  }
  tillsOf.set(book, made)
  return made
}

export function commandOf({ book }: Run, { drafts, till }: Wish): Command<Till> {
  const rows = [{ ride: receipt, row: [drafts[0]!.id, book] }]
  if (till === undefined) return { book, plan: () => ({ entries: drafts, rides: rows }) }
  return {
    book,
    facts: tillsIn(book),
    key: till,
    plan: (_at, fact) => ({
      entries: drafts,
      rides: [...rows, { ride: ring, row: [book, till, fact!.uses + 1] }],
    }),
  }
}

/** What the business keeps beside the books. */
export const tables = `
  create schema faults;
  create table faults.receipt (book integer, id uuid, primary key (book, id));
  create table faults.till (book integer, name text, uses integer not null default 0, primary key (book, name));
  grant usage on schema faults to bursar_app;
  grant select, insert on faults.receipt to bursar_app;
  grant select, insert, update on faults.till to bursar_app`
