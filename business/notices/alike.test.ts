import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type MerchantId, type Sql } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { lookUp, totalsFor } from './counterWork.ts'
import { hear, hearNow } from './hear.ts'
import { within } from './hours.ts'
import { makeTerminal } from './terminals.ts'
import { useCounters } from './testing.ts'
import type { Evidence, Source } from './words.ts'

const { town, counter } = useCounters()
const start = new Date('2026-11-30T04:00:00Z')
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000)

const said = (merchant: MerchantId, source: Source, more: Partial<Evidence> = {}): Evidence => ({
  ...{
    merchant,
    source,
    terminal: null,
    id: newId('evd'),
    outlet: null,
    till: null,
    text: null,
    app: null,
  },
  ...{ platform: 'wechat-pay', kind: 'payment', orders: [newId('ord')], amount: cny('9.90') },
  ...{ payer: null, payee: null, way: null, at: start, ...more },
})

/** So many weak notices of one sum, a second apart, in a table that nobody analyses. */
async function flood(merchant: MerchantId, many: number): Promise<void> {
  const { sql } = town.books
  const [first] = await hearNow(
    town.books,
    [said(merchant, 'phone', { terminal: 'trm_main', orders: [], payer: '张三' })],
    start,
  )
  await sql`
    insert into notices.notice (id, merchant, counter, kind, platform, minor, currency, payer, at, heard_at, heard, grade,
      weak, contradicted, rehearsal, late)
    select 'ntc_' || right(merchant, 6) || lpad(n::text, 20, '0'), merchant, counter, kind, platform, minor, currency, payer,
      at + make_interval(secs => n), heard_at, 1, 'C', true, false, false, false
    from notices.notice, generate_series(1, ${many}) n where id = ${first!.notice}`
  await sql`
    insert into notices.evidence (merchant, terminal, source, id, notice, outcome, grade, kind, platform, orders, minor,
      currency, payer, at, heard_at)
    select merchant, 'trm_main', 'phone', id, id, 'new', 'C', kind, platform, '{}', minor, currency, payer, at, heard_at
    from notices.notice where merchant = ${merchant} and id <> ${first!.notice}`
}

/** Rows that this transaction has read: through the table, and by an index. */
const readOf = async (sql: Sql, table: string) =>
  (
    await sql<{ through: bigint; found: bigint }>`
      select seq_tup_read as through, idx_tup_fetch as found from pg_stat_xact_user_tables
      where schemaname = 'notices' and relname = ${table}`
  )[0]!

/** What hearing these reads of a table. */
const readBy = (words: readonly Evidence[], table: string) =>
  town.books.write(async tx => {
    const before = await readOf(tx.sql, table)
    await hear(tx, words, start)
    const since = await readOf(tx.sql, table)
    return { through: since.through - before.through, found: since.found - before.found }
  })

test('P4-I3 of twenty thousand weak notices of one sum a few are looked at for each word, whatever the statistics say', async () => {
  const merchant = await counter()
  // Plans that were made when there was nothing are kept: they have to do.
  for (let n = 0; n < 8; n++)
    await hearNow(town.books, [said(merchant, 'books', { amount: cny('1.00') })], start)
  await flood(merchant, 20_000)
  const many = 100
  const words = [
    ...Array.from({ length: many }, (_, n) => said(merchant, 'books', { at: after(n * 190) })),
    ...Array.from({ length: many }, (_, n) =>
      said(merchant, 'statement', { orders: [], at: after(n * 190), payer: '李四' }),
    ),
  ]
  const looked = await readBy(words, 'notice')
  assert.equal(looked.through, 0n, 'no table is read through')
  // Eight on each side, and each of them once more by its id.
  const most = BigInt(words.length * 16 * 2)
  assert.ok(looked.found <= most, `${looked.found} rows for ${words.length} words`)
})

test('P4-I3 a word finds the nearest of many alike, and two at once find two', async () => {
  const merchant = await counter()
  await flood(merchant, 2_000)
  const at = after(700)
  const words = Array.from({ length: 40 }, () => said(merchant, 'books', { at, payer: '张*' }))
  const answers = await hearNow(town.books, words, at)
  assert.deepEqual([...new Set(answers.map(one => one?.outcome))], ['raised'])
  const rows = await town.books.sql<{ at: Date }>`
    select n.at from notices.notice n where n.id = any(${answers.map(one => one!.notice)}::text[])`
  assert.equal(rows.length, 40, 'each its own')
  assert.ok(rows.every(one => Math.abs(one.at.getTime() - at.getTime()) <= 20_000))
})

for (const table of ['order_id', 'evidence'])
  test(`P4-I3 of a merchant’s thousands in ${table} a word reads its own, whatever the statistics say`, async () => {
    const merchant = await counter()
    for (let n = 0; n < 8; n++) await hearNow(town.books, [said(merchant, 'books')], start)
    await hearNow(
      town.books,
      Array.from({ length: 4_000 }, () => said(merchant, 'books')),
      start,
    )
    const words = Array.from({ length: 50 }, () => said(merchant, 'books'))
    const { through, found } = await readBy([...words, ...words.slice(25)], table)
    assert.equal(through, 0n, 'no table is read through')
    assert.ok(found <= 300n, `${found} rows for ${words.length} words`)
  })

test('P4-I2 of a day with five thousand receipts a look reads a page, and the totals read the day once', async () => {
  const merchant = await counter()
  await flood(merchant, 5_000)
  const { person: by } = await town.member(merchant, '1.00')
  const { terminal } = await makeTerminal(town.books, {
    ...{ id: newId('trm'), merchant, by, kind: 'main', name: '前台', ways: ['text'] },
    ...{ language: 'zh-CN', zone: null, speaks: false },
    permission: {
      ...{ fields: ['amount'], actions: ['look_up', 'totals'], from: null, to: null },
      ...{ outlets: null, tills: null, hours: null, until: null },
    },
  })
  const seen = await town.books.write(async tx => {
    const books = { ...town.books, sql: tx.sql }
    const reads: bigint[] = []
    const looks = [
      () => lookUp(books, terminal, { limit: 20, now: start }),
      () => totalsFor(books, terminal, start),
    ]
    for (const look of looks) {
      const before = await readOf(tx.sql, 'notice')
      await look()
      const { through, found } = await readOf(tx.sql, 'notice')
      assert.equal(through, before.through, 'no table is read through')
      reads.push(found - before.found)
    }
    return reads
  })
  assert.ok(seen[0]! <= 60n, `${seen[0]} rows for a page of twenty`)
  assert.ok(seen[1]! <= 5_100n, `${seen[1]} rows for the totals`)
})

test('P4-11 the hours of a terminal are the same for its totals as for its prompts', async () => {
  const zones = ['Asia/Shanghai', 'America/New_York', 'Asia/Kathmandu']
  const spans = [
    [540, 1080],
    [1320, 360],
    [0, 1439],
    [600, 600],
  ] as const
  for (const zone of zones)
    for (const [from, to] of spans) {
      const moments = Array.from({ length: 49 }, (_, n) => after(n * 1_799))
      const rows = await town.books.sql<{ is: boolean }>`
        select notices.is_within(at, ${zone}, ${from}, ${to}) as is
        from unnest(${moments}::timestamptz[]) with ordinality as m (at, n) order by n`
      const here = moments.map(at => within({ from, to }, at, zone))
      assert.deepEqual(
        rows.map(one => one.is),
        here,
      )
    }
})
