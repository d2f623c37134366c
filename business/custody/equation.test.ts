import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { archiveWhole } from '@bursar/ledger/archive-testing'
import { cny } from '@bursar/money'
import { accountsOf, equation, termNames, type Term } from './equation.ts'
import { listMembers, listSpends } from './lists.ts'
import { openPool, readPool } from './pool.ts'
import { join, listPurses } from './purses.ts'
import { statementPage, type StatementAsk } from './statements.ts'
import { refund } from './refunds.ts'
import { spend } from './spends.ts'
import { takings } from './takings.ts'
import { useTown } from './testing.ts'

const town = useTown()
const pay = async (
  { person: by, purse }: Awaited<ReturnType<typeof town.member>>,
  merchant: `mer_${string}`,
  yuan: string,
  note?: string,
) =>
  spend(town.books, {
    id: newId('spd'),
    purse,
    by,
    merchant,
    amount: cny(yuan),
    ...(note && { note }),
  })
const figures = async () => {
  const { terms, ...rest } = await equation(town.books, town.pool)
  const of = Object.fromEntries(terms.map(one => [one.term, one.amount.minor])) as Record<
    Term,
    bigint
  >
  return { of, ...rest }
}

test('P1-I3 a person has one purse at a merchant, however often and however much at once it joins', async () => {
  const [merchant, person] = [await town.merchant(), await town.person()]
  const all = await Promise.all([1, 2, 3, 4].map(() => join(town.books, { person, merchant })))
  assert.equal(new Set(all.map(one => one.id)).size, 1)
  assert.deepEqual(all[0]!.available, cny('0.00'))
  assert.equal((await listPurses(town.books, person)).length, 1)
})

test('P1-25 one person is a member of many merchants, with a balance at each', async () => {
  const [tea, gym] = [await town.merchant({ name: '茶' }), await town.merchant({ name: '健身' })]
  const { person, purse } = await town.member(tea, '10.00')
  await join(town.books, { person, merchant: gym })
  const purses = await listPurses(town.books, person)
  assert.deepEqual(
    purses.map(one => [one.merchantName, one.available.minor]),
    [
      ['健身', 0n],
      ['茶', 1000n],
    ],
  )
  assert.equal(purses[1]!.id, purse)
})

test('P1-25 a merchant that is not open has no new members', async () => {
  const [merchant, person] = [await town.merchant({ state: 'suspended' }), await town.person()]
  await assert.rejects(join(town.books, { person, merchant }), { code: 'merchant_not_open' })
})

test('P1-09 a pool has a custodian bank and another institution that supervises it', async () => {
  const { bank, supervisor } = await readPool(town.books, town.pool)
  assert.notEqual(bank, supervisor)
  const same = newId('ins')
  await assert.rejects(
    openPool(town.books, {
      id: newId('pol'),
      book: 9,
      name: '二',
      currency: 'CNY',
      bank: same,
      supervisor: same,
    }),
    { constraint: 'nobody_supervises_its_own_custody' },
  )
})

test('P1-09 a pool asked for again is the same pool; under another name, account or supervisor it is refused', async () => {
  const [bank, supervisor] = [newId('ins'), newId('ins')]
  const pool = { id: newId('pol'), book: 8, name: '三', currency: 'CNY', bank, supervisor }
  const opened = await openPool(town.books, { ...pool, account: '01' })
  assert.deepEqual(await openPool(town.books, { ...pool, account: '01' }), opened)
  for (const other of [{ name: '四' }, { account: '02' }, { supervisor: newId('ins') }])
    await assert.rejects(openPool(town.books, { ...pool, account: '01', ...other }), {
      code: 'id_already_used',
    })
})

test('P1-09 of two pools that want one book at the same moment, the second is told to ask again', async () => {
  const [bank, supervisor] = [newId('ins'), newId('ins')]
  const pool = { book: 7, name: '五', currency: 'CNY', bank, supervisor }
  const [first, second] = [newId('pol'), newId('pol')]
  const opened = await Promise.allSettled(
    [first, first, first, second].map(id => openPool(town.books, { ...pool, id })),
  )
  const said = opened.map(one => (one.status === 'fulfilled' ? 'opened' : one.reason.code))
  assert.ok(
    said.every(one => one === 'opened' || one === 'busy'),
    said.join(),
  )
  assert.ok(said.includes('busy') && said.includes('opened'))
})

test('P1-27 P1-28 the equation holds, and each figure is the sum of the accounts behind it', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '100.00')
  const { id } = await pay(member, merchant, '30.00')
  await refund(town.books, {
    id: newId('rfd'),
    spend: id,
    amount: cny('5.00'),
    reason: '多收',
    by: member.person,
  })
  const { of, holds, assets, claims } = await figures()
  assert.equal(holds, true)
  assert.deepEqual(assets, claims)
  assert.ok(of.purses >= 7500n && of.earned >= 2500n)
  for (const term of termNames) {
    const seen: bigint[] = []
    for (let cursor = ''; ;) {
      const page = await accountsOf(town.books, town.pool, term, { cursor, limit: 2 })
      seen.push(...page.map(one => one.amount.minor))
      if (page.length < 2) break
      cursor = page.at(-1)!.account
    }
    assert.equal(
      seen.reduce((sum, one) => sum + one, 0n),
      of[term],
      term,
    )
  }
  const { lines } = await statementPage(town.books, town.book, `merchant/${merchant}/earned`, {})
  assert.deepEqual(
    lines.map(line => [line.entry.event, line.change]),
    [
      ['refund', -500n],
      ['spend', 3000n],
      ['merchant_admitted', 0n],
    ],
  )
})

test('P1-27 the equation holds at every instant in which it is read, while money moves', async () => {
  const merchant = await town.merchant()
  const members = await Promise.all([1, 2, 3].map(() => town.member(merchant, '50.00')))
  let moving = true
  const moves = Promise.all(
    members.map(async member => {
      for (let i = 0; i < 30; i++) await pay(member, merchant, '1.00')
    }),
  ).finally(() => (moving = false))
  let reads = 0
  for (; moving; reads++) assert.equal((await equation(town.books, town.pool)).holds, true)
  await moves
  assert.ok(reads > 3)
})

test('P1-I3 a statement adds up to the balance, page by page, and by days is a filter of the whole', async () => {
  const merchant = await town.merchant()
  const { purse, ...member } = await town.member(merchant, '100.00')
  for (const yuan of ['1.00', '2.00', '3.00']) await pay({ purse, ...member }, merchant, yuan)
  const read = (ask: StatementAsk) => statementPage(town.books, town.book, `purse/${purse}`, ask)
  const lines = []
  for (let cursor: bigint | undefined; ;) {
    const page = await read({ limit: 2, ...(cursor && { cursor }) })
    lines.push(...page.lines)
    if (page.next === undefined) break
    cursor = page.next
  }
  assert.equal(
    lines.reduce((sum, line) => sum + line.change, 0n),
    9400n,
  )
  assert.equal(lines[0]!.after.posted, 9400n)
  const middle = lines[1]!.entry.at
  const seqs = (some: readonly { entry: { seq: bigint } }[]) => some.map(line => line.entry.seq)
  assert.deepEqual(
    seqs((await read({ from: middle })).lines),
    seqs(lines.filter(line => line.entry.at >= middle)),
  )
  assert.deepEqual(
    seqs((await read({ to: middle })).lines),
    seqs(lines.filter(line => line.entry.at < middle)),
  )
})

test("P1-25 a merchant finds its spends by word, kind and page, and sees no other merchant's", async () => {
  const [merchant, other] = [await town.merchant(), await town.merchant()]
  const [member, stranger] = [
    await town.member(merchant, '100.00'),
    await town.member(other, '100.00'),
  ]
  const ids = []
  for (const [yuan, note] of [
    ['1.00', '剪发'],
    ['2.00', '100%_烫'],
    ['3.00', undefined],
  ] as const)
    ids.push((await pay(member, merchant, yuan, note)).id)
  await pay(stranger, other, '9.00')
  const list = (more = {}) =>
    listSpends(town.books, { merchant, ...more }).then(rows => rows.map(row => row.id))
  assert.deepEqual(await list(), ids.toReversed())
  assert.deepEqual(await list({ limit: 2, cursor: ids[2] }), [ids[1], ids[0]])
  assert.deepEqual(await list({ q: '剪' }), [ids[0]])
  assert.deepEqual(await list({ q: '%_' }), [ids[1]])
  assert.deepEqual(await list({ q: ids[2]!.slice(4) }), [ids[2]])
  assert.deepEqual(await list({ initiator: 'merchant' }), [])
  assert.deepEqual(await list({ from: new Date(Date.now() + 60_000) }), [])
  assert.deepEqual(await list({ purse: stranger.purse }), [])
})

test('P1-I3 a merchant sees its members with what each has left', async () => {
  const merchant = await town.merchant()
  const [first, second] = [await town.member(merchant, '10.00'), await town.member(merchant)]
  const rows = await listMembers(town.books, { merchant })
  assert.deepEqual(
    rows.map(row => [row.purse, row.balance.minor]),
    [
      [second.purse, 0n],
      [first.purse, 1000n],
    ],
  )
  assert.deepEqual(
    (await listMembers(town.books, { merchant, limit: 1, cursor: second.purse })).length,
    1,
  )
  assert.deepEqual(await listMembers(town.books, { merchant, q: '没有这个人' }), [])
})

test('P1-04 a merchant sees its day: spends by the hour, refunds, and what is owed to it', async () => {
  const merchant = await town.merchant()
  const empty = await takings(town.books, { merchant })
  assert.deepEqual([empty.count, empty.sum.minor, empty.hours], [0, 0n, []])
  const member = await town.member(merchant, '100.00')
  const { id } = await pay(member, merchant, '30.00')
  await pay(member, merchant, '20.00')
  await refund(town.books, {
    id: newId('rfd'),
    spend: id,
    amount: cny('5.00'),
    reason: '多收',
    by: member.person,
  })
  const day = await takings(town.books, { merchant })
  assert.deepEqual(
    [day.count, day.sum, day.refunds, day.earned],
    [2, cny('50.00'), { count: 1, sum: cny('5.00') }, cny('45.00')],
  )
  assert.equal(
    day.hours.reduce((sum, hour) => sum + hour.count, 0),
    2,
  )
  assert.equal(
    day.day,
    new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' }).format(new Date()),
  )
})

test('P1-I3 where the lines of a statement end it says how many earlier ones are archived', async () => {
  const merchant = await town.merchant()
  const { purse, ...member } = await town.member(merchant, '100.00')
  const read = (ask: StatementAsk) => statementPage(town.books, town.book, `purse/${purse}`, ask)
  for (const yuan of ['1.00', '2.00']) await pay({ purse, ...member }, merchant, yuan)
  const all = (await read({})).lines
  assert.equal((await read({})).archived, undefined)
  await archiveWhole(town.database.ownerUrl, town.book)
  await pay({ purse, ...member }, merchant, '3.00')
  const first = await read({ limit: 1 })
  assert.equal(first.archived, undefined)
  const last = await read({ cursor: first.next! })
  const newest = all[0]!.entry
  assert.deepEqual(
    last.lines.map(line => line.entry.seq),
    [newest.seq],
  )
  assert.deepEqual(last.archived, { entries: BigInt(all.length - 1), before: newest.at })
  const later = new Date(newest.at.getTime() + 1)
  assert.equal((await read({ from: later })).archived, undefined)
})
