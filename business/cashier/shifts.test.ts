import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTopUp } from '@bursar/custody'
import { newId, type Books, type PersonId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { mustHaveCounted } from './blind.ts'
import { checkOut } from './checkout.ts'
import { dayReport } from './day.ts'
import { acceptShift, closeShift, offerShift, openShift, takeShiftBack } from './shifts.ts'
import { listShifts, readShift } from './shownShifts.ts'
import { useBar, type Bar } from './testing.ts'
import { listZReports, makeZReport } from './zReports.ts'

const town = useBar()

/** A bar with a shift of its staff's, and how somebody else gets a seat there. */
async function onShift() {
  const bar = await town.bar()
  const { merchant, outlet, staff } = bar
  const id = newId('shf')
  await openShift(town.books, { id, merchant, outlet, by: staff })
  const read = (shift = id) => readShift(town.books, { merchant, id: shift })
  return { bar, id, read, at: { merchant, by: staff } }
}
async function seat({ merchant }: Bar, role = 'staff'): Promise<PersonId> {
  const person = await town.person('小林')
  await town.books.sql`
    insert into parties.seat (organisation, person, role) values (${merchant}, ${person}, ${role})`
  return person
}
const counts = (balance: string, wallet: string) => [
  { means: 'balance', amount: cny(balance) },
  { means: 'wallet', amount: cny(wallet) },
]

test('P5-22 a shift is counted blind: what was declared stands beside what was taken, with the difference', async () => {
  const { bar, id, read, at } = await onShift()
  const guest = await town.member(bar.merchant, '100.00')
  const tab = await town.sit(guest, bar)
  await town.order(guest, tab, bar, 'beer')
  assert.deepEqual(
    [(await read()).counts, (await read()).tabs],
    [[], null],
    'nothing is told before',
  )
  const { staff: by } = bar
  await assert.rejects(mustHaveCounted(town.books, { merchant: bar.merchant, by }), {
    code: 'count_first',
  })
  await checkOut(town.books, { tab, by: guest.person })
  await closeShift(town.books, { id, ...at, counts: counts('40.00', '100.00'), note: '记错一杯' })
  const { state, counts: told, note } = await read()
  assert.deepEqual([state, note], ['closed', '记错一杯'])
  assert.deepEqual(told, [
    { means: 'balance', declared: cny('40.00'), found: cny('38.00') },
    { means: 'wallet', declared: cny('100.00'), found: cny('100.00') },
  ])
  await mustHaveCounted(town.books, { merchant: bar.merchant, by })
  await closeShift(town.books, { id, ...at, counts: counts('38.00', '100.00') })
  assert.equal(
    (await read()).counts[0]!.declared.minor,
    4000n,
    'a count is not put right afterwards',
  )
})

test('what is not declared is declared as nothing, and one shift is open at a time', async () => {
  const { bar, id, read, at } = await onShift()
  const { merchant, outlet } = bar
  await town.member(merchant, '30.00')
  const second = { id: newId('shf'), merchant, outlet, by: await seat(bar) }
  await assert.rejects(openShift(town.books, second), { code: 'shift_open' })
  assert.equal(await openShift(town.books, { id, merchant, outlet, by: bar.staff }), id, 'again')
  const twice = [...counts('0.00', '0.00'), ...counts('0.00', '0.00')]
  await assert.rejects(closeShift(town.books, { id, ...at, counts: twice }), {
    code: 'counted_twice',
  })
  await closeShift(town.books, { id, ...at, counts: [] })
  const wallet = (await read()).counts.find(({ means }) => means === 'wallet')!
  assert.deepEqual([wallet.declared, wallet.found], [cny('0.00'), cny('30.00')])
  await openShift(town.books, second)
  const numbers = (await listShifts(town.books, { merchant, outlet })).map(({ number }) => number)
  assert.deepEqual(numbers, [2, 1])
})

test('P5-07 a shift is handed over when the receiver accepts: with the open tabs, and whoever has it serves them', async () => {
  const { bar, id, read, at } = await onShift()
  const { merchant } = bar
  const guest = await town.member(merchant, '100.00')
  const tab = await town.sit(guest, bar)
  await town.order(guest, tab, bar, 'beer')
  const [to, stranger] = [await seat(bar), await town.person()]
  const nobody = offerShift(town.books, { id, ...at, counts: [], to: stranger })
  await assert.rejects(nobody, { code: 'not_seated' })
  const notTheirs = offerShift(town.books, { id, merchant, by: to, counts: [], to: bar.staff })
  await assert.rejects(notTheirs, { code: 'shift_of_another' })
  await offerShift(town.books, { id, ...at, counts: counts('0.00', '100.00'), to })
  const offered = await read()
  assert.deepEqual([offered.state, offered.offeredToName], ['offered', '小林'])
  assert.deepEqual(offered.counts, [], 'it may be taken back, and counted again')
  assert.deepEqual(offered.tabs, { count: 1, held: cny('38.00') })
  const next = newId('shf')
  const wrong = acceptShift(town.books, { id, ...at, next })
  await assert.rejects(wrong, { code: 'shift_of_another' })
  const accepting = { id, merchant, by: to, next }
  assert.equal(await acceptShift(town.books, accepting), next)
  assert.equal(await acceptShift(town.books, { ...accepting, next: newId('shf') }), next, 'once')
  const after = await town.tab(tab)
  assert.equal(after.servedBy, to)
  assert.deepEqual([(await read()).state, (await read(next)).number], ['closed', 2])
})

test('an offer is taken back when nobody comes; then it is counted again, and the owner may end it', async () => {
  const { bar, id, read, at } = await onShift()
  const [to, owner] = [await seat(bar), await seat(bar, 'owner')]
  await offerShift(town.books, { id, ...at, counts: counts('5.00', '0.00'), to })
  await takeShiftBack(town.books, { id, ...at })
  assert.deepEqual([(await read()).state, (await read()).counts], ['open', []])
  const ending = { id, merchant: bar.merchant, by: owner, counts: counts('0.00', '0.00') }
  await closeShift(town.books, ending)
  const [balance] = (await read()).counts
  assert.deepEqual(balance, { means: 'balance', declared: cny('0.00'), found: cny('0.00') })
})

test('P5-07 what is taken between the count and the colleague’s coming is in the next count, and none is in no count', async () => {
  const { bar, id, at } = await onShift()
  const { merchant } = bar
  const guest = await town.member(merchant, '100.00')
  const tab = await town.sit(guest, bar)
  await town.order(guest, tab, bar, 'beer')
  const to = await seat(bar)
  await offerShift(town.books, { id, ...at, counts: counts('0.00', '100.00'), to })
  await checkOut(town.books, { tab, by: guest.person })
  const next = await acceptShift(town.books, { id, merchant, by: to, next: newId('shf') })
  const theirs = { id: next, merchant, by: to, counts: counts('38.00', '0.00') }
  await closeShift(town.books, theirs)
  const { counts: told } = await readShift(town.books, { merchant, id: next })
  assert.deepEqual(told[0], { means: 'balance', declared: cny('38.00'), found: cny('38.00') })
})

test('P5-07 what commits after a count is of the next one, though it began before; and a count waits for what is being written', async () => {
  const { bar, id, at } = await onShift()
  const { merchant } = bar
  const guest = await town.member(merchant, '100.00')
  const tab = await town.sit(guest, bar)
  await town.order(guest, tab, bar, 'beer')
  const to = await seat(bar)
  let counted = false
  let counting: Promise<unknown> | undefined
  const top = newId('top')
  const start = { id: top, purse: guest.purse, amount: cny('7.00'), by: guest.person }
  await startTopUp(town.books, town.wallet.wallet, { ...start, returnUrl: 'https://bursar.test/' })
  await town.books.write(async ({ sql }) => {
    // As whoever credits: the book, then the row.
    await sql`select from ledger.lock_book(${town.book})`
    counting = offerShift(town.books, { id, ...at, counts: counts('0.00', '107.00'), to })
    void counting.then(() => (counted = true))
    for (let waits = 0; waits === 0 && !counted;)
      [{ waits }] = (await sql<{ waits: number }>`
        select count(*)::int as waits from pg_locks where not granted`) as [{ waits: number }]
    await sql`
      update custody.top_up set state = 'credited', trade_no = ${top}, ended_at = now() where id = ${top}`
  })
  await counting
  await checkOut(town.books, { tab, by: guest.person, at: new Date(Date.now() - 2000) })
  const next = await acceptShift(town.books, { id, merchant, by: to, next: newId('shf') })
  await closeShift(town.books, { id: next, merchant, by: to, counts: [] })
  const found = async (shift: typeof next) =>
    (await readShift(town.books, { merchant, id: shift })).counts.map(one => one.found)
  assert.deepEqual(await found(id), [cny('0.00'), cny('107.00')])
  assert.deepEqual(await found(next), [cny('38.00')])
})

test('P5-22 whoever has a shift sees no day of any outlet of the merchant: what the platforms took is of them all', async () => {
  const { bar } = await onShift()
  const { merchant, staff: by } = bar
  const other = newId('out')
  await town.books.sql`
    insert into parties.outlet (id, merchant, name, address) values (${other}, ${merchant}, '二店', '巨鹿路 2 号')`
  const look = mustHaveCounted(town.books, { merchant, by })
  await assert.rejects(look, { code: 'count_first' })
})

test('P5-I7 a shift that is counted while the day is made final stands counted in it', async () => {
  const { books } = town
  const { bar, id, at } = await onShift()
  const { merchant, outlet, staff: by } = bar
  const { day, endsAt } = await dayReport(books, { merchant, outlet })
  const closing: Books = Object.create(null, {
    ...Object.getOwnPropertyDescriptors(books),
    write: {
      enumerable: true,
      value: async (work: Parameters<Books['write']>[0]) => {
        await closeShift(books, { id, ...at, counts: counts('1.00', '0.00') })
        return await books.write(work)
      },
    },
  })
  const z = await makeZReport(closing, { merchant, outlet, day, by, at: endsAt })
  assert.deepEqual([z.shifts[0]!.state, z.shifts[0]!.counts[0]!.declared], ['closed', cny('1.00')])
})

test('P5-I7 what is paid once the day is final is of the next, though the cut-off was moved meanwhile', async () => {
  const { books } = town
  const { bar, id, at } = await onShift()
  const { merchant, outlet, staff: by } = bar
  const guest = await town.member(merchant, '100.00')
  const tab = await town.sit(guest, bar)
  await town.order(guest, tab, bar, 'beer')
  const { day, endsAt } = await dayReport(books, { merchant, outlet })
  await closeShift(books, { id, ...at, counts: [] })
  await makeZReport(books, { merchant, outlet, day, by, at: endsAt })
  await checkOut(books, { tab, by: guest.person })
  const next = (await dayReport(books, { merchant, outlet, at: endsAt })).day
  const { checkouts } = await dayReport(books, { merchant, outlet, day: next })
  assert.deepEqual([checkouts.length, checkouts[0]?.sum], [1, cny('38.00')])
  assert.deepEqual((await dayReport(books, { merchant, outlet, day })).checkouts, [])
})

test('P5-I7 a day that is made final late has its shifts, however many came after', async () => {
  const { books } = town
  const { bar, id, at } = await onShift()
  const { merchant, outlet, staff: by } = bar
  await closeShift(books, { id, ...at, counts: [] })
  const { day, endsAt } = await dayReport(books, { merchant, outlet })
  await books.sql`
    insert into cashier.shift (id, merchant, outlet, number, person, opened_at, state, counted_at, counts, tabs, held,
      ended_at, ended_by)
    select 'shf_later' || n, ${merchant}, ${outlet}, n + 1, ${by}, at, 'closed', at, 1, 0, 0, at, ${by}
    from generate_series(1, 200) as n, lateral (select ${endsAt}::timestamptz + make_interval(mins => n) as at) as t`
  const later = new Date(endsAt.getTime() + 86_400_000)
  const { shifts } = await makeZReport(books, { merchant, outlet, day, by, at: later })
  assert.deepEqual(
    shifts.map(shift => shift.id),
    [id],
  )
})

test('P5-I7 P5-22 a day is final once, numbered without a gap, with tabs open, and nothing changes it afterwards', async () => {
  const { books } = town
  const { bar, id, at } = await onShift()
  const { merchant, outlet, staff: by } = bar
  const guest = await town.member(merchant, '100.00')
  const [paid, open] = [await town.sit(guest, bar), await town.sit(guest, bar, 1)]
  await town.order(guest, paid, bar, 'beer')
  await town.order(guest, open, bar, 'beer')
  await checkOut(books, { tab: paid, by: guest.person })
  const { day, endsAt } = await dayReport(books, { merchant, outlet })
  const ask = { merchant, outlet, day, by }
  await assert.rejects(makeZReport(books, ask), { code: 'day_not_over' })
  const ended = { ...ask, at: endsAt }
  await assert.rejects(makeZReport(books, ended), { code: 'shift_open' })
  await closeShift(books, { id, ...at, counts: counts('38.00', '100.00') })
  const z = await makeZReport(books, ended)
  assert.deepEqual([z.number, z.day, z.report.open], [1, day, { count: 1, sum: cny('38.00') }])
  assert.deepEqual(
    z.report.dockets.map(({ kind, count }) => [kind, count]),
    [
      ['top_up', 1],
      ['goods', 2],
      ['checkout', 1],
    ],
  )
  assert.equal(z.shifts[0]!.counts[0]!.found.minor, 3800n)
  await checkOut(books, { tab: open, by: guest.person })
  assert.deepEqual(await makeZReport(books, ended), z, 'asked again it is the same')
  const later = new Date(endsAt.getTime() + 24 * 3_600_000)
  const nextDay = (await dayReport(books, { merchant, outlet, at: endsAt })).day
  assert.equal((await makeZReport(books, { ...ask, day: nextDay, at: later })).number, 2)
  const before = '2026-01-01'
  await assert.rejects(makeZReport(books, { ...ask, day: before, at: later }), {
    code: 'days_in_order',
  })
  assert.equal((await listZReports(books, { merchant, outlet })).length, 2)
})

test('the tables refuse what the code refuses: uncounted, out of turn, rewritten', async () => {
  const { bar, id } = await onShift()
  const { sql } = town.books
  const { merchant, outlet, staff } = bar
  await assert.rejects(
    sql`update cashier.shift set state = 'closed', ended_at = now(), ended_by = ${staff} where id = ${id}`,
    { constraint: 'nothing_ends_uncounted' },
  )
  const z = (number: number) => sql`
    insert into cashier.z_report (outlet, number, merchant, day, report, made_by, made_at)
    values (${outlet}, ${number}, ${merchant}, '2026-11-01', '{}', ${staff}, now())`
  await assert.rejects(z(2), { constraint: 'numbers_have_no_gap' })
  await assert.rejects(
    sql`insert into cashier.shift (id, merchant, outlet, number, person, opened_at)
        values (${newId('shf')}, ${merchant}, ${outlet}, 2, ${staff}, now())`,
    { constraint: 'one_shift_at_a_time' },
  )
})
