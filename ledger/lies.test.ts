/** Rows that no appender of ours would make, as whoever has the server's role could send them. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { cny } from '@bursar/money'
import type { Draft } from './ledger.ts'
import {
  book,
  books,
  next,
  refused,
  send,
  seq,
  side,
  was,
  type Sent,
  type State,
  useBook,
} from './lies.testing.ts'

useBook()

test('no change of limits lifts a bar in passing, not even to a state that is empty', async () => {
  const end = await seq()
  const ann = await next('purse/ann')
  const barred = { ...ann, state: 1 }
  const lifted = { ...(await next('purse/ann', barred)), prev: end + 1n, state: null }
  const paid = { ...(await next('purse/ann', lifted)), prev: end + 2n, posted: 49_00n }
  const put = { ...(await next('purse/ann', paid)), prev: end + 3n, state: 1 }
  const till = await next('shop/till')
  await refused([
    { kind: 8, ...side('debit', barred), was: was(ann) },
    { kind: 7, ...side('debit', lifted), was: was(barred) },
    { kind: 1, minor: 1_00, ...side('debit', paid), ...side('credit', { ...till, posted: 1_00 }) },
    { kind: 7, ...side('debit', put), was: was(paid) },
  ])
})

test('an account is open when it is opened', async () => {
  const account = (await seq()) + 1n
  const made = { number: account, nth: 1, posted: 0, out: 0, in: 0, floor: 0, state: 3 }
  await refused([{ kind: 6, ref: 'purse/sealed', ...side('debit', made), was: [0, null, 0] }])
})

test('nothing is put into an account before it is opened', async () => {
  const account = (await seq()) + 2n
  const early = {
    number: account,
    prev: 0,
    nth: 1,
    posted: 1_00,
    out: 0,
    in: 0,
    floor: 0,
    state: 0,
  }
  const made = { number: account, nth: 1, posted: 0, out: 0, in: 0, floor: 0, state: 0 }
  const ann = { ...(await next('purse/ann')), posted: 49_00 }
  const opening = { kind: 6, ref: 'purse/early', ...side('debit', made), was: [0, null, 0] }
  await refused([
    { kind: 1, minor: 1_00, ...side('debit', ann), ...side('credit', early) },
    opening,
  ])
  await refused([
    { kind: 1, minor: 1_00, ...side('debit', early), ...side('credit', ann) },
    opening,
  ])
})

test('an account that no entry opened takes nothing', async () => {
  const ann = { ...(await next('purse/ann')), posted: 49_00 }
  const till = { ...(await next('shop/till')), posted: 1_00 }
  const pay = { kind: 1, minor: 1_00, ...side('debit', ann) }
  await refused([{ ...pay, ...side('credit', { ...till, number: 999 }) }])
})

test('an account is closed by a close alone, and a closed one never changes', async () => {
  const till = await next('shop/till')
  await refused([{ kind: 8, ...side('debit', { ...till, state: 4 }), was: was(till) }])
  await refused([{ kind: 8, ...side('debit', { ...till, state: 9 }), was: was(till) }])
  const close: Draft = { kind: 'close', id: randomUUID(), event: 'close', account: 'shop/till' }
  await books.submit({ book, plan: () => ({ entries: [close] }) })
  const closed = await next('shop/till')
  await refused([{ kind: 8, ...side('debit', { ...closed, state: 0 }), was: was(closed) }])
  await refused([{ kind: 7, ...side('debit', { ...closed, ceiling: 5 }), was: was(closed) }])
  await refused([{ kind: 7, ...side('debit', closed) }])
})

async function hold(until: { expiresAt?: Date } = {}): Promise<bigint> {
  const held = { debit: 'purse/ann', credit: 'pool/bank', amount: cny('2.00') } as const
  const pend: Draft = { kind: 'pend', id: randomUUID(), event: 'hold', ...held, ...until }
  return (await books.submit({ book, plan: () => ({ entries: [pend] }) })).entries[0]!.seq
}

/** An ending of that pend, of so much, as it would follow from both accounts. */
async function ending(kind: number, pend: bigint, minor: bigint): Promise<Sent> {
  const [ann, bank] = [await next('purse/ann'), await next('pool/bank')]
  const moved = kind === 3 ? minor : 0n
  const released = kind === 3 ? 2_00n : minor
  const less = (state: State, field: string, by: bigint) => ({
    ...state,
    [field]: (state[field] as bigint) - by,
  })
  const debit = less(less(ann, 'posted', moved), 'out', released)
  const credit = less(less(bank, 'posted', -moved), 'in', released)
  return { kind, minor, pend, pended: 2_00, ...side('debit', debit), ...side('credit', credit) }
}

test('a pend that is voided is released in whole', async () => {
  const pend = await hold()
  await refused([await ending(4, pend, 1_00n)])
  assert.equal(await send([await ending(4, pend, 2_00n)]), 'appended')
})

test('a pend is settled or voided before its time has come, and expires after', async () => {
  const wrong = /does not match its pend/
  const [soon, late] = [await hold({ expiresAt: new Date(Date.now() + 60) }), await hold()]
  await sleep(100)
  for (const kind of [3, 4])
    await assert.rejects(async () => send([await ending(kind, soon, 2_00n)]), wrong)
  await assert.rejects(async () => send([await ending(5, late, 2_00n)]), wrong)
  assert.equal(await send([await ending(5, soon, 2_00n)]), 'appended')
  assert.equal(await send([await ending(3, late, 2_00n)]), 'appended')
})
