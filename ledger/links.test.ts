/** Batches whose rows are right and whose sides name one another wrongly, as no appender of ours would. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { Draft } from './ledger.ts'
import {
  book,
  books,
  fields,
  next,
  number,
  refused,
  send,
  seq,
  side,
  was,
  type Batch,
  type Sent,
  type State,
  useBook,
} from './lies.testing.ts'

useBook()

/** Two payments from Ann, one after the other, as they would follow. */
async function paidTwice(): Promise<Sent[]> {
  const ann = await next('purse/ann')
  const bank = await next('pool/bank')
  const end = await seq()
  const less = (state: State, by: bigint) => ({
    ...state,
    posted: (state['posted'] as bigint) - by,
  })
  const once = { debit: less(ann, 1n), credit: less(bank, -1n) }
  const twice = {
    debit: { ...less(await next('purse/ann', once.debit), 1n), prev: end + 1n },
    credit: { ...less(await next('pool/bank', once.credit), -1n), prev: end + 1n },
  }
  return [once, twice].map(({ debit, credit }) => ({
    kind: 1,
    minor: 1,
    ...side('debit', debit),
    ...side('credit', credit),
  }))
}

test('a batch whose sides name one another wrongly is refused, whichever name is wrong', async () => {
  const [first, second] = [7, 35]
  const lies: Record<string, (batch: Batch) => void> = {
    'the second takes up what nobody left': ({ n }) => (n[second + 1] = 18n),
    'the second takes up the balance too': ({ n }) => (n[second + 1] = -1n),
    'the second begins a chain of its own': ({ n, moved }) => {
      n[second + 1] = -5n
      n[first + 2] = 0n
      moved.push(second, second)
    },
    'the first is said to be the last': ({ n }) => (n[first + 2] = 0n),
    'the first is left to another side': ({ n }) => (n[first + 2] = BigInt(second + 11)),
    'the balance becomes what the first side left': ({ moved }) => (moved[1] = first),
    'the balance becomes another account’s': ({ moved }) => (moved[1] = second + 11),
    'an account is left out': ({ moved }) => moved.splice(0, 2),
    'an account is moved twice': ({ moved }) => moved.push(moved[0]!, moved[1]!),
    'a side is named where there is none': ({ n }) => (n[second + 1] = 8n),
    'a side beyond the batch is named': ({ n }) => (n[second + 1] = 700n),
    'the entry before is another one than the side names': ({ n }) => (n[second] = n[second]! - 1n),
  }
  for (const [lie, tamper] of Object.entries(lies)) {
    const rows = await paidTwice()
    await assert.rejects(() => send(rows, tamper), /do not continue/, lie)
  }
  assert.equal(await send(await paidTwice()), 'appended')
})

test('what stands behind an entry with one side is no side', async () => {
  const ann = await next('purse/ann')
  const bank = await next('pool/bank')
  const freeze = { kind: 8, ...side('debit', { ...ann, state: 1 }), was: was(ann) }
  const forge = (batch: Batch, at: number) => {
    for (const [i, field] of fields.entries())
      if (field || i === 0) batch.n[at - 1 + i] = number(bank[field ? field.slice(1) : 'number'])
  }
  await refused([freeze], batch => {
    forge(batch, 18)
    batch.n[19] = -3n
    batch.n[20] = 0n
    batch.moved.push(18, 18)
  })
  const rich = { ...bank, posted: 1_000_00n }
  const paid = {
    ...rich,
    prev: (await seq()) + 1n,
    nth: (bank['nth'] as bigint) + 1n,
    posted: 999_99n,
  }
  const till = await next('purse/ann', { ...ann, state: 1 })
  const pay = {
    kind: 1,
    minor: 1,
    ...side('debit', paid),
    ...side('credit', { ...till, prev: paid.prev }),
  }
  await refused([freeze, pay], batch => {
    forge(batch, 18)
    batch.n[20] = 35n
    batch.n[36] = 18n
  })
})

async function pay(minor: bigint): Promise<void> {
  const amount = { minor, currency: 'CNY' }
  const sides = { debit: 'purse/ann', credit: 'pool/bank', amount } as const
  const post: Draft = { kind: 'post', id: randomUUID(), event: 'pay', ...sides }
  await books.submit({ book, plan: () => ({ entries: [post] }) })
}

test('a milestone is the 64th, 128th … entry of its account, and no other', async () => {
  const rows = await paidTwice()
  await refused(rows, ({ marks }) => marks.push(7))
  for (let nth = (await next('purse/ann'))['nth'] as bigint; nth < 63n; nth++) await pay(1n)
  const crossing = await paidTwice()
  await refused(crossing, ({ marks }) => marks.splice(0))
  await assert.rejects(
    () => send(crossing, ({ marks }) => (marks[0] = marks[0]! ^ 32)),
    /do not continue/,
  )
  assert.equal(await send(crossing), 'appended')
  const [found] = await books.sql<{ nth: bigint }>`
    select m.nth from ledger.milestone m join ledger.account a using (book, account) where ref = 'purse/ann'`
  assert.equal(found!.nth, 64n)
})
