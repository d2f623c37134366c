/** The milestones of an account, by which its past is found: a wrong one would show another balance. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import pg from 'pg'
import { openBooks, type Draft } from './ledger.ts'
import { verifyBook } from './verify.ts'

const db = useDatabase()
const book = 4
let forger: pg.Client

before(async () => {
  await db.ready
  const books = openBooks({ url: db.url })
  await books.openBook(book, 'CNY')
  const named = () => ({ id: crypto.randomUUID(), event: 'test' })
  const entries: Draft[] = (['bank/a', 'purse/b', 'purse/c'] as const).map(account => ({
    ...named(),
    kind: 'open',
    account,
    floor: null,
  }))
  for (let more = 0; more < 200; more++)
    entries.push({
      ...named(),
      kind: 'post',
      debit: 'bank/a',
      credit: more % 2 ? 'purse/b' : 'purse/c',
      amount: { minor: 1n, currency: 'CNY' },
    })
  await books.submit({ book, plan: () => ({ entries }) })
  await books.close()
  forger = new pg.Client(new URL(new URL(db.ownerUrl).pathname, db.adminUrl).href)
  forger.on('error', () => undefined) // the database is taken away before the connection
  await forger.connect()
})
after(() => forger.end())

async function named(tamper: string): Promise<string> {
  await forger.query('begin')
  try {
    await forger.query(`set local session_replication_role = replica;
      alter table ledger.milestone drop constraint milestone_nth_check; ${tamper}`)
    const { fault } = await verifyBook(forger, book)
    return fault ? `${fault.seq} ${fault.field}` : 'proved'
  } finally {
    await forger.query('rollback')
  }
}

// bank/a is account 1 and in every posting: its 64th entry is 66, its 128th 130, its 192nd 194.
const attacks: [string, string, string][] = [
  ['nothing is done', '', 'proved'],
  ['one is lost', 'delete from ledger.milestone where account = 1 and seq = 130', '130 milestone'],
  ['all are lost', 'delete from ledger.milestone', '66 milestone'],
  ['the last is lost', 'delete from ledger.milestone where seq = 194', '194 milestone'],
  [
    'one stands an entry later',
    'update ledger.milestone set seq = 131 where seq = 130',
    '130 milestone',
  ],
  [
    'one counts otherwise',
    'update ledger.milestone set nth = 192 where seq = 130',
    '130 milestone.nth',
  ],
  [
    'one is of another account',
    'update ledger.milestone set account = 2 where account = 1 and seq = 130',
    '130 milestone',
  ],
  [
    'one is too many',
    `insert into ledger.milestone values (${book}, 2, 99, 64)`,
    '99 milestone.nth',
  ],
  [
    'one is of an account that nobody opened',
    `insert into ledger.milestone values (${book}, 77, 99, 64)`,
    '77 milestone',
  ],
]
for (const [what, tamper, place] of attacks)
  test(`of the milestones ${what}: ${place}`, async () => assert.equal(await named(tamper), place))
