/** A connection that breaks under two batches, of which PostgreSQL has done one and gets to the other later. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, test } from 'node:test'
import { once } from 'node:events'
import net from 'node:net'
import { useDatabase } from '@bursar/database/testing'
import { openBooks, type Account, type Draft } from '@bursar/ledger'

const db = useDatabase()
const book = 6

before(async () => {
  await db.ready
  const books = openBooks({ url: db.url })
  await books.openBook(book, 'CNY')
  const open = (account: Account): Draft => {
    return { kind: 'open', id: randomUUID(), event: 'open', account, floor: null }
  }
  const entries = [open('pool/bank'), open('shop/till')]
  await books.submit({ book, plan: () => ({ entries }) })
  await books.close()
})

const amount = { minor: 1_00n, currency: 'CNY' }
const sides = { debit: 'pool/bank', credit: 'shop/till', amount } as const
const post = (): Draft => ({ kind: 'post', id: randomUUID(), event: 'sale', ...sides })
const command = (draft: Draft) => ({ book, plan: () => ({ entries: [draft] }) })

/** Once armed it passes one statement on, keeps its answer and breaks off; what came behind waits. */
async function startSlowWay(to: number) {
  const way = {
    armed: false,
    broken: () => {},
    rest: (): Promise<unknown> => Promise.resolve(),
    port: 0,
    close: () => {},
  }
  const server = net.createServer(client => {
    const database = net.connect(to, '127.0.0.1')
    let bytes: Buffer = Buffer.alloc(0)
    let started = false
    let statements = 0
    const behind: Buffer[] = []
    client.on('error', () => undefined)
    database.on('error', () => undefined)
    client.on('data', more => {
      bytes = Buffer.concat([bytes, more])
      for (;;) {
        const length = started ? 1 + (bytes.length > 4 ? bytes.readUInt32BE(1) : 1e9) : 0
        const whole = started ? length : bytes.length > 3 ? bytes.readUInt32BE(0) : 1e9
        if (bytes.length < whole) return
        const message = bytes.subarray(0, whole)
        bytes = bytes.subarray(whole)
        const ends = started && String.fromCharCode(message[0]!) === 'S'
        started = true
        if (way.armed && statements > 0) behind.push(message)
        else database.write(message)
        if (way.armed && ends) statements++
      }
    })
    database.on('data', answer => {
      if (!way.armed) return client.destroyed || client.write(answer)
      if (!answer.includes('appended')) return
      way.rest = () => {
        database.write(Buffer.concat(behind))
        return once(database, 'data')
      }
      client.destroy()
      way.armed = false
      way.broken()
    })
    way.close = () => (database.destroy(), server.close())
  })
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  way.port = (server.address() as net.AddressInfo).port
  return way
}

const settle = (pend: string): Draft => {
  return { kind: 'settle', id: randomUUID(), event: 'paid', pend, amount: sides.amount }
}

/**
 * Two batches of one process, cut off after the first; by then the time of what the second settles is over. What
 * `meanwhile` answers was told before PostgreSQL got to the second.
 */
async function cutOff<T>(
  patience: number,
  meanwhile: (
    settles: readonly Draft[],
    told: Promise<PromiseSettledResult<unknown>[]>,
  ) => Promise<T>,
): Promise<{ said: T; told: PromiseSettledResult<unknown>[]; done: bigint }> {
  const url = new URL(db.url)
  const way = await startSlowWay(Number(url.port))
  url.port = String(way.port)
  let ahead = 0
  const books = openBooks({ url: url.href, patience, clock: () => new Date(Date.now() + ahead) })
  await books.submit(command(post()))
  const expiresAt = new Date(Date.now() + 850)
  const pends = Array.from({ length: 120 }, () => randomUUID())
  const hold = (id: string): Draft => ({ kind: 'pend', id, event: 'hold', ...sides, expiresAt })
  await Promise.all(pends.map(id => books.submit(command(hold(id)))))

  const broken = new Promise<void>(done => (way.broken = done))
  way.armed = true
  const paid = Promise.allSettled(pends.map(() => books.submit(command(post()))))
  const settles = pends.map(settle)
  const answers = Promise.allSettled(settles.map(one => books.submit(command(one))))
  void broken.then(() => (ahead = 900))
  await broken
  const said = await meanwhile(settles, answers)
  await way.rest()
  const [told] = await Promise.all([answers, paid])
  const [found] = await books.sql<{ done: bigint }>`
    select count(*) as done from ledger.entry
    where book = ${book} and id = any(${settles.map(({ id }) => id)}::uuid[])`
  await books.close()
  way.close()
  return { said, told, done: found!.done }
}

const noes = (told: readonly PromiseSettledResult<unknown>[]) =>
  told.filter(one => one.status === 'rejected' && one.reason.code === 'pend_ended').length

test('what broke off is not done after a no to it', async () => {
  const { told, done } = await cutOff(10_000, (_, answers) => answers)
  assert.equal(noes(told), 120, 'all were told no, and nobody waited for it')
  assert.equal(done, 0n)
})

test('nor after a no that another process told, while the first one gave up', async () => {
  const { said, told, done } = await cutOff(0, async (settles, answers) => {
    await answers
    const clock = () => new Date(Date.now() + 900)
    const others = openBooks({ url: db.url, clock })
    const said = await Promise.allSettled(settles.map(one => others.submit(command(one))))
    await others.close()
    return said
  })
  assert.equal(noes(said), 120)
  assert.ok(told.every(one => one.status === 'rejected' && one.reason.code === 'outcome_unknown'))
  assert.equal(done, 0n)
})
