/**
 * A feed reads `seq > last`. With numbers from a plain sequence such a reader loses what is committed out
 * of order (a quarter of all events in a trial with 16 writers); a book's seq is the order of its commits.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { useDatabase } from '@bursar/database/testing'
import { cny } from '@bursar/money'
import { openBooks, type Account, type Books, type Draft, type Entry } from './ledger.ts'

const db = useDatabase()
const [book, writers, each, people] = [1, 16, 60, 8]
let servers: Books[]

before(async () => {
  await db.ready
  servers = [0, 1].map(() => openBooks({ url: db.url }))
  const [server] = servers as [Books]
  await server.openBook(book, 'CNY')
  const entries = Array.from({ length: people }, (_, i) => open(`purse/p${i}`))
  await server.submit({ book, plan: () => ({ entries }) })
})
after(async () => {
  for (const server of servers) await server.close()
})

const open = (account: Account): Draft => ({
  kind: 'open',
  id: randomUUID(),
  event: 'open',
  account,
  floor: null,
})
const post = (id: string, from: number): Draft => ({
  kind: 'post',
  id,
  event: 'spend',
  debit: `purse/p${from % people}`,
  credit: `purse/p${(from + 1) % people}`,
  amount: cny('0.01'),
})

/** Half of them hot, half cold, on two servers; each says which entries it was told to stand. */
async function write(writer: number, accepted: Set<string>): Promise<void> {
  const server = servers[writer % 2]!
  for (let turn = 0; turn < each; turn++) {
    const id = randomUUID()
    const draft = post(id, writer + turn)
    const said =
      writer % 4 < 2
        ? server.submit({ book, plan: () => ({ entries: [draft] }) })
        : server.write(async tx => tx.append(book, draft))
    // Two servers on one book lose races; who gives up is told so, and wrote nothing.
    await said.then(
      () => accepted.add(id),
      (error: { code?: string }) => assert.equal(error.code, 'busy'),
    )
  }
}

/** Reads to the end again and again, in small pages, until the writers are done and nothing is left. */
async function follow(server: Books, writing: { done: boolean }): Promise<Entry[]> {
  const heard: Entry[] = []
  for (;;) {
    const { done } = writing
    const page = await server.entries(book, heard.at(-1)?.seq ?? 0n, 50)
    heard.push(...page)
    if (page.length === 0 && done) return heard
    if (page.length === 0) await sleep(1)
  }
}

test('a feed that reads on from the last entry loses nothing and repeats nothing, with 16 writers', async () => {
  const accepted = new Set<string>()
  const writing = { done: false }
  const feeds = servers.map(server => follow(server, writing))
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer, accepted)))
  writing.done = true
  assert.ok(accepted.size > (writers * each) / 2, `${accepted.size} written`)
  for (const heard of await Promise.all(feeds)) {
    const spends = heard.slice(people).map(({ id }) => id)
    assert.equal(spends.length, accepted.size)
    assert.deepEqual(new Set(spends), accepted)
    heard.forEach(({ seq }, place) => assert.equal(seq, BigInt(place + 1)))
  }
})
