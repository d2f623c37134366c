import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type MerchantId, type OutletId } from '@bursar/kernel'
import { cny, type Money } from '@bursar/money'
import { compareNight, type Announced, type Came, type Night } from './compared.ts'
import { putCounter } from './counters.ts'
import { hearNow } from './hear.ts'
import { makeNights } from './nights.ts'
import { readBooks } from './reader.ts'
import { listDifferences, listNights } from './shownNights.ts'
import { useCounters } from './testing.ts'
import type { Counter, CounterId, Evidence, Source } from './words.ts'

const { town } = useCounters()
const hours = 3_600_000
const opened = new Date('2026-11-02T02:00:00Z')

const said = (
  merchant: MerchantId,
  source: Source,
  amount: Money,
  at: Date,
  more: Partial<Evidence> = {},
): Evidence => ({
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
  ...{ platform: 'wechat-pay', kind: 'payment', orders: [newId('ord')], amount },
  ...{ payer: null, payee: null, way: null, at, ...more },
})

async function counterAt(outlet: OutletId | null = null, merchant?: MerchantId) {
  const of = merchant ?? (await town.merchant())
  await readBooks(town.books)
  await putCounter(town.books, {
    ...{ id: newId('ctr'), merchant: of, outlet, name: '前台', threshold: 'A', patience: 60 },
    ...{ lateSpoken: false, large: null, quiet: null, open: true, at: opened },
  })
  return of
}

/** What a night leaves to be guessed: nothing, if its differences are what its two sums differ by. */
function unexplained({ announced, came, differences }: Night): bigint {
  const sign = { payment: 1n, refund: -1n, reversal: -1n }
  const named = differences
    .filter(({ why }) => why !== 'contradicted')
    .reduce((sum, one) => sum + sign[one.kind] * ((one.came ?? 0n) - (one.announced ?? 0n)), 0n)
  return came.sum - announced.sum - named
}

test('P4-I5 whatever was told late, doubled, wrong or in another currency: a night’s sums differ by what it names', () => {
  const counter: CounterId = 'ctr_1'
  const counters = [{ id: counter, outlet: null } as Counter]
  const [from, to] = [new Date(0), new Date(24 * hours)]
  const pick = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)]!
  for (let round = 0; round < 500; round++) {
    const notices = Array.from({ length: 8 }, (_, no): Announced => ({
      ...{ id: `ntc_${no}`, counter, platform: 'alipay', order: `o${no}`, sum: BigInt(1 + no) },
      ...{ kind: pick(['payment', 'refund']), currency: pick(['CNY', 'CNY', 'USD']) },
      ...{
        at: new Date(pick([-5, 5, 30]) * hours),
        late: false,
        contradicted: pick([true, false]),
      },
      received: pick([true, true, false]),
    })).map(one => ({ ...one, late: one.at < from && pick([true, false]) }))
    const came = notices
      .filter(() => pick([true, true, false]))
      .map((one): Came => {
        const at = pick([one.at, new Date(5 * hours), new Date(-5 * hours)])
        const minor = pick([one.sum, one.sum, 77n])
        const about = { platform: 'alipay', order: one.order!, kind: one.kind, outlet: null }
        const currency = pick([one.currency, one.currency, 'EUR'])
        return { ...about, minor, currency, at, late: false, notice: pick([one.id, one.id, null]) }
      })
    for (const night of compareNight({ counter, counters, notices, came, from, to })) {
      assert.equal(unexplained(night), 0n)
      assert.ok(night.differences.every(one => one.currency === night.currency))
    }
  }
})

test('P4-I5 two currencies are two nights: their sums are never added together', async () => {
  const merchant = await counterAt()
  const at = new Date('2026-11-02T05:00:00Z')
  const dollars = { minor: 700n, currency: 'USD' }
  const bill = (amount: Money) => said(merchant, 'statement', amount, at)
  await hearNow(town.books, [bill(cny('20.00')), bill(cny('1.00')), bill(dollars)], at)
  await makeNights(town.books, new Date('2026-11-03T03:00:00Z'))
  const nights = await listNights(town.books, { merchant })
  assert.deepEqual(
    nights.map(one => [
      one.currency,
      one.announced,
      one.announcedSum,
      one.cameSum,
      one.differences,
    ]),
    [
      ['USD', 1, 700n, 700n, 0],
      ['CNY', 2, 2_100n, 2_100n, 0],
    ],
  )
})

test('P4-I5 a day is its outlet’s: its own zone, from cut-off to cut-off, though another outlet’s is not over', async () => {
  const merchant = await town.merchant()
  const places = [
    ['Asia/Shanghai', 240],
    ['America/New_York', 0],
  ] as const
  for (const [zone, cutOff] of places) {
    const outlet: OutletId = newId('out')
    await town.books.sql`
      insert into parties.outlet (id, merchant, name, address, zone) values (${outlet}, ${merchant}, ${zone}, ${zone}, ${zone})`
    await town.books.sql`
      insert into cashier.outlet (outlet, merchant, cut_off) values (${outlet}, ${merchant}, ${cutOff})`
    await counterAt(outlet, merchant)
    // Half past three in the morning of the third in Shanghai; half past two in the afternoon of the second in New York.
    const at = new Date('2026-11-02T19:30:00Z')
    await hearNow(town.books, [said(merchant, 'statement', cny('9.00'), at, { outlet })], at)
  }
  const shown = async () =>
    (await listNights(town.books, { merchant })).map(one => [one.day, one.came]).toSorted()
  const first = ['2026-11-01', 0]
  // Five past six in the morning in Shanghai, whose second is over since four; the afternoon of the second in New York.
  await makeNights(town.books, new Date('2026-11-02T22:05:00Z'))
  assert.deepEqual(await shown(), [first, ['2026-11-02', 1]])
  // Three in the morning in New York.
  await makeNights(town.books, new Date('2026-11-03T08:00:00Z'))
  assert.deepEqual(await shown(), [first, ['2026-11-02', 1], ['2026-11-02', 1]])
})

test('P4-I5 what is told once its night is made belongs to the next one, with its money, once', async () => {
  const merchant = await counterAt()
  const [monday, tuesday] = ['2026-11-02T05:00:00Z', '2026-11-03T05:00:00Z'].map(at => new Date(at))
  const [seen, spoken] = [newId('ord'), newId('ord')]
  const word = (source: Source, order: string, terminal: Evidence['terminal'] = null) =>
    said(merchant, source, cny('20.00'), monday!, { orders: [order], terminal })
  await hearNow(town.books, [word('phone', seen, 'trm_1'), word('callback', spoken)], monday!)
  await makeNights(town.books, new Date('2026-11-03T02:00:00Z'))
  // The statement of Monday comes on Tuesday, and a phone that was offline tells of Monday as well.
  const offline = said(merchant, 'phone', cny('3.00'), monday!, { terminal: 'trm_2' })
  const bill = [word('statement', seen), word('statement', spoken), offline]
  await hearNow(town.books, bill, tuesday!)
  for (const day of ['2026-11-04', '2026-11-05'])
    await makeNights(town.books, new Date(`${day}T02:00:00Z`))
  const nights = await listNights(town.books, { merchant })
  assert.deepEqual(
    nights.map(one => [one.day, one.announcedSum, one.cameSum]),
    [
      ['2026-11-04', 0n, 0n],
      ['2026-11-03', 2_000n, 4_000n],
      ['2026-11-02', 2_000n, 0n],
    ],
  )
  const named = (await listDifferences(town.books, { merchant })).map(one => [
    one.day,
    one.why,
    one.order,
  ])
  const expected: string[][] = [
    ['2026-11-02', 'never_verified', seen],
    ['2026-11-02', 'not_in_books', spoken],
    ['2026-11-03', 'other_day', spoken],
    ['2026-11-03', 'never_verified', offline.orders[0]!],
  ]
  assert.deepEqual(named.toSorted(), expected.toSorted())
})
