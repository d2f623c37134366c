/** The database's clock decides, whatever a server's own says: also for a "no". */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { useDatabase } from '@bursar/database/testing'
import { cny } from '@bursar/money'
import { openBooks, Refusal, type Books, type Draft } from './ledger.ts'

const db = useDatabase()
const book = 1
const hour = 3_600_000
/** After a tenth of a second, and the second for which a proposed time may be off. */
const overdue = 1_200
let right: Books
let open: Books[] = []

/** A server that was just started, and whose clock is wrong by so much. */
function server(off: number): Books {
  const books = openBooks({ url: db.url, clock: () => new Date(Date.now() + off) })
  open.push(books)
  return books
}

before(async () => {
  await db.ready
  right = openBooks({ url: db.url })
  await right.openBook(book, 'CNY')
  await append(
    { kind: 'open', account: 'pool/bank', floor: null },
    { kind: 'open', account: 'purse/ann' },
  )
})
beforeEach(async () => {
  await Promise.all(open.map(books => books.close()))
  open = []
})
after(() => Promise.all([right, ...open].map(books => books.close())))

type Bare<D> = D extends Draft ? Omit<D, 'id' | 'event'> : never
const draftOf = (bare: Bare<Draft>) => ({ ...bare, id: randomUUID(), event: 'test' }) as Draft
const submit = (books: Books, draft: Draft) =>
  books.submit({ book, plan: () => ({ entries: [draft] }) })
const append = (...drafts: Bare<Draft>[]) =>
  right.submit({ book, plan: () => ({ entries: drafts.map(draftOf) }) })

/** Answers its id. */
async function pend(lasts: number): Promise<string> {
  const expiresAt = new Date(Date.now() + lasts)
  const sides = { debit: 'pool/bank', credit: 'purse/ann', amount: cny('1.00') } as const
  const draft = draftOf({ kind: 'pend', ...sides, expiresAt })
  await submit(right, draft)
  return draft.id
}

for (const off of [hour, -hour])
  test(`F13 a server whose clock is ${off > 0 ? 'ahead' : 'behind'} settles a pend that stands, hot and cold`, async () => {
    const settle = async () => draftOf({ kind: 'settle', pend: await pend(20_000) })
    const [hot, cold] = [await settle(), await settle()]
    await submit(server(off), hot)
    await server(off).write(async tx => tx.append(book, cold))
  })

for (const off of [hour, -hour])
  test(`F13 a server whose clock is ${off > 0 ? 'ahead' : 'behind'} does not settle a pend that is due, hot or cold`, async () => {
    const settle = draftOf({ kind: 'settle', pend: await pend(100) })
    await sleep(overdue)
    await assert.rejects(submit(server(off), settle), { code: 'pend_ended' })
    await assert.rejects(
      server(off).write(async tx => tx.append(book, settle)),
      { code: 'pend_ended' },
    )
    assert.equal(await server(0).expire(book), 1)
  })

for (const off of [hour, -hour])
  test(`F13 a server whose clock is ${off > 0 ? 'ahead' : 'behind'} ends what is due and nothing else`, async () => {
    const [due, stands] = [await pend(100), await pend(20_000)]
    await sleep(overdue)
    assert.equal(await server(off).expire(book), 1)
    await assert.rejects(submit(right, draftOf({ kind: 'void', pend: due })), {
      code: 'pend_ended',
    })
    await submit(right, draftOf({ kind: 'void', pend: stands }))
  })

test('F13 a command that says no by the time is asked again at the database’s', async () => {
  const until = Date.now() + 20_000
  const memo = draftOf({ kind: 'memo' })
  const plan = (at: Date) => {
    if (at.getTime() > until) throw new Refusal('code_expired')
    return { entries: [memo] }
  }
  await server(hour).submit({ book, plan })
})
