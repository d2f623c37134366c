/** Bars that no appender of ours would lay, as whoever has the server's role could send them. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { cny } from '@bursar/money'
import type { Barred, Draft } from './ledger.ts'
import {
  book,
  books,
  next,
  send,
  side,
  was,
  type Batch,
  type Sent,
  type State,
  useBook,
} from './lies.testing.ts'

useBook()

const say = async (draft: Draft) =>
  (await books.submit({ book, plan: () => ({ entries: [draft] }) })).entries[0]!
const lay = (bars: Barred, until: { expiresAt?: Date } = {}) =>
  say({ id: randomUUID(), event: 'order', kind: 'bar', account: 'purse/ann', bars, ...until })

/** An entry with one side that turns the account into `to`. */
const one = (kind: number, from: State, to: State, more: Sent = {}): Sent => ({
  kind,
  ...side('debit', { ...from, ...to }),
  was: was(from),
  ...more,
})
const wrong = /violates check constraint|do not continue|out of range/
const mismatch = /does not match its pend or its bar/

test('a bar counts what it bars, raises the floor by its amount, and does nothing else', async () => {
  const ann = await next('purse/ann')
  const lies: [string, State, Sent, ((batch: Batch) => void)?][] = [
    ['counts nothing', { state: 0 }, { pended: -1 }],
    ['counts itself alone', { state: 2048 }, { pended: -1 }],
    ['counts credits for debits', { state: 2048 + 128 }, { pended: -1 }],
    ['freezes in passing', { state: 2048 + 8 + 1 }, { pended: -1 }],
    ['raises no floor', { state: 2048 }, { pended: 100 }],
    ['raises the floor and bars no amount', { state: 2048, floor: 100 }, { pended: 0 }],
    ['lowers the floor', { state: 2048, floor: -100 }, { pended: 0 }],
    ['sets a ceiling', { state: 2048, ceiling: 100 }, { pended: 0 }],
    ['moves money', { state: 2048, posted: 1 }, { pended: 0 }],
    ['is of a kind that there is not', { state: 2048 + 8 + 128 }, { pended: -7 }],
    ['is of no amount and of no kind', { state: 2048 }, {}],
    ['ends something', { state: 2048 }, { pended: 0, pend: 1 }],
    ['has a sum', { state: 2048 }, { pended: 0, minor: 1 }],
    ['closes the account', { state: 2048 + 4 }, { pended: 0 }],
    [
      'is of more than an entry moves',
      { state: 2048, floor: 2n * 10n ** 15n },
      { pended: 2n * 10n ** 15n },
    ],
    ['leaves out its account', { state: 2048 }, { pended: 0 }, ({ moved }) => moved.splice(0)],
  ]
  for (const [lie, to, more, tamper] of lies)
    await assert.rejects(() => send([one(11, ann, to, more)], tamper), wrong, lie)
  const bank = await next('pool/bank')
  await assert.rejects(
    () => send([one(11, bank, { state: 2048, floor: 100 }, { pended: 100 })]),
    wrong,
  )
  await assert.rejects(() => send([one(11, bank, { state: 2048 }, { pended: 100 })]), wrong)
  assert.equal(await send([one(11, ann, { state: 2048 }, { pended: 0 })]), 'appended')
  const [laid] = await books.bars(book, 'purse/ann')
  await say({ id: randomUUID(), event: 'end', kind: 'lift', bar: laid!.id })
})

test('a bar is lifted once, on its own account, for what it barred, and in its time', async () => {
  const { seq: bar } = await lay('both')
  const { seq: other } = await lay(cny('1.00'))
  const ann = await next('purse/ann')
  const state = Number(ann['state'])
  const less = { state: state - 2048 - 8 - 128 }
  const lifts: [string, Sent, RegExp][] = [
    [
      'of debits alone',
      one(12, ann, { state: state - 2048 - 8 }, { pend: bar, pended: -1 }),
      mismatch,
    ],
    ['of no bar', one(12, ann, less, { pend: 4, pended: -3 }), mismatch],
    ['of another bar', one(12, ann, less, { pend: other, pended: -3 }), mismatch],
    ['of nothing', one(12, ann, less, { pended: -3 }), wrong],
    ['that keeps the count', one(12, ann, {}, { pend: bar, pended: -3 }), wrong],
    [
      'that keeps the floor',
      one(12, ann, { state: state - 2048 }, { pend: other, pended: 100 }),
      wrong,
    ],
    ['before its time, as a lapse', one(13, ann, less, { pend: bar, pended: -3 }), mismatch],
  ]
  for (const [lie, row, error] of lifts) await assert.rejects(() => send([row]), error, lie)
  const till = await next('shop/till')
  const elsewhere = one(12, { ...till, state: 2048 + 136 }, { state: 0 }, { pend: bar, pended: -3 })
  await assert.rejects(() => send([elsewhere]), mismatch)
  assert.equal(await send([one(12, ann, less, { pend: bar, pended: -3 })]), 'appended')
  const again = await next('purse/ann')
  await assert.rejects(
    () => send([one(12, again, { state: 0, floor: 0 }, { pend: bar, pended: -3 })]),
    wrong,
  )
  const low = { state: 0, floor: 0n }
  assert.equal(await send([one(12, again, low, { pend: other, pended: 100 })]), 'appended')
  const last = await next('purse/ann')
  await assert.rejects(
    () => send([one(12, last, { state: 0, floor: -100n }, { pend: other, pended: 100 })]),
    wrong,
  )
})

test('when its time has come a bar lapses and is not lifted', async () => {
  const { seq } = await lay('closing', { expiresAt: new Date(Date.now() + 60) })
  await sleep(100)
  const ann = await next('purse/ann')
  const end = (kind: number) => one(kind, ann, { state: 0 }, { pend: seq, pended: 0 })
  await assert.rejects(() => send([end(12)]), mismatch)
  assert.equal(await send([end(13)]), 'appended')
})

test('under a bar nothing leaves, no limit moves, nothing is closed, and a freeze does not lift it', async () => {
  const { id } = await lay('debits')
  const ann = await next('purse/ann')
  const till = await next('shop/till')
  const pay = (debit: State): Sent => ({
    kind: 1,
    minor: 1,
    ...side('debit', { ...debit, posted: (debit['posted'] as bigint) - 1n }),
    ...side('credit', { ...till, posted: (till['posted'] as bigint) + 1n }),
  })
  await assert.rejects(() => send([pay(ann)]), /nothing_moves_out_of_a_barred_account/)
  for (const to of [{ floor: -1 }, { ceiling: 5 }])
    await assert.rejects(() => send([one(7, ann, to)]), wrong)
  await assert.rejects(() => send([one(8, ann, { state: 0 })]), wrong)
  await assert.rejects(() => send([one(9, ann, { state: 4 })]), wrong)
  await assert.rejects(() => send([one(9, till, { state: 2048 })]), wrong)
  await say({ id: randomUUID(), event: 'end', kind: 'lift', bar: id })
  await lay('credits')
  const barred = await next('purse/ann')
  const credited = (to: State): Sent => ({
    kind: 1,
    minor: 1,
    ...side('debit', { ...till, posted: (till['posted'] as bigint) - 1n }),
    ...side('credit', { ...to, posted: (to['posted'] as bigint) + 1n }),
  })
  await assert.rejects(
    () => send([credited(barred)]),
    /nothing_moves_into_a_barred_account|debit_available/,
  )
  const kept = await lay(cny('1000.00'))
  const short = await next('purse/ann')
  await assert.rejects(() => send([pay(short)]), /debit_available/)
  await say({ id: randomUUID(), event: 'end', kind: 'lift', bar: kept.id })
})
