import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refund, spend, withdraw } from '@bursar/custody'
import { newId, type MerchantId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { countersOf, putCounter } from './counters.ts'
import { healthOf } from './health.ts'
import { hear, hearMain, hearNow } from './hear.ts'
import { makeNights } from './nights.ts'
import { promptsAfter } from './prompts.ts'
import { readBooks } from './reader.ts'
import { listDifferences, listNights } from './shownNights.ts'
import { useCounters } from './testing.ts'
import type { Evidence, Source } from './words.ts'

const { town, counter, prompts } = useCounters()

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
  ...{ platform: 'alipay', kind: 'payment', orders: [newId('ord')], amount: cny('20.00') },
  ...{ payer: null, payee: null, way: null, at: new Date(), ...more },
})

test('P4-08 top-ups, spends, refunds and withdrawals are told out of the books, each once, a refund as its own kind', async () => {
  const merchant = await counter()
  const { person: by, purse } = await town.member(merchant, '100.00')
  const id = newId('spd')
  await spend(town.books, { id, merchant, purse, by, amount: cny('12.00') })
  const back = { id: newId('rfd'), spend: id, amount: cny('2.00'), reason: '多收', by }
  await refund(town.books, back)
  const taken = { id: newId('wdr'), purse, amount: cny('5.00'), by }
  await withdraw(town.books, [town.wallet.wallet], taken)
  await Promise.all([readBooks(town.books), readBooks(town.books)])
  await readBooks(town.books)
  assert.deepEqual(
    (await prompts(merchant)).map(one => [one.seq, one.class, one.kind, one.minor]),
    [
      [1n, 'received', 'payment', 10_000n],
      [2n, 'received', 'payment', 1_200n],
      [3n, 'received', 'refund', 200n],
      [4n, 'received', 'refund', 500n],
    ],
  )
})

test('I13 F26 sixteen writers at once, a fifth of them rolled back: none missed, none twice, none that did not come', async () => {
  const merchant = await counter()
  const { person: by, purse } = await town.member(merchant, '900.00')
  const done: string[] = []
  const writer = async (n: number) => {
    for (let i = 0; i < 5; i++) {
      const id = newId('spd')
      const ask = { id, merchant, purse, by, amount: cny('1.00') }
      if ((n + i) % 5 === 0) {
        // It is written, and then the transaction rolls back.
        await town.books
          .write(async ({ sql }) => {
            await sql`
              insert into custody.spend (book, id, purse, person, merchant, minor, currency, initiator, started_by, state, at)
              values (${town.book}, ${id}, ${purse}, ${by}, ${merchant}, 100, 'CNY', 'consumer', ${by}, 'done', now())`
            throw new Error('rolled back')
          })
          .catch(() => undefined)
      } else {
        await spend(town.books, ask)
        done.push(id)
      }
      await readBooks(town.books)
    }
  }
  await Promise.all(Array.from({ length: 16 }, (_, n) => writer(n)))
  await readBooks(town.books)
  const told = await prompts(merchant)
  assert.deepEqual(
    told
      .slice(1)
      .map(one => one.order)
      .toSorted(),
    done.toSorted(),
  )
  assert.deepEqual(
    told.map(one => one.seq),
    told.map((_, place) => BigInt(place + 1)),
  )
})

test('P4-18 I13 sixteen sources tell of one order at once: it is seen once and spoken once, and evidence that rolled back is not there', async () => {
  const merchant = await counter()
  const orders = [newId('ord')]
  const sources: Source[] = ['phone', 'callback', 'sms', 'books']
  const now = new Date()
  await Promise.all(
    Array.from({ length: 16 }, (_, n) =>
      hearNow(town.books, [said(merchant, sources[n % 4]!, { orders })], now),
    ),
  )
  const gone = town.books.write(async tx => {
    await hear(tx, [said(merchant, 'books')], now)
    throw new Error('rolled back')
  })
  await assert.rejects(gone)
  const told = await prompts(merchant)
  assert.equal(told.filter(one => one.class === 'received').length, 1)
  assert.ok(told.filter(one => one.class === 'seen').length <= 1)
  assert.ok(told.every(one => one.order === orders[0]))
})

test('P4-I4 what a main kept offline and sends hours later is told as late, and again it changes nothing', async () => {
  const merchant = await counter()
  const at = new Date(Date.now() - 3 * 3_600_000)
  const kept = Array.from({ length: 3 }, () =>
    said(merchant, 'phone', { at, terminal: 'trm_main' }),
  )
  const [first, again] = [
    await hearNow(town.books, kept, new Date()),
    await hearNow(town.books, kept, new Date()),
  ]
  assert.deepEqual(first, again)
  assert.deepEqual(
    (await prompts(merchant)).map(one => [one.class, one.late]),
    Array(3).fill(['seen', true]),
  )
})

test('the tables refuse a class told twice, a place left out, a phone that proves, and a sum taken back', async () => {
  const merchant = await counter()
  const [answer] = await hearNow(town.books, [said(merchant, 'books')], new Date())
  const notice = answer!.notice!
  const prompt = (seq: number, kind: string, soft = false) => town.books.sql`
    insert into notices.prompt (merchant, seq, notice, class, minor, at, late, loud, soft, large)
    values (${merchant}, ${seq}, ${notice}, ${kind}, 100, now(), false, false, ${soft}, false)`
  const refused = (constraint: string) => ({ constraint })
  await assert.rejects(prompt(2, 'received'), refused('each_class_is_told_once'))
  await assert.rejects(prompt(3, 'checked'), refused('streams_have_no_gap'))
  await assert.rejects(prompt(2, 'checked', true), refused('what_sounds_softly_is_not_spoken'))
  const taken = town.books.sql`update notices.notice set received = 1 where id = ${notice}`
  await assert.rejects(taken, refused('nothing_told_is_taken_back'))
  const proof = town.books.sql`
    insert into notices.evidence (merchant, source, id, notice, outcome, grade, kind, platform, orders, minor, at, heard_at)
    values (${merchant}, 'phone', 'x', ${notice}, 'filtered', 'A', 'payment', 'alipay', '{}', 1, now(), now())`
  await assert.rejects(proof, refused('a_phone_proves_nothing'))
})

test('P4-I5 the night names each difference: not announced, never verified, not in the books, other sum', async () => {
  const merchant = await counter()
  const { person: by, purse } = await town.member(merchant, '100.00')
  await readBooks(town.books)
  const [fake, unproved] = [said(merchant, 'phone'), said(merchant, 'callback')]
  await hearNow(town.books, [fake, unproved], new Date())
  // Money of which nobody was told: the reader has passed it by.
  const missed = newId('spd')
  await spend(town.books, { id: missed, merchant, purse, by, amount: cny('9.00') })
  const lied = newId('spd')
  await hearNow(
    town.books,
    [said(merchant, 'callback', { platform: 'bursar', orders: [lied], amount: cny('80.00') })],
    new Date(),
  )
  await spend(town.books, { id: lied, merchant, purse, by, amount: cny('8.00') })
  await town.books
    .sql`update notices.reader set seq = (select seq from ledger.book where book = ${town.book})`
  const later = new Date(Date.now() + 30 * 3_600_000)
  await makeNights(town.books, later)
  assert.equal(await makeNights(town.books, later), 0)
  // Between two and four in Shanghai thirty hours end two days, and the later one is empty.
  const night = (await listNights(town.books, { merchant })).find(({ came }) => came > 0)
  assert.deepEqual([night!.came, night!.cameSum, night!.differences], [3, 11_700n, 4])
  const rows = await listDifferences(town.books, { merchant })
  assert.deepEqual(
    rows.map(({ why, order }) => [why, order]).toSorted(),
    [
      ['never_verified', fake.orders[0]],
      ['not_announced', missed],
      ['not_in_books', unproved.orders[0]],
      ['other_sum', lied],
    ].toSorted(),
  )
})

test('P4-04 a main that tells without end is refused beyond 1,200 in a minute, and what it kept is heard a minute later', async () => {
  const merchant = await counter()
  const id = 'trm_loud'
  const now = new Date('2026-11-30T04:00:00Z')
  const words = (many: number) =>
    Array.from({ length: many }, () => said(merchant, 'phone', { terminal: id, at: now }))
  const tell = (some: Evidence[], at: Date) =>
    hearMain(town.books, { id, merchant, hearsSms: false }, some, at)
  for (let n = 0; n < 6; n++) await tell(words(200), now)
  const more = words(200)
  await assert.rejects(tell(more, now), { code: 'too_many_words' })
  // Others are not held up by it.
  assert.equal((await hearNow(town.books, [said(merchant, 'books')], now))[0]?.outcome, 'new')
  const answers = await tell(more, new Date(now.getTime() + 61_000))
  assert.equal(answers.filter(one => one?.outcome === 'new').length, 200)
})

test('P4-18 P4-20 an order id that a phone gave to two payments is told with the one that has it', async () => {
  const merchant = await counter()
  const [one, two] = [newId('ord'), newId('ord')]
  for (const [source, orders] of [
    ['phone', [one, two]],
    ['books', [one]],
    ['books', [two]],
  ] as const)
    await hearNow(town.books, [said(merchant, source, { orders })], new Date())
  const told = await promptsAfter(town.books.sql, merchant, 0n, 10)
  assert.deepEqual(
    told.map(each => [each.class, each.orders]),
    [
      ['seen', [one]],
      ['received', [one]],
      ['received', [two]],
    ],
  )
})

test('P4-08 F27 an SMS is worth B from a bank’s own number to the phone that receives it; by a main’s word alone it is not', async () => {
  const merchant = await counter({ threshold: 'B' })
  const id = 'trm_phone'
  const tell = async (hearsSms: boolean, app: string | null) => {
    const word = said(merchant, 'sms', { terminal: id, app })
    const [answer] = await hearMain(town.books, { id, merchant, hearsSms }, [word], new Date())
    const [row] = await town.books.sql<{ grade: string; told: string }>`
      select n.grade, (select string_agg(p.class, ' ') from notices.prompt p where p.notice = n.id) as told
      from notices.notice n where n.id = ${answer!.notice}`
    return `${row!.grade} ${row!.told}`
  }
  assert.equal(await tell(true, '95588'), 'B received')
  assert.equal(await tell(true, '+8695588'), 'B received')
  assert.equal(await tell(false, '95588'), 'C seen')
  assert.equal(await tell(true, '955881234'), 'C seen')
  assert.equal(await tell(true, '10690000000'), 'C seen')
  assert.equal(await tell(true, null), 'C seen')
})

test('P4-08 an entry that a table refuses is set aside and stands on the board; those before and after it are told', async () => {
  const merchant = await counter()
  await town.member(merchant, '10.00')
  const { purse } = await town.member(merchant, '20.00')
  await town.member(merchant, '30.00')
  await town.books
    .sql`update custody.top_up set trade_no = ${'9'.repeat(80)} where purse = ${purse}`
  await readBooks(town.books)
  await readBooks(town.books)
  assert.deepEqual(
    (await prompts(merchant)).map(one => one.minor),
    [1_000n, 3_000n],
  )
  const { alarms } = await healthOf(town.books, merchant)
  assert.ok(alarms.some(one => one.code === 'entry_set_aside'))
  const aside = await town.books.sql`select from notices.aside where merchant = ${merchant}`
  assert.equal(aside.length, 1)
})

test('a counter that is opened again is told nothing of what was while it was closed', async () => {
  const merchant = await counter()
  const [here] = await countersOf(town.books.sql, merchant)
  const put = (open: boolean, at: Date) => putCounter(town.books, { ...here!, open, at })
  const closed = await put(false, new Date('2030-01-01'))
  assert.deepEqual(closed.openedAt, here!.openedAt)
  const again = await put(true, new Date('2030-01-02'))
  assert.deepEqual(again.openedAt, new Date('2030-01-02'))
  assert.deepEqual((await put(true, new Date('2030-01-03'))).openedAt, again.openedAt)
})
