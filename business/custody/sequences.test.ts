import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, Refusal, type MerchantId } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { answerSpend } from './answers.ts'
import { issueCode } from './codes.ts'
import { equation } from './equation.ts'
import { creditReceived, receiveNotice } from './inbox.ts'
import { pollWithdrawals } from './parts.ts'
import type { SpendId } from './receipts.ts'
import { refund } from './refunds.ts'
import { charge, spend } from './spends.ts'
import { useTown } from './testing.ts'
import { startTopUp } from './topUps.ts'
import { withdraw } from './withdrawals.ts'

const town = useTown()
const { wallet, pay, notice, says } = town.wallet

/** mulberry32: the seed is printed, so that a failing run can be had again. */
function dice(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

type Member = Awaited<ReturnType<typeof town.member>> & { merchant: MerchantId }
type World = Readonly<{ members: readonly Member[]; spends: SpendId[] }>
type Dice = Readonly<{ roll(below: number): number; some<T>(list: readonly T[]): T }>
const amountOf = ({ roll }: Dice) => ({ minor: BigInt(1 + roll(6000)), currency: 'CNY' })

/** Every "no" that honest callers may hear in each other's way. Any other error fails the test. */
const expected = new Set([
  'insufficient_funds',
  'purse_full',
  'refund_exceeds_spend',
  'merchant_funds_short',
  'spend_not_done',
  'spend_already_answered',
  'source_short',
  'code_used',
  'code_of_another_merchant',
])

const money = {
  async topUp({ members }: World, luck: Dice) {
    const [id, { person: by, purse }] = [newId('top'), luck.some(members)]
    const returnUrl = 'https://bursar.test'
    await startTopUp(town.books, wallet, { id, purse, amount: amountOf(luck), by, returnUrl })
    pay(id)
    const said = notice({ order: id })
    await Promise.all([1, 2].map(() => receiveNotice(town.books, wallet, said)))
  },
  async spend({ members, spends }: World, luck: Dice) {
    const { person: by, purse, merchant } = luck.some(members)
    const ask = { id: newId('spd'), purse, by, merchant, amount: amountOf(luck) }
    spends.push((await spend(town.books, ask)).id)
  },
  async charge({ members }: World, luck: Dice) {
    const { person: by, purse } = luck.some(members)
    const { code } = await issueCode(town.books, { id: newId('cod'), purse, by })
    const ask = () => {
      const { merchant } = luck.some(members)
      return { id: newId('spd'), merchant, by, code, amount: amountOf(luck) }
    }
    const all = await Promise.allSettled([charge(town.books, ask()), charge(town.books, ask())])
    assert.ok(all.filter(one => one.status === 'fulfilled').length <= 1)
    for (const one of all) if (one.status === 'rejected') throw one.reason
  },
  async withdraw({ members }: World, luck: Dice) {
    const { person: by, purse } = luck.some(members)
    says.refund = luck.some(['done', 'unknown', { refused: 'no' }] as const)
    await withdraw(town.books, [wallet], { id: newId('wdr'), purse, amount: amountOf(luck), by })
  },
}

const answers = {
  async answer({ spends }: World, luck: Dice) {
    const step = luck.some(['accept', 'decline'] as const)
    if (spends.length > 0)
      await answerSpend(town.books, { spend: luck.some(spends), by: newId('per'), step })
  },
  async refund({ spends }: World, luck: Dice) {
    if (spends.length === 0) return
    const [id, reason, by] = [newId('rfd'), '退', newId('per')]
    await refund(town.books, { id, spend: luck.some(spends), amount: amountOf(luck), reason, by })
  },
  async paidOut(_: World, luck: Dice) {
    const event = newId('evt')
    const told = {
      gateway: 'bank',
      event,
      body: Buffer.from('{}'),
      payer: 'wallet',
      reference: event,
    }
    await creditReceived(town.books, { ...told, pool: town.pool, amount: amountOf(luck) })
    await pollWithdrawals(town.books, wallet, { olderThanMs: 0, limit: 5 })
  },
}
const commands = [...Object.values(money), ...Object.values(answers)]

async function caller(world: World, seed: number): Promise<void> {
  const roll = dice(seed)
  const luck: Dice = { roll, some: list => list[roll(list.length)]! }
  for (let turn = 0; turn < 25; turn++)
    await luck
      .some(commands)(world, luck)
      .catch((error: unknown) => {
        if (!(error instanceof Refusal) || !expected.has(error.code)) throw error
      })
}

test('P1-I1 P1-28 after any sequence of commands by eight callers the equation holds and no purse is below zero', async () => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  const merchants = [await town.merchant(), await town.merchant({ confirms: true })]
  const members = await Promise.all(
    Array.from({ length: 6 }, async (_, i) => {
      const merchant = merchants[i % 2]!
      return { merchant, ...(await town.member(merchant, '100.00')) }
    }),
  )
  const world: World = { members, spends: [] }
  const all = Array.from({ length: 8 }, (_, i) => caller(world, seed + i))
  await Promise.all(all).catch((error: unknown) => {
    throw new Error(`seed ${seed}`, { cause: error })
  })
  const { holds, terms } = await equation(town.books, town.pool)
  const claims = terms.filter(({ side }) => side === 'claims')
  assert.equal(holds, true, `seed ${seed}`)
  assert.ok(
    claims.every(({ amount }) => amount.minor >= 0n),
    `seed ${seed}`,
  )
  for (const { purse } of members) assert.ok((await town.available(purse)) >= 0n, `seed ${seed}`)
  await rowsAndEntriesAgree(seed)
})

/** The rows tell the same story as the book: what was spent, refunded, topped up, and is on its way. */
async function rowsAndEntriesAgree(seed: number): Promise<void> {
  const [row] = await town.books.sql`
    select
      (select sum(minor) from custody.spend where state = 'done') =
        (select sum(minor) from ledger.entry
         where kind in (1, 3) and event in ('spend', 'charge', 'spend_done')) as spends,
      (select coalesce(sum(minor), 0) from custody.refund) =
        (select coalesce(sum(minor), 0) from ledger.entry where event = 'refund') as refunds,
      (select sum(minor) from custody.top_up where state = 'credited') =
        (select sum(minor) from ledger.entry where event = 'top_up') as top_ups,
      (select coalesce(sum(minor), 0) from custody.part where state in ('sending', 'confirmed')) =
        (select sum(posted) from ledger.states(1, array['pool/transit-out'])) as on_the_way`
  assert.deepEqual(
    row,
    { spends: true, refunds: true, top_ups: true, on_the_way: true },
    `seed ${seed}`,
  )
}

test('P1-03 two servers over one database agree on every purse', async () => {
  const merchant = await town.merchant()
  const { person: by, purse } = await town.member(merchant, '10.00')
  const other = openBooks({ url: town.url })
  const amount = { minor: 300n, currency: 'CNY' }
  try {
    const all = await Promise.allSettled(
      Array.from({ length: 32 }, (_, i) =>
        spend(i % 2 ? town.books : other, { id: newId('spd'), purse, by, merchant, amount }),
      ),
    )
    assert.equal(all.filter(one => one.status === 'fulfilled').length, 3)
    assert.equal(await town.available(purse), 100n)
  } finally {
    await other.close()
  }
})
