/** Honest batches with one thing changed: each is refused, or leaves a book that is proved. */
import assert from 'node:assert/strict'
import { randomInt, randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { cny } from '@bursar/money'
import pg from 'pg'
import { append } from './append.ts'
import { prepare, type Waiting } from './batch.ts'
import { connect, sqlOver } from './connect.ts'
import { openBooks, type Account, type Draft } from './ledger.ts'
import { readMemory } from './memoryOf.ts'
import { faultIn } from './proved.testing.ts'

const db = useDatabase()
const book = 9
const pool = () => connect({ url: db.url, max: 1 })
let lines: pg.Pool

before(async () => {
  await db.ready
  lines = pool()
  const books = openBooks({ url: db.url })
  await books.openBook(book, 'CNY')
  const many = Array.from({ length: 59 }, () => pay('pool/bank', 'purse/ann', '5.00'))
  const entries = [open('pool/bank', null), open('purse/ann'), open('shop/till'), ...many, hold(1)]
  await books.submit({ book, plan: () => ({ entries }) })
  await books.close()
})
after(() => lines.end())

const said = (event: string) => ({ id: randomUUID(), event })
const open = (account: Account, floor: bigint | null = 0n): Draft => {
  return { ...said('open'), kind: 'open', account, floor }
}
const pay = (debit: Account, credit: Account, yuan: string): Draft => {
  return { ...said('pay'), kind: 'post', debit, credit, amount: cny(yuan) }
}
const holds = [randomUUID(), randomUUID(), randomUUID()]
const hold = (which: number, expiresAt?: Date): Draft => ({
  id: holds[which]!,
  event: 'hold',
  kind: 'pend',
  debit: 'purse/ann',
  credit: 'shop/till',
  amount: cny('2.00'),
  ...(expiresAt ? { expiresAt } : {}),
})

/** Every kind that a caller can ask for, over accounts that take part again and again. */
const everyKind = (): Draft[] => [
  open('purse/bob'),
  pay('purse/ann', 'purse/bob', '3.00'),
  hold(0, new Date(Date.now() + 60_000)),
  { ...said('paid'), kind: 'settle', pend: holds[1]!, amount: cny('1.50') },
  { ...said('limit'), kind: 'limit', account: 'purse/bob', floor: 1n, ceiling: 900_00n },
  { ...said('note'), kind: 'memo' },
  pay('purse/bob', 'shop/till', '1.00'),
  hold(2),
  { ...said('void'), kind: 'void', pend: holds[2]! },
  { ...said('freeze'), kind: 'freeze', account: 'purse/bob', state: 'no_debits' },
  open('purse/cat'),
  { ...said('close'), kind: 'close', account: 'purse/cat' },
  pay('purse/ann', 'shop/till', '1.00'),
]

/** Movements alone, past a milestone of both. */
const movements = (): Draft[] => [
  ...Array.from({ length: 4 }, () => pay('pool/bank', 'purse/ann', '1.00')),
  hold(0, new Date(Date.now() + 60_000)),
  pay('purse/ann', 'shop/till', '3.00'),
  { ...said('paid'), kind: 'settle', pend: holds[1]!, amount: cny('1.50') },
  hold(2),
  { ...said('void'), kind: 'void', pend: holds[2]! },
  pay('shop/till', 'pool/bank', '1.00'),
]

/** The values of an honest append, as they would go to the server. */
async function honest(drafts: readonly Draft[]) {
  const sql = sqlOver(lines)
  const memory = await readMemory(sql, book, 1000)
  const command = { book, plan: () => ({ entries: drafts }) }
  const waiting: Waiting = { command, resolve: () => {}, reject: () => {}, until: Infinity }
  const { sent, refused } = await prepare(book, sql, memory, new Date(), new Map(), [waiting])
  assert.deepEqual(refused, [])
  let text = ''
  let values: unknown[] = []
  const query = (asked: { text: string; values: unknown[] }) => {
    text = asked.text
    values = asked.values.map(value => (Buffer.isBuffer(value) ? Buffer.from(value) : value))
    return Promise.resolve({ rows: [{}] })
  }
  await append({ query } as unknown as pg.PoolClient, sent)
  return { text, values }
}

const head = 20
const none = -(2n ** 63n)
const wide = (bytes: Buffer) => bytes.readInt32BE(8) === 20
const items = (bytes: Buffer) => (bytes.length - head) / (wide(bytes) ? 12 : 8)
const read = (bytes: Buffer, item: number) =>
  wide(bytes)
    ? bytes.readBigInt64BE(head + 4 + item * 12)
    : BigInt(bytes.readInt32BE(head + 4 + item * 8))

/** Another number in its place: one beside it, one from elsewhere in the batch, none, or a null. */
function change(bytes: Buffer): string {
  const item = randomInt(items(bytes))
  const was = read(bytes, item)
  const others = [was + 1n, was - 1n, -was, 0n, was * 28n + 11n, was - 28n, was + 28n]
  if (wide(bytes)) others.push(none, 2n ** 63n - 1n, was ^ (1n << BigInt(randomInt(63))))
  const elsewhere = () => read(bytes, randomInt(items(bytes)))
  for (let i = 0; i < 8; i++) others.push(elsewhere())
  const next = others[randomInt(others.length)]!
  if (wide(bytes)) bytes.writeBigInt64BE(BigInt.asIntN(64, next), head + 4 + item * 12)
  else bytes.writeInt32BE(Number(BigInt.asIntN(32, next)), head + 4 + item * 8)
  return `${wide(bytes) ? `n[${item + 1}]` : `place ${item + 1}`}: ${was} → ${next}`
}

/** What is sent of each, and which of its values are the numbers. */
const batches: [string, () => Draft[], number[]][] = [
  ['batch', everyKind, [4, 4, 4, 4, 5, 6]],
  ['batch of movements', movements, [6, 7, 7]],
]
for (const [what, drafts, numbers] of batches)
  test(`an honest ${what} with some of its numbers changed is refused, or the book is proved with it`, async () => {
    const { text, values } = await honest(drafts())
    // No pipeline: a proof reads with a cursor.
    const on = new pg.Client({ connectionString: db.url })
    await on.connect()
    let refused = 0
    try {
      for (let round = 0; round < Number(process.env['TAMPERED'] ?? 450); round++) {
        const changed = values.map(value => (Buffer.isBuffer(value) ? Buffer.from(value) : value))
        changed[3] = new Date().toISOString()
        const does: string[] = []
        for (let more = round === 0 ? 0 : 1 + (round % 3); more > 0; more--)
          does.push(change(changed[numbers[randomInt(numbers.length)]!] as Buffer))
        await on.query('begin')
        const answer = await on.query(text, changed).then(
          ({ rows }) => String(rows[0]?.answer),
          (error: Error) => error,
        )
        if (typeof answer === 'string') {
          assert.equal(answer, 'appended', does.join(', '))
          assert.equal(await faultIn(on, book), undefined, does.join(', '))
        } else refused++
        if (round === 0) assert.equal(answer, 'appended')
        await on.query('rollback')
      }
    } finally {
      await on.end()
    }
    assert.ok(refused > 100)
  })
