import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { catalogueOf, listOrders, listTabs, readTab } from '@bursar/cashier'
import { equation, listSuspense, takings } from '@bursar/custody'
import { useDatabase } from '@bursar/database/testing'
import { alipayWallet } from '@bursar/gateway-alipay'
import { bankOverHttp } from '@bursar/gateway-banks'
import { walletOverHttp } from '@bursar/gateway-payments'
import { dayOf, newId, stoppedClock, type Books } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { listEvidence, listNotices, terminalsOf, type Notice } from '@bursar/notices'
import { signIn } from '@bursar/parties'
import { listBreaks, listDays, readBreak } from '@bursar/reconciliation'
import {
  custodyAccount,
  makeAlipayKeys,
  makeKeys,
  startSandbox,
  type Sandbox,
} from '@bursar/sandbox'
import { listRefused, listResidues } from '@bursar/settlement'
import { memberIdOf, merchantIdOf, poolId } from './founding.ts'
import { shops } from './merchants.ts'
import { faces, reconcileTown, seedTown, townStands, type Progress, type Seeded } from './town.ts'

const db = useDatabase()
const clock = stoppedClock(new Date(0))
const keys = makeKeys()
const alipayKeys = makeAlipayKeys()
const lines = { ours: keys.operator }
let books: Books
let sandbox: Sandbox

before(async () => {
  await db.ready
  // As the demo opens them: what a power cut takes is made again.
  const url = `${db.url}?options=-c%20synchronous_commit%3Doff`
  books = openBooks({ url, clock: clock.now })
  sandbox = await startSandbox({ keys, alipay: alipayKeys })
  const owner = openBooks({ url: db.ownerUrl })
  await owner.sql`insert into ledger.demo default values`
  await owner.close()
})
after(async () => {
  await sandbox?.stop()
  await books?.close()
})

const bank = () =>
  bankOverHttp({
    ...{ ...lines, gateway: 'sandbox-bank', account: custodyAccount },
    ...{ url: sandbox.bankUrl, theirs: keys.bank },
  })
const wallet = () =>
  walletOverHttp({
    ...{ ...lines, gateway: 'sandbox-wallet', account: 'bursar' },
    ...{ url: sandbox.walletUrl, theirs: keys.wallet },
  })
const alipay = () => {
  const { appId, sellerId, app, platform } = alipayKeys
  return alipayWallet({
    ...{ appId, sellerId, ...sandbox.alipay, notifyUrl: 'https://bursar.example' },
    ...{ privateKey: app.privateKey, publicKey: platform.publicKey },
  })
}
const seeding = (more: object = {}) =>
  seedTown({
    ...{ books, clock, bank: bank(), wallet: wallet(), alipay: alipay() },
    passwordOf: face => `${face.key} of the town`,
    ...more,
  })
const many = async (rows: Promise<{ n: bigint }[]>) => Number((await rows)[0]!.n)

let seeded: Seeded

test('P1-25 the demo town lives its month: twelve merchants, six trades, two hundred people', async t => {
  const from = performance.now()
  const heard: Progress[] = []
  assert.equal(await townStands(books), false)
  seeded = await seeding({ progress: (one: Progress) => heard.push(one) })
  t.diagnostic(`seeded in ${((performance.now() - from) / 1000).toFixed(1)} s`)
  t.diagnostic(JSON.stringify(seeded.counts))

  assert.equal(await townStands(books), true)
  assert.deepEqual(heard.at(-1), {
    done: heard.at(-1)!.total,
    total: heard.at(-1)!.total,
    what: 'ready',
  })
  const { sql } = books
  const late = sql<{ n: bigint }>`select count(*) as n from custody.top_up
    where state = 'credited' and ended_at > created_at + interval '1 day'`
  assert.equal(await many(late), 0, 'top-ups came in when they were made, not today')
  assert.ok(
    (await many(sql`select count(*) as n from parties.merchant where state = 'active'`)) >= 12,
  )
  assert.ok((await many(sql`select count(distinct trade) as n from parties.merchant`)) >= 6)
  assert.equal(await many(sql`select count(distinct person) as n from custody.purse`), 200)
  const states = await sql<{ state: string; n: bigint }>`
    select state, count(*) as n from settlement.request group by state`
  const of = Object.fromEntries(states.map(({ state, n }) => [state, Number(n)]))
  assert.ok(of['paid']! > 3)
  assert.deepEqual([of['submitted'], of['rejected'], of['bounced']], [2, 1, 1])
  assert.ok((await many(sql`select count(*) as n from custody.refund`)) >= 1)
  assert.equal(
    await many(sql`select count(*) as n from custody.top_up where state <> 'credited'`),
    0,
  )
  const ways = await sql<{ initiator: string }>`select distinct initiator from custody.spend`
  assert.equal(ways.length, 2)
})

test('the pool equation holds, and the bank has exactly what the books say it has', async () => {
  sandbox.recall(seeded.past)
  const { holds, terms } = await equation(books, poolId)
  assert.equal(holds, true)
  const custody = terms.find(one => one.term === 'custody')!
  assert.deepEqual(await bank().balance(), custody.amount)
  const transit = terms.find(one => one.term === 'transitIn')!
  const owed = seeded.past.owed.reduce((sum, one) => sum + one.minor, 0n)
  const unheard = seeded.past.owed.find(({ minor }) => minor === 12_800n)!.minor
  assert.equal(transit.amount.minor, owed - unheard)
  assert.ok(terms.find(one => one.term === 'suspense')!.amount.minor > 0n)
  sandbox.recall(seeded.past)
  assert.deepEqual(await bank().balance(), custody.amount)
})

test('P1-08 two payments stand in suspense: one waits for a second person, one for anybody, each since it came', async () => {
  const rows = await listSuspense(books, { state: 'open' })
  assert.deepEqual(
    rows.map(({ reason, state }) => [reason, state]),
    [
      ['unknown_order', 'proposed'],
      ['unknown_payer', 'unclaimed'],
    ],
  )
  assert.ok(Date.now() - rows[0]!.at.getTime() > 10 * 86_400_000)
  const { tradeNo: order, amount } = rows[1]!
  assert.equal(await bank().refund({ order, refund: newId('wdp'), amount }), 'done')
})

test('P5-13 a platform refused two refunds: one waits for a reviewer, the other for its guest', async () => {
  const [asked, ...more] = await listResidues(books, {})
  assert.deepEqual(
    [asked?.state, asked?.refusedFor, more.length],
    ['submitted', 'account_closed', 0],
  )
  const purses = await books.sql<{ id: `pur_${string}` }>`
    select id from custody.purse where person = ${memberIdOf(0)}`
  const left = await Promise.all(purses.map(({ id }) => listRefused(books, id)))
  assert.ok(left.flat().length > 0)
})

test('P5-21 a day of Alipay’s is over: its bill is taken from the platform and matched, but for a fen, a row and a payment that nobody heard of', async () => {
  await reconcileTown(books, alipay(), clock.now())
  await reconcileTown(books, alipay(), clock.now())
  const breaks = await listBreaks(books)
  assert.deepEqual(
    breaks.map(({ kind, state, atStake }) => `${kind} ${state} ${atStake.minor}`).toSorted(),
    ['missing_here proposed 12800', 'missing_there open 20000', 'wrong_amount open 1'],
  )
  const days = await listDays(books)
  const day = days.find(one => one.breaks > 0)!
  assert.deepEqual(
    [day.state, day.matched, day.there.payments, day.here.payments],
    ['differs', 3, 5, 5],
  )
  const proposed = breaks.find(({ state }) => state === 'proposed')!
  const { proposals } = await readBreak(books, proposed.id)
  assert.deepEqual(
    proposals.map(one => [one.kind, one.state, one.proposedByName]),
    [['book', 'proposed', '蒋楠']],
  )
  // The platform makes yesterday's in the morning.
  assert.ok(days.every(one => one === day || ['waiting', 'closed'].includes(one.state)))
})

test('its last day is today, and the first face’s shop has takings to show', async () => {
  const tea = merchantIdOf(shops[0]!)
  const today = await takings(books, { merchant: tea, at: new Date() })
  assert.ok(today.count > 0)
})

test('P5-21 guests sit at three tables when the day ends: what they ordered is held, and one order waits', async () => {
  const tea = merchantIdOf(shops[0]!)
  const tabs = await listTabs(books, { merchant: tea, state: 'open' })
  assert.deepEqual(tabs.map(({ placeName }) => placeName).toSorted(), ['A2', 'B1'])
  const waiting = await listOrders(books, { merchant: tea, waiting: true })
  assert.deepEqual(waiting.map(({ state }) => state).toSorted(), ['accepted', 'placed'])
  const others = await books.sql<{ n: bigint }>`
    select count(*) as n from cashier.tab where state = 'open' and place not in (
      select id from cashier.place where kind = 'pc')`
  assert.equal(others[0]!.n, 3n)
})

test('P5-I2 P5-21 at the net café a guest sits at a PC: time runs there beside what was ordered, and three rates are offered', async () => {
  const net = merchantIdOf(shops.find(({ key }) => key === 'star')!)
  const [tab, ...more] = await listTabs(books, { merchant: net, state: 'open' })
  assert.deepEqual([tab?.placeName, more], ['PC03', []])
  const { orders } = await readTab(books, tab!.id)
  assert.deepEqual(orders.map(({ state, timer }) => [state, timer?.state]).toSorted(), [
    ['accepted', 'running'],
    ['delivered', undefined],
  ])
  const { plans } = await catalogueOf(books, net)
  assert.deepEqual(plans.map(({ name, night }) => [name, night !== null]).toSorted(), [
    ['三小时', false],
    ['上网', false],
    ['通宵', true],
  ])
})

test('P4-01 P4-03 P4-19 the tea house’s counter has a main, two subs that see different things, a loudspeaker and a week of receipts', async () => {
  const tea = merchantIdOf(shops[0]!)
  const terminals = await terminalsOf(books, tea)
  assert.deepEqual(terminals.map(({ kind, name }) => `${kind} ${name}`).toSorted(), [
    'device 前台音箱',
    'main 老板的手机',
    'sub 收银台',
    'sub 跑堂',
  ])
  const subs = terminals.filter(one => one.kind === 'sub')
  assert.equal(new Set(subs.map(one => one.permission.fields.length)).size, 2)
  const all = await listNotices(books, { merchant: tea, limit: 1000 })
  const own = await many(
    books.sql`select count(*) as n from custody.spend where merchant = ${tea} and at > now() - interval '6 days'`,
  )
  assert.ok(all.filter(one => one.way === 'spend' || one.way === 'charge').length >= own)
  const toppedUp = await many(
    books.sql`select count(*) as n from custody.top_up t join custody.purse u on u.id = t.purse
      where u.merchant = ${tea} and t.created_at > now() - interval '7 days'`,
  )
  const topUps = all.filter(one => one.way === 'top_up')
  assert.ok(topUps.length <= toppedUp && new Set(topUps.map(one => dayOf(one.at!))).size > 3)
  const of = (what: (one: Notice) => boolean) =>
    all.filter(one => one.platform !== 'bursar' && one.way !== 'top_up' && what(one)).length
  assert.deepEqual(
    [
      of(one => one.contradicted),
      of(one => one.late),
      of(one => one.kind === 'refund'),
      of(one => one.state === 'seen'),
    ],
    [1, 1, 1, 2],
  )
  const filtered = await listEvidence(books, { merchant: tea, outcome: 'filtered' })
  assert.ok(filtered.some(one => one.source === 'phone'))
  // A person at the counter sees what came today.
  assert.ok(all.some(one => dayOf(one.heardAt) === dayOf(new Date())))
})

test('each face signs in with the password of this installation', async () => {
  for (const face of faces) {
    const password = `${face.key} of the town`
    const opened = await signIn(books, {
      ...{ login: face.login, password, agent: 'test', address: '127.0.0.1' },
    })
    assert.equal(opened.person.name, face.name)
  }
})

test('a town whose seeding was killed is taken up again and ends as it would have', async () => {
  const before = await books.sql`select seq from ledger.book`
  const heard = await books.sql`select merchant, seq from notices.stream`
  const again = await seeding()
  assert.deepEqual(again.counts, seeded.counts)
  assert.deepEqual(await books.sql`select seq from ledger.book`, before)
  assert.deepEqual(await books.sql`select merchant, seq from notices.stream`, heard)
})
