/** The power goes while guests check out; skipped, with the reason, where there can be no disk to strike. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkOut, type TabId } from '@bursar/cashier'
import { barIn } from '@bursar/cashier/testing'
import { townIn } from '@bursar/custody/testing'
import type { PersonId, PurseId } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { checkBooks } from '@bursar/ledger/testing'
import { cny } from '@bursar/money'
import { diceOf, newSeed } from './dice.ts'
import { Disk, diskHindrance } from './disk.ts'
import { cutPower } from './faults.ts'
import { World } from './world.ts'

const seed = newSeed()
const dice = diceOf(seed)
const skip = (await diskHindrance()) ?? false
const guests = 24
const cutWithin = 60

let world: World
const ready = skip ? Promise.resolve() : open()
async function open(): Promise<void> {
  world = await World.open({ disk: Disk.make(512) })
}
const bar = barIn(
  townIn({
    ready,
    get url() {
      return world.url
    },
    get ownerUrl() {
      return world.ownerUrl
    },
  }),
)
before(() => ready)
after(() => (skip ? undefined : world.close()))

type Sitting = Readonly<{ tab: TabId; person: PersonId; purse: PurseId }>

test(
  `P5-09 F03 a power cut at checkout: who was told "paid" has paid once, and who was not pays once when asking again (seed ${seed})`,
  { skip },
  async () => {
    const place = await bar.bar({ places: 1 })
    const sitting: Sitting[] = []
    for (let n = 0; n < guests; n++) {
      const guest = await bar.member(place.merchant, '100.00')
      const tab = await bar.sit(guest, place)
      await bar.order(guest, tab, place, 'beer')
      sitting.push({ ...guest, tab })
    }
    world.disk!.sync()
    const leave = ({ tab, person: by }: Sitting) =>
      checkOut(bar.books, { tab, by, tip: cny('2.00') })
    const leaving = Promise.allSettled(sitting.map(leave))
    await sleep(dice.below(cutWithin))
    await cutPower(world)
    const told = await leaving

    const books = openBooks({ url: world.url })
    const rows = await books.sql<{ id: TabId; state: string }>`select id, state from cashier.tab`
    const states = new Map(rows.map(({ id, state }) => [id, state]))
    for (const [n, { tab }] of sitting.entries())
      if (told[n]!.status === 'fulfilled') assert.equal(states.get(tab), 'closed')
    for (const { tab, person: by } of sitting) await checkOut(books, { tab, by, tip: cny('2.00') })
    const [sums] = await books.sql<{ spends: number; paid: bigint; held: number }>`
      select count(*)::int as spends, sum(minor)::bigint as paid,
        (select count(*)::int from cashier.hold where state = 'held') as held from custody.spend`
    assert.deepEqual(sums, { spends: guests, paid: BigInt(guests) * 4000n, held: 0 })
    await books.close()
    assert.equal(await bar.earned(place.merchant), '960.00')
    for (const { purse } of sitting) assert.equal(await bar.left(purse), '60.00')
    await checkBooks(world.ownerUrl)
  },
)
