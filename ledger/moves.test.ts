/** Movements that no appender of ours would send, as whoever has the server's role could send them. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { book, books, useBook } from './lies.testing.ts'
import { batchOf, placesOf, refused, send, type Batch, type Move } from './moves.testing.ts'

useBook()

const pay: Move = { debit: 'purse/ann', credit: 'pool/bank', minor: 1n }
const back: Move = { debit: 'pool/bank', credit: 'purse/ann', minor: 1n }
const twice = [pay, { ...pay, minor: 2n }]
const any = /do not continue|null value|out of range|check constraint|duplicate key/

test('every number of a batch counts: none can be another one', async () => {
  const honest = await batchOf(twice)
  const { m, n } = honest
  const tampered = [
    ...m.map((was, at) => ({ ...honest, m: m.with(at, was + (at % 2 || -1)) })),
    ...n.map((was, at) => ({
      ...honest,
      n: n.with(at, was! + (at % 2 ? 1n : -1n)),
    })),
  ]
  for (const [place, batch] of tampered.entries())
    await assert.rejects(send(batch), any, `number ${place + 1} of ${tampered.length}`)
  assert.equal(await send(await batchOf(twice)), 'appended')
})

test('a state is left by one entry, in the account that it is of', async () => {
  const lies: Record<string, (batch: Batch, at: ReturnType<typeof placesOf>) => unknown> = {
    'an entry takes what another one left': ({ m }) => (m[7] = m[2]!),
    'both sides are one account': ({ m }) => (m[3] = m[2]! + 1),
    'an entry takes the balance': ({ m }) => (m[2] = 1),
    'the sides are exchanged': ({ m }) => ([m[2], m[3]] = [m[3]!, m[2]!]),
    'the entries are exchanged': ({ m }) => {
      ;[m[2], m[7]] = [m[7]!, m[2]!]
      ;[m[3], m[8]] = [m[8]!, m[3]!]
    },
    'what is debited first is told last': ({ m, n }, { state }) => {
      ;[m[2], m[7]] = [3, 2]
      ;[n[state(2)], n[state(3)]] = [n[state(3)]!, n[state(2)]!]
      n[state(2) + 1]! -= 1n
    },
    'what is credited first is told last': ({ m, n }, { state }) => {
      ;[m[3], m[8]] = [6, 5]
      ;[n[state(5)], n[state(6)]] = [n[state(6)]!, n[state(5)]!]
      n[state(5) + 1]! += 1n
    },
    'the account had more than its balance says': ({ n }, { state }) => {
      for (const slot of [1, 2, 3]) n[state(slot) + 1]! += 5n
    },
    'more was reserved than the balance says': ({ n }, { state }) => {
      for (const slot of [1, 2, 3]) n[state(slot) + 2]! += 5n
    },
    'more was coming than the balance says': ({ n }, { state }) => {
      for (const slot of [1, 2, 3]) n[state(slot) + 3]! += 5n
    },
    'money is made in passing': ({ n }, { state }) => (n[state(3) + 1]! += 1n),
    'a reservation is lifted in passing': ({ n }, { state }) => {
      for (const slot of [2, 3]) n[state(slot) + 2]! += 1n
    },
    'the account becomes what its first entry left': ({ m }, { last }) => (m[last(1)] = 2),
    'the account that is moved is another one': ({ n }, { account }) =>
      (n[account(1)] = n[account(2)]!),
    'the floor is another one': ({ n }, { account }) => (n[account(1) + 2] = -(2n ** 63n)),
    'the account is said to be open': ({ n }, { account }) => (n[account(1) + 4] = 3n),
    'one account fewer': batch => (batch.accounts -= 1),
    'one account more': batch => (batch.accounts += 1),
    'no account': batch => (batch.accounts = 0),
    'fewer than none': batch => (batch.accounts = -1),
    'nothing is known': ({ n }) => n.fill(null),
  }
  for (const [lie, tamper] of Object.entries(lies))
    await refused(twice, batch => tamper(batch, placesOf(batch)), any, lie)
})

test('an account becomes what its own run says, in whatever order the runs are numbered', async () => {
  const three: Move[] = [pay, { debit: 'pool/bank', credit: 'shop/till', minor: 1n }]
  const renumber = ({ m, n }: Batch, at: ReturnType<typeof placesOf>) => {
    for (const slot of [3, 4, 5]) m[at.owner(slot)] = 3
    for (const slot of [6, 7]) m[at.owner(slot)] = 2
    ;[1, 2, 3].forEach((account, i) => (m[at.last(account)] = [5, 2, 7][i]!))
    const bank = n.slice(at.account(2), at.account(3))
    n.splice(at.account(2), 10, ...n.slice(at.account(3), at.account(3) + 5), ...bank)
  }
  await refused(three, batch => renumber(batch, placesOf(batch)))
  assert.equal(await send(await batchOf(three)), 'appended')
})

test('an account has one run in a batch', async () => {
  const [one, two] = [await batchOf([pay]), await batchOf([pay])]
  // Ann, the bank; and both again, from where the balances stand.
  const slots = (batch: Batch, i: number) => batch.n.slice(8 * i, 8 * i + 8)
  const seq = (two.n[4] as bigint) + 1n
  const second = [slots(two, 0), slots(two, 1)].map(run => run.with(4, seq))
  const both: Batch = {
    ...one,
    accounts: 4,
    m: [1, 1, 2, 4, 0, 1, 1, 6, 8, 0, 1, 1, 2, 2, 3, 3, 4, 4, 0, 2, 4, 6, 8],
    n: [
      ...one.n.slice(0, 16),
      ...second.flat(),
      ...one.n.slice(16, 26),
      ...one.n.slice(16, 26),
      1n,
      1n,
    ],
    ids: [randomUUID(), randomUUID()],
    hashes: Buffer.alloc(64),
    subjects: [null, null],
  }
  await assert.rejects(send(both), /do not continue/)
})

test('a batch has entries, as many as ids, subjects and hashes', async () => {
  await refused([pay], batch => batch.subjects.push(null))
  await refused([pay], batch => batch.subjects.pop())
  await refused([pay], batch => (batch.hashes = Buffer.alloc(31)), /check constraint/)
  await refused([pay], batch => (batch.hashes = Buffer.alloc(64)), /check constraint/)
  await refused([pay], batch => Object.assign(batch, { accounts: 0, ids: [], subjects: [] }), any)
  await refused([pay], batch => (batch.later = '1 microsecond'))
})

test('only movements are moved, and the table’s rules hold for them', async () => {
  for (const kind of [0, 6, 7, 8, 9, 10, 11]) await refused([pay], ({ m }) => (m[0] = kind))
  const rules: [Move[], RegExp][] = [
    [[{ ...pay, minor: 1_000_00n }], /debit_available/],
    [[{ ...pay, minor: 0n }], /amount_within_range/],
    [[{ ...back, minor: 10n ** 15n + 1n }], /amount_within_range/],
    [[{ ...pay, kind: 2, more: [1n, 1n, null] }], /an_ending_names_its_pend/],
    [[{ ...pay, kind: 3, more: [null, null, null] }], /do not continue/],
  ]
  for (const [moves, why] of rules) await refused(moves, () => 0, why)
})

test('an ending matches its pend, and follows it', async () => {
  const ends = (kind: number, pend: bigint, minor: bigint): Move => ({
    ...pay,
    kind,
    minor,
    more: [pend, 2n, null],
  })
  const hold = async (expires: bigint | null = null) => {
    const batch = await batchOf([{ ...pay, kind: 2, minor: 2n, more: [null, null, expires] }])
    assert.equal(await send(batch), 'appended')
    return batch.n[4] as bigint
  }
  const soon = await hold(BigInt(Date.now() + 60))
  const [first, second] = [await hold(), await hold()]
  await sleep(100)
  const wrong = /does not match its pend/
  await refused([ends(4, first, 1n)], () => 0)
  await refused([ends(5, first, 2n)], () => 0, wrong)
  for (const kind of [3, 4]) await refused([ends(kind, soon, 2n)], () => 0, wrong)
  await refused([{ ...ends(3, first, 2n), debit: 'pool/bank', credit: 'purse/ann' }], () => 0, any)
  // The other pend of two fen lends what is released too early.
  const early = [ends(4, second + 2n, 2n), { ...pay, kind: 2, minor: 2n, more: [null, null, null] }]
  await refused(early, () => 0)
  const all = [ends(5, soon, 2n), ends(3, first, 1n), ends(4, second, 2n)]
  assert.equal(await send(await batchOf(all)), 'appended')
  await refused([ends(3, first, 1n)], () => 0, any)
})

test('every 64th entry of an account is a milestone, however many a batch has', async () => {
  const many = Array.from({ length: 150 }, (_, i) => (i % 2 ? pay : back))
  await refused(many, batch => (batch.marks = false))
  assert.equal(await send(await batchOf(many)), 'appended')
  const found = await books.sql<{ nth: bigint; right: boolean }>`
    select m.nth, e.seq is not null as right
    from ledger.milestone m join ledger.account a using (book, account)
    left join ledger.entry e on e.book = m.book and e.seq = m.seq and m.account in (e.debit, e.credit)
    where m.book = ${book} and ref = 'purse/ann' order by 1`
  assert.deepEqual(
    found.map(({ nth, right }) => [nth, right]),
    [
      [64n, true],
      [128n, true],
    ],
  )
})

test('an id that is known, an end that has moved and another clock are answered, and change nothing', async () => {
  const batch = await batchOf([pay])
  assert.equal(await send(batch), 'appended')
  const again = await batchOf([pay])
  assert.equal(await send({ ...again, ids: batch.ids }), 'known')
  assert.equal(await send({ ...again, later: '2 seconds' }), 'clock')
  const [stale] = await books.sql<{ answer: string }>`
    select answer from ledger.move(${book}, 1, ${Buffer.alloc(32)}, date_trunc('second', now()) + interval '0.9 s',
      1, true, array[1], array[1::bigint], array[gen_random_uuid()], ${Buffer.alloc(32)}, array['e'], array['s'])`
  assert.equal(stale!.answer, 'stale')
})
