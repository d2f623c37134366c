import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import v8 from 'node:v8'
import { useDatabase } from '@bursar/database/testing'
import { cny } from '@bursar/money'
import pg from 'pg'
import { connect } from './connect.ts'
import { Gatherer } from './gatherer.ts'
import { openBooks, type Account, type Draft } from './ledger.ts'
import { Overlay } from './overlay.ts'

const db = useDatabase()
const book = 5

before(async () => {
  await db.ready
  const books = openBooks({ url: db.url })
  await books.openBook(book, 'CNY')
  const entries = [open('pool/bank', null), open('purse/ann'), open('shop/till')]
  await books.submit({ book, plan: () => ({ entries }) })
  await books.close()
})

const open = (account: Account, floor: bigint | null = 0n): Draft => {
  return { kind: 'open', id: randomUUID(), event: 'open', account, floor }
}
const post = (debit: Account, id: string = randomUUID()): Draft => {
  return { kind: 'post', id, event: 'sale', debit, credit: 'shop/till', amount: cny('1.00') }
}
const command = (draft: Draft) => ({ book, plan: () => ({ entries: [draft] }) })

test('a refused command whose id is no id is answered, and so is its neighbour', async () => {
  const books = openBooks({ url: db.url })
  const wrong = books.submit(command(post('purse/ann', 'no-id')))
  const poor = books.submit(command(post('purse/ann')))
  const answers = await Promise.race([
    Promise.allSettled([wrong, poor]),
    sleep(3000, undefined, { ref: false }),
  ])
  assert.ok(answers, 'both have an answer within three seconds')
  assert.match(String((answers[1] as PromiseRejectedResult).reason), /insufficient_funds/)
  await books.close()
})

test('a refused command hears what hinders the look whether it was done before', async () => {
  const books = openBooks({ url: db.url })
  const owner = new pg.Client(db.ownerUrl)
  await owner.connect()
  await owner.query('revoke select on ledger.readable from bursar_app')
  const poor = Promise.allSettled([1, 2].map(() => books.submit(command(post('purse/ann')))))
  const answers = await Promise.race([poor, sleep(3000, undefined, { ref: false })])
  await owner.query('grant select on ledger.readable to bursar_app')
  await owner.end()
  for (const one of answers ?? [undefined])
    assert.match(String((one as PromiseRejectedResult | undefined)?.reason), /permission denied/)
  await books.close()
})

test('an accepted command whose id is no id fails alone and at once', async () => {
  const books = openBooks({ url: db.url })
  for (const id of ['no-id', `${randomUUID()}0`, '0123']) {
    const wrong = books.submit(command(post('pool/bank', id)))
    const good = books.submit(command(post('pool/bank')))
    const begun = performance.now()
    await assert.rejects(wrong)
    assert.equal((await good).entries.length, 1, id)
    assert.ok(performance.now() - begun < 2000)
  }
  await books.close()
})

test('a limit that PostgreSQL cannot hold is refused, not cut down to another one', async () => {
  const books = openBooks({ url: db.url })
  const draft = { ...open('purse/deep'), ceiling: 2n ** 64n } as Draft
  await assert.rejects(books.submit(command(draft)))
  assert.equal(await books.balance(book, 'purse/deep'), undefined)
  await books.close()
})

test('under load without a pause the batches that stand are forgotten', async () => {
  const books = openBooks({ url: db.url })
  let left = 30 * 400
  async function call() {
    while (left-- > 0) await books.submit(command(post('pool/bank')))
  }
  const under = Array.from({ length: 400 }, call)
  while (left > 400) await sleep(20)
  const kept = v8.queryObjects(Overlay, { format: 'count' })
  await Promise.all(under)
  await books.close()
  assert.ok(kept <= 8, `${kept} batches and decisions are remembered of more than 50`)
})

test('those whose batch stands are answered although no connection is free for the next one', async () => {
  const pool = connect({ url: db.url, max: 1 })
  const lines = connect({ url: db.url, max: 1 })
  const options = { clock: () => new Date(), remember: 1000, queue: 9999, patience: 8000 }
  const gatherer = new Gatherer(pool, lines, book, options)
  await gatherer.submit(command(post('pool/bank')))
  const held: { release(): void }[] = []
  // Others want the connection too: they stand in line as soon as the first batch has it.
  pool.once('acquire', () => {
    for (let i = 0; i < 4; i++) void pool.connect().then(client => held.push(client))
  })
  const first = gatherer.submit(command(post('pool/bank')))
  const many = Array.from({ length: 300 }, () => gatherer.submit(command(post('pool/bank'))))
  const begun = performance.now()
  const answered = await Promise.race([first, sleep(2000, undefined, { ref: false })])
  const waited = performance.now() - begun
  for (let round = 0; round < 50; round++) {
    for (const client of held.splice(0)) client.release()
    await sleep(20)
  }
  await Promise.all(many)
  await gatherer.idle()
  await pool.end()
  assert.ok(answered, `after ${waited} ms nobody had an answer`)
})

test('while the database is away nobody waits longer than their own patience, however many wait', async () => {
  const pool = connect({ url: 'postgres://nobody@127.0.0.1:1/nothing' })
  const lines = pool
  const options = { clock: () => new Date(), remember: 1000, queue: 9999, patience: 700 }
  const gatherer = new Gatherer(pool, lines, book, options)
  const begun = performance.now()
  const many = Array.from({ length: 400 }, () => gatherer.submit(command(post('pool/bank'))))
  for (const one of many) await assert.rejects(one, { code: 'outcome_unknown' })
  const waited = performance.now() - begun
  await gatherer.idle()
  await pool.end()
  assert.ok(waited < 1400, `the last one waited for ${waited} ms`)
})

test('of two batches under way each has its answers, whichever of them PostgreSQL refuses', async () => {
  const books = openBooks({ url: db.url })
  await books.submit(command(post('pool/bank')))
  for (const bad of [10, 290]) {
    const drafts = Array.from({ length: 300 }, () => post('pool/bank'))
    drafts[bad] = { ...drafts[bad]!, subject: 'no\0text' }
    const before = await books.balance(book, 'shop/till')
    const answers = await Promise.allSettled(drafts.map(one => books.submit(command(one))))
    const failed = answers.flatMap((one, place) => (one.status === 'rejected' ? [place] : []))
    assert.deepEqual(failed, [bad])
    const now = await books.balance(book, 'shop/till')
    assert.equal(now!.posted - before!.posted, 299_00n)
  }
  await books.close()
})

test('what comes while a batch is under way is sent on top of it as soon as it is enough for one', async () => {
  const [pool, lines] = [connect({ url: db.url }), connect({ url: db.url, max: 1 })]
  const options = { clock: () => new Date(), remember: 1000, queue: 9999, patience: 8000 }
  const gatherer = new Gatherer(pool, lines, book, options)
  await gatherer.submit(command(post('pool/bank')))
  let sent = 0
  lines.on('acquire', client => {
    const query = client.query.bind(client) as (...said: unknown[]) => unknown
    client.query = ((...said: unknown[]) => (sent++, query(...said))) as typeof client.query
  })
  const arrivesAt = async (count: number) => {
    for (let tries = 0; sent < count && tries < 200; tries++) await sleep(10)
    assert.equal(sent, count)
  }
  const owner = new pg.Client(db.ownerUrl)
  await owner.connect()
  await owner.query('begin')
  await owner.query('select from ledger.book where book = $1 for update', [book])
  const first = gatherer.submit(command(post('pool/bank')))
  await arrivesAt(1)
  const many = Array.from({ length: 100 }, () => gatherer.submit(command(post('pool/bank'))))
  await arrivesAt(2)
  await owner.query('rollback')
  await owner.end()
  await Promise.all([first, ...many])
  await Promise.all([pool.end(), lines.end()])
})

test('more books than connections are all served, however busy each of them is', async () => {
  const books = openBooks({ url: db.url, max: 1 })
  const busy = [31, 32, 33]
  for (const one of busy) {
    await books.openBook(one, 'CNY')
    const entries = [open('pool/bank', null), open('shop/till')]
    await books.submit({ book: one, plan: () => ({ entries }) })
  }
  const done = new Map(busy.map(one => [one, 0]))
  let going = true
  async function call(one: number) {
    while (going) {
      await books.submit({ book: one, plan: () => ({ entries: [post('pool/bank')] }) })
      done.set(one, done.get(one)! + 1)
    }
  }
  const calls = busy.flatMap(one => Array.from({ length: 250 }, () => call(one)))
  await sleep(1500)
  going = false
  await Promise.all(calls)
  await books.close()
  for (const [one, times] of done) assert.ok(times > 250, `book ${one}: ${times}`)
})
