import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { cny } from '@bursar/money'
import { openBooks, type Account, type Draft } from './ledger.ts'

const db = useDatabase()
const book = 1
const amount = cny('0.01')

test('a batch’s endings are read by their places: the book’s other endings are not looked through, whatever the statistics say', async () => {
  const books = openBooks({ url: db.url })
  await books.openBook(book, 'CNY')
  const say = (entries: Draft[]) => books.submit({ book, plan: () => ({ entries }) })
  const open = (account: Account, floor: bigint | null): Draft => ({
    ...({ kind: 'open', id: randomUUID(), event: 'open' } as const),
    ...{ account, floor },
  })
  const [debit, credit] = ['pool/bank', 'shop/till'] as const
  await say([open(debit, null), open(credit, 0n)])
  const moved = (kind: 'post' | 'pend', id = randomUUID()) =>
    ({ kind, id, event: 'sale', debit, credit, amount }) as const
  await Promise.all(Array.from({ length: 2000 }, () => say([moved('post')])))
  await db.owner.sql`analyze ledger.entry` // nothing has ended yet

  const pends = Array.from({ length: 1000 }, () => moved('pend'))
  await Promise.all(pends.map(one => say([one])))
  for (let from = 0; from < pends.length; from += 100)
    await Promise.all(
      pends
        .slice(from, from + 100)
        .map(({ id: pend }) => say([{ kind: 'settle', id: randomUUID(), event: 'sale', pend }])),
    )
  await books.close() // a connection tells what it read when it ends
  const [found] = await db.owner.sql<{ read: number }>`
    select idx_tup_read::int as read from pg_stat_user_indexes where indexrelname = 'pend_ends_once'`
  const read = found?.read ?? NaN
  assert.ok(read <= pends.length, `${read} endings were read for ${pends.length}`)
})
