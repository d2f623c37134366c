/**
 * Many callers at several servers over one real book, at once. Some order must explain everything: the
 * log is a run of the naive ledger, each "no" and each "as before" is right at some point of its wait.
 */
import assert from 'node:assert/strict'
import { openBooks, Refusal, type Books, type Draft } from '@bursar/ledger'
import type { Asked } from '@bursar/ledger/simulation'
import type { Ask } from './draw.ts'
import { Naive } from './naive.ts'

/** Two servers, and a third that forgets almost everything between two batches. */
export function servers(url: string): Books[] {
  return [openBooks({ url }), openBooks({ url }), openBooks({ url, remember: 4 })]
}

type Answer = {
  ask: Ask
  /** The book's end, and the time, when it was asked and after it was answered. */
  from: bigint
  since: number
  to: bigint
  till: number
  seqs: readonly bigint[]
  code: string | undefined
}
type Row = Readonly<{ id: string; seq: bigint; at: Date; pend: string | null }>
const opening = 9
export type Crowd = Readonly<{ asks: readonly Ask[]; book: number; callers: number }>

export async function crowd(at: readonly Books[], { asks, book, callers }: Crowd): Promise<number> {
  await at[0]!.openBook(book, 'CNY')
  const answers: Answer[] = []
  let acknowledged = 0n
  let next = 0
  const one = async (server: Books, ask: Ask) => {
    const [from, since] = [acknowledged, Date.now()]
    const { seqs, code } = await submit(server, book, ask.drafts)
    const to = code === undefined ? seqs.at(-1)! : await endOf(server, book)
    if (to > acknowledged) acknowledged = to
    answers.push({ ask, from, since, to, till: Date.now(), seqs, code })
  }
  const caller = async (mine: number) => {
    const server = at[mine % at.length]!
    while (next < asks.length) {
      await one(server, asks[next++]!)
      if (mine === 0) await server.expire(book)
    }
  }
  // The first ones open the accounts: whoever came before them would only hear that there are none.
  while (next < Math.min(asks.length, opening)) await one(at[0]!, asks[next++]!)
  await Promise.all(Array.from({ length: callers }, (_, mine) => caller(mine)))
  return explain(at[0]!, book, answers)
}

async function submit(server: Books, book: number, drafts: readonly Asked[]) {
  try {
    const entries = drafts as Draft[]
    const { entries: made, again } = await server.submit({ book, plan: () => ({ entries }) })
    return { seqs: made.map(({ seq }) => seq), code: again ? 'again' : undefined }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { seqs: [], code: error.code }
  }
}

async function endOf(server: Books, book: number): Promise<bigint> {
  const [row] = await server.sql<{ seq: bigint }>`select seq from ledger.book where book = ${book}`
  return row!.seq
}

async function explain(server: Books, book: number, answers: readonly Answer[]): Promise<number> {
  const log = await server.sql<Row>`
    select e.id, e.seq, e.at, p.id as pend from ledger.entry e
    left join ledger.entry p on e.kind = 5 and p.book = e.book and p.seq = e.pend
    where e.book = ${book} order by e.seq`
  const made = new Map(answers.flatMap(one => (one.code ? [] : [[one.seqs[0]!, one] as const])))
  const naive = new Naive()
  const waiting = new Set(answers.filter(({ code }) => code !== undefined))
  let end = 0n
  const hear = () => {
    for (const one of waiting) if (one.to < end) assert.fail(unexplained(one))
    for (const one of waiting) if (one.from <= end && rightly(naive, one)) waiting.delete(one)
  }
  hear()
  for (let place = 0; place < log.length; hear()) {
    const { id, seq, at, pend } = log[place]!
    const drafts = pend
      ? [{ kind: 'expire', id, pend, event: 'expire' } as const]
      : made.get(seq)?.ask.drafts
    assert.ok(drafts, `${seq} is there and was acknowledged to nobody`)
    const kinds = drafts.map(({ kind }) => kind).join(' and ')
    const ids = log.slice(place, place + drafts.length).map(row => row.id)
    assert.deepEqual(
      ids,
      drafts.map(draft => draft.id),
      `${seq}: another entry than was acknowledged`,
    )
    assert.equal(naive.say(drafts, at.getTime()), undefined, `${seq}: ${kinds} stands and may not`)
    made.delete(seq)
    place += drafts.length
    end = log[place - 1]!.seq
  }
  assert.deepEqual([...made.keys()], [], 'acknowledged, and not there')
  assert.deepEqual([...waiting].map(unexplained), [])
  return log.length
}

const unexplained = ({ ask, code, from, to }: Answer) =>
  `${code} to ${ask.drafts.map(({ kind, id }) => `${kind} ${id}`).join(' and ')} between ${from} and ${to}`

/** A proposed time is within a second of the database's, and between the asking and the answer. */
const slack = 1_000

function rightly(naive: Naive, { ask, code, since, till, seqs }: Answer): boolean {
  if (code === 'again' && !stands(naive, ask, seqs)) return false
  return [since - slack, since, till, till + slack].some(at => naive.would(ask.drafts, at) === code)
}

/** Answered as before: with the places that its entries have. */
function stands(naive: Naive, { drafts }: Ask, seqs: readonly bigint[]): boolean {
  return drafts.every(({ id }, place) => {
    const found = naive.model.accepted.findIndex(({ draft }) => draft.id === id)
    return BigInt(found + 1) === seqs[place]
  })
}
