/** A book that was kept before a batch was numbers goes on, and is proved from its beginning to its end. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { test } from 'node:test'
import { connected } from '@bursar/database'
import { useDatabase } from '@bursar/database/testing'
import { cny } from '@bursar/money'
import { prepare, type Waiting } from './batch.ts'
import { connect, sqlOver } from './connect.ts'
import { genesis } from './hash.ts'
import { openBooks, type Account, type Draft } from './ledger.ts'
import { Memory } from './memory.ts'
import { grantsTo, ledgerFolder, type Owner } from './migrate.ts'
import type { Held, Row } from './overlay.ts'
import type { Sql } from './types.ts'
import { verifyBooks } from './verify.ts'

const db = useDatabase()
const book = 3
const files = fs.readdirSync(ledgerFolder.path).toSorted()
const apply = async (on: Owner, some: readonly string[]) => {
  for (const file of some)
    await on.script(`begin; ${fs.readFileSync(`${ledgerFolder.path}/${file}`, 'utf8')}; commit`)
}

const side = (name: string, held: Held | null) =>
  held && {
    [name]: held.number,
    [`${name}_prev`]: held.before,
    [`${name}_nth`]: held.nth,
    [`${name}_posted`]: held.posted,
    [`${name}_out`]: held.out,
    [`${name}_in`]: held.in,
    [`${name}_floor`]: held.floor,
    [`${name}_ceiling`]: held.ceiling,
    [`${name}_state`]: held.state,
  }

/** A row as it was sent then. */
const asSent = (row: Row, hash: Buffer) => ({
  ...row,
  kind: row.code,
  expires_at: row.expiresAt,
  ...side('debit', row.debit),
  ...side('credit', row.credit),
  was: row.was && [row.was.floor, row.was.ceiling, row.was.state],
  hash: `\\x${hash.toString('hex')}`,
})
const whole = (_: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)

async function appendAsThen(sql: Sql, entries: readonly Draft[]): Promise<void> {
  const [end] = await sql<{ seq: bigint; at: Date; head: Buffer }>`
    select seq, at, head from ledger.book where book = ${book}`
  const memory = new Memory({ currency: 'CNY', ...end! }, 1000)
  const waiting: Waiting = {
    command: { book, plan: () => ({ entries }) },
    resolve: () => {},
    reject: error => assert.fail(String(error)),
    until: Infinity,
  }
  const { sent, refused } = await prepare(book, sql, memory, new Date(), new Map(), [waiting])
  assert.deepEqual(refused, [])
  const rows = JSON.stringify(
    sent.rows.map((row, i) => asSent(row, sent.hashes[i]!)),
    whole,
  )
  const [found] = await sql<{ answer: string }>`
    select answer from ledger.append(${book}, ${sent.seq}, ${sent.before}, ${sent.at}, (
      select array_agg(json_populate_record(null::ledger.row, row) order by place)
      from json_array_elements(${rows}) with ordinality as one (row, place)))`
  assert.equal(found!.answer, 'appended')
}

const said = (event: string) => ({ id: randomUUID(), event })
const open = (account: Account, floor: bigint | null = 0n): Draft => {
  return { ...said('open'), kind: 'open', account, floor }
}
const pay = (debit: Account, credit: Account): Draft => {
  return { ...said('pay'), kind: 'post', debit, credit, amount: cny('1.00') }
}
const many = () => Array.from({ length: 100 }, () => pay('pool/bank', 'purse/ann'))

test('a book that was kept before goes on where it stood', async () => {
  const pends = [randomUUID(), randomUUID()]
  const holds = pends.map(
    (id): Draft => ({ ...pay('purse/ann', 'shop/till'), kind: 'pend', id, event: 'hold' }) as Draft,
  )
  await connected(db.ownerUrl, async on => {
    await on.script('drop schema ledger cascade')
    await apply(on, files.slice(0, 7))
    await on.sql`select ledger.open_book(${book}, 'CNY', ${genesis(book, 'CNY')}, ${new Date()})`
    const owner = connect({ url: db.ownerUrl, max: 1 })
    const sql = sqlOver(owner)
    await appendAsThen(sql, [open('pool/bank', null), open('purse/ann'), open('shop/till')])
    await appendAsThen(sql, [...many(), ...holds, open('purse/bob')])
    await owner.end()
    await apply(on, files.slice(7))
    await on.script(grantsTo({ writer: 'bursar_app', reader: 'bursar_report' }))
  })
  const books = openBooks({ url: db.url })
  const entries: Draft[] = [
    pay('purse/ann', 'purse/bob'),
    { ...said('paid'), kind: 'settle', pend: pends[0]!, amount: cny('1.00') },
    { ...said('void'), kind: 'void', pend: pends[1]! },
    { ...said('freeze'), kind: 'freeze', account: 'purse/bob', state: 'no_debits' },
    ...many(),
  ]
  await books.submit({ book, plan: () => ({ entries }) })
  await books.submit({ book, plan: () => ({ entries: many() }) })
  await books.close()
  const [proof] = await verifyBooks(db.ownerUrl)
  assert.equal(proof!.fault, undefined)
  assert.equal(proof!.openPends, 0)
  assert.ok(proof!.entries > 300n)
})
