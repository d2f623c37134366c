/**
 * After the fault: what was acknowledged is there once, where it was said to be; what was refused is not
 * there, and for a reason that stands; what got no answer becomes definite when it is sent again; nothing
 * is there that nobody asked for; the rows that ride are as many as their entries; the books add up.
 */
import { openBooks, Refusal, type Books, type Outcome } from '@bursar/ledger'
import { checkBooks } from '@bursar/ledger/testing'
import { verifyBooks } from '@bursar/ledger/verify'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Teller, Told } from './tellers.ts'
import { beginning, commandOf, wishOf, type Run, type Wish } from './wishes.ts'
import type { World } from './world.ts'

export type Verdict = {
  acknowledged: number
  refused: number
  /** Without an answer, or told that it is unknown. */
  unknown: number
  /** Of these, how many had been done all the same. */
  done: number
  /** Acknowledged, and gone. */
  lost: number
  /** Everything that must not be, in sentences. */
  wrong: string[]
}

type Row = Readonly<{
  id: string
  seq: bigint
  kind: number
  event: string
  at: Date
  pend: bigint | null
  expiresAt: Date | null
}>
type Asked = {
  wish: Wish
  seqs: readonly bigint[] | undefined
  /** From one server; another one may have been asked for the same, later. */
  refusals: string[]
  /** Somebody has asked and got no answer. */
  open: boolean
}

const expire = 5
const places = (seqs: readonly (bigint | undefined)[]) => seqs.map(seq => seq ?? 'nowhere').join()

export async function judge(world: World, run: Run, tellers: readonly Teller[]): Promise<Verdict> {
  const verdict = {
    acknowledged: 0,
    refused: 0,
    unknown: 0,
    done: 0,
    lost: 0,
    wrong: [] as string[],
  }
  const asked = gather(run, tellers, verdict)
  const books = openBooks({ url: world.url })
  try {
    const found = await rowsOf(books, run)
    const byId = new Map(found.map(row => [row.id, row]))
    for (const one of asked) hold(one, byId, verdict)
    const open = asked.filter(one => !one.seqs && one.open)
    const answered = asked.filter(one => !open.includes(one))
    await Promise.all(open.map(one => becomesDefinite(books, run, one, byId, verdict)))
    await Promise.all(sample(answered).map(one => staysSo(books, run, one, verdict)))
    await explain(books, run, asked, verdict)
    await books.expire(run.book)
    await rides(books, run, asked, verdict)
  } finally {
    await Promise.race([books.close(), sleep(5_000, undefined, { ref: false })])
  }
  for (const { fault } of await verifyBooks(world.ownerUrl, { book: run.book }))
    if (fault) verdict.wrong.push(`book ${fault.book}, ${fault.seq}: ${fault.field} ${fault.says}`)
  await checkBooks(world.ownerUrl).catch((error: Error) => verdict.wrong.push(error.message))
  return verdict
}

/** Every wish that may have been asked for, with all that anybody was told of it. */
function gather(run: Run, tellers: readonly Teller[], { wrong }: Verdict): Asked[] {
  const all = new Map<string, Asked>()
  const heard = (wish: Wish, told: Told | undefined) => {
    const known = all.get(wish.name) ?? { wish, seqs: undefined, refusals: [], open: false }
    all.set(wish.name, known)
    if (told && 'code' in told && told.definite) known.refusals.push(told.code)
    else known.open ||= !told || 'code' in told
    if (!told || !('seqs' in told)) return
    if (known.seqs && places(known.seqs) !== places(told.seqs))
      wrong.push(`${wish.name} was said to be at ${places(known.seqs)} and at ${places(told.seqs)}`)
    known.seqs = told.seqs
  }
  for (const { callers, steps, told, complaint, end } of tellers) {
    if (complaint) wrong.push(`a teller complained: ${complaint.slice(0, 400)}`)
    if (end === 'stuck') wrong.push('a teller did not end within 20 s of being asked to')
    for (const caller of callers)
      for (let step = 0; step < (steps.get(caller) ?? 0) + (end === 'killed' ? 1 : 0); step++)
        heard(wishOf(run, caller, step), told.get(`${caller}.${step}`))
  }
  return [...all.values()]
}

function rowsOf(books: Books, { book }: Run): Promise<Row[]> {
  return books.sql<Row>`
    select id, seq, kind, event, at, pend, expires_at as "expiresAt"
    from ledger.entry where book = ${book} order by seq`
}

function hold({ wish, seqs, open }: Asked, byId: ReadonlyMap<string, Row>, to: Verdict): void {
  const rows = wish.drafts.map(({ id }) => byId.get(id))
  if (seqs) {
    to.acknowledged++
    if (rows.every((row, place) => row?.seq === seqs[place])) return
    to.lost++
    const there = places(rows.map(row => row?.seq))
    to.wrong.push(`${wish.name} was acknowledged at ${places(seqs)} and is at ${there}`)
  } else if (!open) {
    to.refused++
    if (rows.some(row => row !== undefined)) to.wrong.push(`${wish.name} was refused and is there`)
  } else {
    to.unknown++
    if (rows.some(row => row !== undefined)) to.done++
    if (rows.some(row => row) && rows.some(row => !row)) to.wrong.push(`${wish.name} is half there`)
  }
}

async function becomesDefinite(
  books: Books,
  run: Run,
  asked: Asked,
  byId: ReadonlyMap<string, Row>,
  { wrong }: Verdict,
): Promise<void> {
  const { wish } = asked
  const before = wish.drafts.map(({ id }) => byId.get(id)?.seq)
  try {
    const { entries, again } = await definite(books, run, wish)
    asked.seqs = entries.map(({ seq }) => seq)
    const now = places(asked.seqs)
    if (again !== (before[0] !== undefined) || (again && places(before) !== now))
      wrong.push(`${wish.name}, sent again, is at ${now}; it was at ${places(before)}`)
  } catch (error) {
    if (error instanceof Refusal && before[0] === undefined) asked.refusals.push(error.code)
    else wrong.push(`${wish.name}, sent again, gets ${String(error)}`)
  }
}

/** I16: within ten seconds there is an answer. */
async function definite(books: Books, run: Run, wish: Wish): Promise<Outcome> {
  const over = new AbortController()
  const late = sleep(10_000, undefined, { ref: false, signal: over.signal }).then(() => {
    throw new Error('no answer within 10 s')
  })
  try {
    return await Promise.race([books.submit(commandOf(run, wish)), late])
  } finally {
    late.catch(() => undefined)
    over.abort()
  }
}

/** What was acknowledged is answered as before when it is sent again. */
async function staysSo(books: Books, run: Run, { wish, seqs }: Asked, { wrong }: Verdict) {
  if (!seqs) return
  try {
    const { entries, again } = await definite(books, run, wish)
    const now = places(entries.map(({ seq }) => seq))
    if (!again || now !== places(seqs))
      wrong.push(`${wish.name} was at ${places(seqs)}, and asked again it is at ${now}`)
  } catch (error) {
    wrong.push(`${wish.name} was acknowledged, and asked again it is refused: ${String(error)}`)
  }
}

const sample = (all: readonly Asked[]) =>
  all.filter((_, place) => place % Math.ceil(all.length / 200) === 0)

/** Nothing of nobody; time in order; a pend that ended did so once, and at its time. */
async function explain(
  books: Books,
  run: Run,
  asked: readonly Asked[],
  to: Verdict,
): Promise<void> {
  const rows = await rowsOf(books, run)
  const byId = new Map(rows.map(row => [row.id, row]))
  const bySeq = new Map(rows.map(row => [row.seq, row]))
  const wished = new Set(asked.flatMap(({ wish }) => wish.drafts.map(({ id }) => id)))
  for (const { id } of beginning(run)) wished.add(id)
  const ended = new Set(rows.flatMap(({ pend }) => pend ?? []))
  for (const { id, seq, kind, at, pend } of rows) {
    if (kind !== expire && !wished.has(id)) to.wrong.push(`${seq} is there and nobody asked for it`)
    if (at.getTime() < run.start - slack || at.getTime() > Date.now() + slack)
      to.wrong.push(`${seq} has a time of another day: ${at.toISOString()}`)
    const due = pend && bySeq.get(pend)!.expiresAt
    if (due && due <= at !== (kind === expire))
      to.wrong.push(`${seq} ends a pend that is due ${due.toISOString()} at ${at.toISOString()}`)
  }
  for (const { wish, refusals } of asked) {
    const pend = wish.ends && byId.get(wish.ends.drafts[0]!.id)
    const live = pend && !ended.has(pend.seq) && pend.expiresAt!.getTime() > Date.now()
    if (live && refusals.includes('pend_ended'))
      to.wrong.push(
        `${wish.name} was refused: its pend had ended; it stands until ${pend.expiresAt!.toISOString()}`,
      )
  }
}

/** A proposed time is taken within a second of the database's. */
const slack = 1_500

/** A receipt to each wish that stands and to no other; each ring of a till counted; nothing due left. */
async function rides(
  books: Books,
  run: Run,
  asked: readonly Asked[],
  { wrong }: Verdict,
): Promise<void> {
  const { book } = run
  const rows = await rowsOf(books, run)
  const there = new Set(rows.map(({ id }) => id))
  const receipts = await books.sql<{ id: string }>`
    select id from faults.receipt where book = ${book}`
  const kept = new Set(receipts.map(({ id }) => id))
  const stand = asked.map(({ wish }) => wish.drafts[0]!.id).filter(id => there.has(id))
  const bare = stand.filter(id => !kept.has(id)).length
  if (bare) wrong.push(`${bare} entries lack the row that rides with them`)
  if (kept.size !== stand.length - bare)
    wrong.push(`${kept.size} rows ride with ${stand.length} wishes`)
  const rung = rows.filter(({ event }) => event === 'till').length
  const [till] = await books.sql<{ uses: bigint }>`
    select sum(uses) as uses from faults.till where book = ${book}`
  if (BigInt(rung) !== till!.uses)
    wrong.push(`the tills were rung ${rung} times and count ${till!.uses}`)
  const [{ due }] = (await books.sql<{ due: bigint }>`
    select count(*) as due from ledger.due
    where book = ${book} and expires_at < now() - interval '1 s'`) as [{ due: bigint }]
  if (due) wrong.push(`${due} pends are due and nobody has ended them`)
}
