/** Batches whose arrays have another shape than ours, and rows with more or less in them than they may have. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { book, books, next, refused, send, seq, side, useBook } from './lies.testing.ts'
import type { Account, Draft } from './ledger.ts'

useBook()

/** A payment of one fen from Ann, as it would follow. */
async function pay() {
  const ann = await next('purse/ann')
  const bank = await next('pool/bank')
  const debit = { ...ann, posted: (ann['posted'] as bigint) - 1n }
  const credit = { ...bank, posted: (bank['posted'] as bigint) + 1n }
  return { kind: 1, minor: 1, ...side('debit', debit), ...side('credit', credit) }
}

test('numbers that begin elsewhere than at one would leave a gap in the book', async () => {
  await refused([await pay()], batch => {
    const { n, said } = batch
    batch.moved = batch.moved.map(place => place + 28)
    said.n = `[29:56]={${n.join(',')}}`
    said.ids = `[2:2]={${randomUUID()}}`
    said.subjects = [null, null]
  })
  await refused([await pay()], ({ n, said }) => (said.n = `[0:27]={${n.join(',')}}`))
  await refused([await pay()], ({ n, said }) => (said.n = `{{${n.join(',')}}}`))
  await refused([await pay()], ({ n, said }) => (said.n = `{${n.join(',')},null}`))
  assert.equal(await send([await pay()]), 'appended')
})

test('a memo has no account, and nothing of one', async () => {
  for (const place of [8, 12, 13, 14, 15, 16, 17])
    for (const number of ['0', '5', 'null'])
      await refused([{ kind: 10 }], ({ n, said }) => {
        said.n = `{${n.map((was, i) => (i + 1 === place ? number : was)).join(',')}}`
      })
  assert.equal(await send([{ kind: 10 }]), 'appended')
})

test('an account that is opened has a name', async () => {
  const account = (await seq()) + 1n
  const made = { number: account, nth: 1, posted: 0, out: 0, in: 0, floor: 0, state: 0 }
  const opening = { kind: 6, ref: 'purse/new', ...side('debit', made), was: [0, null, 0] }
  await refused([opening], ({ said }) => (said.refs = []))
  await assert.rejects(
    send([opening], ({ said }) => (said.refs = [null])),
    /null value/,
  )
  assert.equal(await send([opening]), 'appended')
})

test('a pend ends after it began', async () => {
  const sides = { debit: 'purse/ann', credit: 'pool/bank' } as const
  const amount = { minor: 2_00n, currency: 'CNY' }
  const held: Draft = { kind: 'pend', id: randomUUID(), event: 'hold', ...sides, amount }
  await books.submit({ book, plan: () => ({ entries: [held] }) })
  const end = await seq()
  const ann = await next('purse/ann')
  const bank = await next('pool/bank')
  const later = (state: typeof ann) => ({ ...state, nth: (state['nth'] as bigint) + 1n })
  const void_ = { kind: 4, minor: 2_00, pend: end + 2n, pended: 2_00 }
  const debit = { ...ann, out: (ann['out'] as bigint) - 2_00n }
  const credit = { ...bank, in: (bank['in'] as bigint) - 2_00n }
  const hold = {
    kind: 2,
    minor: 2_00,
    ...side('debit', { ...later(ann), prev: end + 1n }),
    ...side('credit', { ...later(bank), prev: end + 1n }),
  }
  // The other pend of two yuan lends what is released too early.
  await refused([{ ...void_, ...side('debit', debit), ...side('credit', credit) }, hold])
})

test('no entry has a time finer than what its hash covers', async () => {
  await refused([{ kind: 10 }], ({ said }) => (said.later = '1 microsecond'))
})

test('a pend may last for ever, to the millisecond', async () => {
  const account: Account = 'purse/ann'
  const end = '9999-12-31T23:59:59.999Z'
  for (const time of [end, '+060000-01-01T00:00:00.001Z', '1969-12-31T23:59:59.999Z']) {
    const sides = { debit: account, credit: 'pool/bank' } as const
    const amount = { minor: 1n, currency: 'CNY' }
    const expiresAt = new Date(time)
    const id = randomUUID()
    const held: Draft = { kind: 'pend', id, event: 'hold', ...sides, amount, expiresAt }
    await books.submit({ book, plan: () => ({ entries: [held] }) })
    const [found] = await books.sql<{ micros: bigint }>`
      select (extract(epoch from expires_at) * 1000000)::bigint as micros
      from ledger.entry where book = ${book} and id = ${id}`
    assert.equal(found!.micros, BigInt(expiresAt.getTime()) * 1000n, time)
  }
})
