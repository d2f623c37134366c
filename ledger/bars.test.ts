import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { useDatabase } from '@bursar/database/testing'
import { cny } from '@bursar/money'
import { openBooks, type Account, type Barred, type Books, type Draft } from './ledger.ts'
import { verifyBooks } from './verify.ts'

const db = useDatabase()
let servers: Books[]
let books: Books
let book = 0

before(async () => {
  await db.ready
  servers = [openBooks({ url: db.url }), openBooks({ url: db.url })]
  books = servers[0]!
})
after(() => Promise.all(servers.map(server => server.close())))

const say = (draft: Draft, on = books) => on.submit({ book, plan: () => ({ entries: [draft] }) })
const said = (id: string = randomUUID()) => ({ id, event: 'test' })
const post = (debit: Account, credit: Account, yuan: string): Draft => ({
  ...said(),
  kind: 'post',
  debit,
  credit,
  amount: cny(yuan),
})
const bar = (
  bars: Barred,
  more: { id?: string; subject?: string; expiresAt?: Date } = {},
): Draft => ({
  ...said(),
  event: 'court_order',
  kind: 'bar',
  account: 'purse/ann',
  bars,
  ...more,
})
const lift = (of: string, id?: string): Draft => ({ ...said(id), kind: 'lift', bar: of })
const topUp = (yuan: string) => say(post('pool/bank', 'purse/ann', yuan))
const pay = (yuan: string, on?: Books) => say(post('purse/ann', 'shop/till', yuan), on)
const standing = async () =>
  (await books.bars(book, 'purse/ann')).map(({ subject, kept }) => `${subject} ${kept}`)

/** A book of its own: a bank, Ann with so much, and a till. */
async function funded(yuan: string) {
  book++
  await books.openBook(book, 'CNY')
  await say({ ...said(), kind: 'open', account: 'pool/bank', floor: null })
  for (const account of ['purse/ann', 'shop/till'] as const)
    await say({ ...said(), kind: 'open', account })
  if (yuan !== '0.00') await topUp(yuan)
}

async function proved() {
  const [proof] = await verifyBooks(db.url, { book })
  assert.equal(proof!.fault, undefined)
}

test('P1-18 P1-I6 several orders bar one account, and it is free when the last of them is lifted', async () => {
  await funded('50.00')
  const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()]
  await say(bar('debits', { id: one }))
  await say(bar('both', { id: two }))
  await say(bar('credits', { id: three }))
  assert.equal((await books.balance(book, 'purse/ann'))!.state, 'sealed')
  await say(lift(two))
  await assert.rejects(pay('1.00'), { code: 'account_frozen' })
  await assert.rejects(topUp('1.00'), { code: 'account_frozen' })
  await say(lift(three))
  await topUp('1.00')
  await assert.rejects(pay('1.00'), { code: 'account_frozen' })
  await assert.rejects(say(lift(two)), { code: 'bar_ended' })
  await assert.rejects(say(lift(randomUUID())), { code: 'no_such_bar' })
  await say(lift(one))
  await pay('51.00')
  assert.deepEqual(await books.bars(book, 'purse/ann'), [])
  await proved()
})

test('a freeze and the bars beside it are taken back each for itself', async () => {
  await funded('5.00')
  const id = randomUUID()
  const freeze = (state: 'open' | 'no_debits', of: string = randomUUID()): Draft => ({
    ...said(of),
    kind: 'freeze',
    account: 'purse/ann',
    state,
  })
  await say(freeze('no_debits'))
  await say(bar('debits', { id }))
  const open = randomUUID()
  await say(freeze('open', open))
  assert.equal((await say(freeze('open', open))).again, true)
  await assert.rejects(pay('1.00'), { code: 'account_frozen' })
  await say(lift(id))
  await pay('1.00')
  await proved()
})

test('an account on which a bar stands, of closing alone too, is not closed and keeps its limits', async () => {
  await funded('0.00')
  const id = randomUUID()
  await say(bar('closing', { id }))
  const close: Draft = { ...said(), kind: 'close', account: 'purse/ann' }
  const limit: Draft = { ...said(), kind: 'limit', account: 'purse/ann', floor: -10n }
  await assert.rejects(say(close), { code: 'account_frozen' })
  await assert.rejects(say(limit), { code: 'account_frozen' })
  await topUp('1.00')
  await pay('1.00')
  await say(lift(id))
  await say(limit)
  await say(close)
  await assert.rejects(say(bar('both')), { code: 'account_closed' })
  await proved()
})

test('P1-19 P1-I6 amounts that are barred take what is there and what comes in, in the order in which they were laid', async () => {
  await funded('30.00')
  const [court, tax] = [randomUUID(), randomUUID()]
  await say(bar(cny('50.00'), { id: court, subject: 'court' }))
  await say(bar(cny('20.00'), { id: tax, subject: 'tax' }))
  await say(bar('closing', { subject: 'heirs' }))
  assert.deepEqual(await standing(), ['court 3000', 'tax 0', 'heirs null'])
  await assert.rejects(pay('0.01'), {
    code: 'insufficient_funds',
    facts: { account: 'purse/ann', available: 0n, minor: 1n },
  })
  await topUp('25.00')
  assert.deepEqual(await standing(), ['court 5000', 'tax 500', 'heirs null'])
  await topUp('20.00')
  assert.deepEqual(await standing(), ['court 5000', 'tax 2000', 'heirs null'])
  await assert.rejects(pay('5.01'), { code: 'insufficient_funds' })
  await pay('5.00')
  await say(lift(court))
  assert.deepEqual(await standing(), ['tax 2000', 'heirs null'])
  await pay('50.00')
  await assert.rejects(pay('0.01'), { code: 'insufficient_funds' })
  await proved()
})

test('what a pend had reserved before is settled under a bar, and what it releases is kept', async () => {
  await funded('30.00')
  const [tab, order] = [randomUUID(), randomUUID()]
  const sides = { debit: 'purse/ann', credit: 'shop/till', amount: cny('10.00') } as const
  await say({ ...said(tab), kind: 'pend', ...sides })
  await say({ ...said(order), kind: 'pend', ...sides })
  await say(bar(cny('25.00'), { subject: 'court' }))
  assert.deepEqual(await standing(), ['court 1000'])
  await say({ ...said(), kind: 'settle', pend: tab, amount: cny('4.00') })
  assert.deepEqual(await standing(), ['court 1600'])
  await say({ ...said(), kind: 'void', pend: order })
  assert.deepEqual(await standing(), ['court 2500'])
  await pay('1.00')
  await proved()
})

test('a bar tells what it is, and the same id means the same bar', async () => {
  await funded('0.00')
  const expiresAt = new Date(Date.now() + 60_000)
  const court = bar(cny('5.00'), { subject: '(2026) 0102', expiresAt })
  await say(court)
  assert.equal((await say(court)).again, true)
  await assert.rejects(say({ ...court, bars: cny('6.00') } as Draft), { code: 'id_already_used' })
  await assert.rejects(say({ ...court, bars: 'both' } as Draft), { code: 'id_already_used' })
  const [found] = await books.bars(book, 'purse/ann')
  const { at, ...told } = found!
  assert.ok(Math.abs(at.getTime() - Date.now()) < 60_000)
  const { id } = court
  const [event, subject] = ['court_order', '(2026) 0102']
  assert.deepEqual(told, { id, bars: cny('5.00'), kept: 0n, event, subject, expiresAt })
  const end = lift(id)
  await say(end)
  assert.equal((await say(end)).again, true)
  const feed = await books.entries(book, 3n)
  assert.deepEqual(
    feed.map(({ kind, bars, amount, debit }) => [kind, bars, amount, debit!.floor]),
    [
      ['bar', cny('5.00'), null, 500n],
      ['lift', cny('5.00'), null, 0n],
    ],
  )
})

test('an amount is barred only where there is a floor, and no more bars stand than are counted', async () => {
  await funded('0.00')
  const bank = { ...bar(cny('1.00')), account: 'pool/bank' } as Draft
  await assert.rejects(say(bank), { code: 'no_floor' })
  for (let n = 0; n < 15; n++) await say(bar('both'))
  await assert.rejects(say(bar('closing')), { code: 'bars_full' })
  const [first] = await books.bars(book, 'purse/ann')
  await say(lift(first!.id))
  await say(bar('closing'))
  await proved()
})

test('a bar with an end lapses by the database’s clock, and not before', async () => {
  await funded('1.00')
  const [soon, late] = [randomUUID(), randomUUID()]
  await say(bar('debits', { id: soon, expiresAt: new Date(Date.now() + 400) }))
  await say(bar(cny('1.00'), { id: late, expiresAt: new Date(Date.now() + 3_600_000) }))
  assert.equal(await books.expire(book), 0)
  await sleep(500)
  await assert.rejects(say(lift(soon)), { code: 'bar_ended' })
  assert.equal(await books.expire(book), 1)
  assert.equal(await books.expire(book), 0)
  assert.equal((await books.balance(book, 'purse/ann'))!.state, 'open')
  await assert.rejects(pay('1.00'), { code: 'insufficient_funds' })
  await say(lift(late))
  await pay('1.00')
  await proved()
})

test('8 callers at two servers bar, lift and pay at once: each bar ends once, and nobody spends what is kept', async () => {
  await funded('40.00')
  const ids = Array.from({ length: 8 }, () => randomUUID())
  const codes: Record<string, number> = {}
  const tell = (promise: Promise<unknown>, done: string) =>
    promise.then(
      () => (codes[done] = (codes[done] ?? 0) + 1),
      ({ code }: { code: string }) => (codes[code] = (codes[code] ?? 0) + 1),
    )
  await Promise.all(
    ids.map(async (id, caller) => {
      const on = servers[caller % 2]!
      for (let turn = 0; turn < 5; turn++) await tell(pay('1.00', on), 'paid')
      await tell(say(bar(cny('100.00'), { id }), on), 'barred')
      await tell(pay('1.00', on), 'paid under a bar')
    }),
  )
  assert.equal(codes['barred'], 8)
  assert.equal(codes['paid under a bar'], undefined)
  await Promise.all(
    ids.flatMap((id, n) =>
      [0, 1].map(one => tell(say(lift(id), servers[(n + one) % 2]), 'lifted')),
    ),
  )
  assert.deepEqual([codes['lifted'], codes['bar_ended']], [8, 8])
  const left = (await books.balance(book, 'purse/ann'))!
  assert.deepEqual([left.state, left.floor], ['open', 0n])
  assert.equal(left.posted, 40_00n - 100n * BigInt(codes['paid'] ?? 0))
  await proved()
})
