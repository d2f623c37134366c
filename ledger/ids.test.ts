/** An id means the same for ever: of each kind, what is the same again, and what is another. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { openBooks, type Account, type Books, type Draft } from './ledger.ts'

const db = useDatabase()
const book = 1
let books: Books
before(async () => {
  await db.ready
  books = openBooks({ url: db.url })
  await books.openBook(book, 'CNY')
})
after(() => books.close())

type Bare<D> = D extends Draft ? Omit<D, 'id' | 'event'> : never
const named = (bare: Bare<Draft>, id: string = randomUUID()) =>
  ({ ...bare, id, event: 'test' }) as Draft
const submit = (draft: Draft) => books.submit({ book, plan: () => ({ entries: [draft] }) })
const fen = (minor: bigint, currency = 'CNY') => ({ minor, currency })

/** Two new accounts, and a pend of 10 between them. */
async function stage() {
  const [from, to]: [Account, Account] = [`a/${randomUUID()}`, `b/${randomUUID()}`]
  for (const account of [from, to]) await submit(named({ kind: 'open', account, floor: null }))
  const pend = named({ kind: 'pend', debit: from, credit: to, amount: fen(10n) })
  await submit(pend)
  return { from, to, pend: pend.id }
}
type Stage = Awaited<ReturnType<typeof stage>>

const cases: Record<
  string,
  [first: (on: Stage) => Bare<Draft>, ...others: ((on: Stage) => Bare<Draft>)[]]
> = {
  'a post of another sum, or of the other way round': [
    ({ from, to }) => ({ kind: 'post', debit: from, credit: to, amount: fen(3n) }),
    ({ from, to }) => ({ kind: 'post', debit: from, credit: to, amount: fen(4n) }),
    ({ from, to }) => ({ kind: 'post', debit: to, credit: from, amount: fen(3n) }),
    ({ from, to }) => ({ kind: 'post', debit: from, credit: to, amount: fen(3n, 'USD') }),
  ],
  'a settlement in part of another sum, in another currency, or in whole': [
    ({ pend }) => ({ kind: 'settle', pend, amount: fen(6n) }),
    ({ pend }) => ({ kind: 'settle', pend, amount: fen(7n) }),
    ({ pend }) => ({ kind: 'settle', pend, amount: fen(6n, 'USD') }),
    ({ pend }) => ({ kind: 'settle', pend }),
  ],
  'a freeze into another state': [
    ({ to }) => ({ kind: 'freeze', account: to, state: 'no_debits' }),
    ({ to }) => ({ kind: 'freeze', account: to, state: 'open' }),
    ({ from }) => ({ kind: 'freeze', account: from, state: 'no_debits' }),
  ],
  'a limit of another height': [
    ({ to }) => ({ kind: 'limit', account: to, floor: -50n, ceiling: null }),
    ({ to }) => ({ kind: 'limit', account: to, floor: -60n, ceiling: null }),
    ({ to }) => ({ kind: 'limit', account: to, floor: -50n, ceiling: 900n }),
  ],
  'a memo where there was a void': [
    ({ pend }) => ({ kind: 'void', pend }),
    () => ({ kind: 'memo' }),
  ],
}

for (const [name, [first, ...others]] of Object.entries(cases))
  test(`F42 an id that stands is not used for ${name}`, async () => {
    const on = await stage()
    const draft = named(first(on))
    await submit(draft)
    assert.equal((await submit(draft)).again, true)
    for (const other of others)
      await assert.rejects(submit(named(other(on), draft.id)), { code: 'id_already_used' })
  })
