import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { checkOut } from './checkout.ts'
import { acceptShift, closeShift, offerShift, openShift } from './shifts.ts'
import { readShift } from './shownShifts.ts'
import { useBar } from './testing.ts'

const town = useBar()

test('P4-11 what is checked out while somebody has the shift at a till is taken there, also once it is handed over', async () => {
  const bar = await town.bar()
  const { merchant, outlet, staff: by } = bar
  const [till, other] = [newId('til'), newId('out')]
  await town.books.sql`
    insert into parties.till (id, merchant, outlet, name) values (${till}, ${merchant}, ${outlet}, '吧台')`
  await town.books.sql`
    insert into parties.outlet (id, merchant, name, address) values (${other}, ${merchant}, '二店', '路')`
  const ask = { id: newId('shf'), merchant, by, till }
  await assert.rejects(openShift(town.books, { ...ask, outlet: other }), { code: 'no_such_till' })
  const guest = await town.member(merchant, '200.00')
  const taken = async () => {
    const tab = await town.sit(guest, bar)
    await town.order(guest, tab, bar, 'beer')
    await checkOut(town.books, { tab, by: guest.person })
    const [spend] = await town.books.sql<{ till: string | null }>`
      select s.till from custody.spend s join cashier.tab t on t.spend = s.id where t.id = ${tab}`
    return spend!.till
  }
  assert.equal(await taken(), null)
  await openShift(town.books, { ...ask, outlet })
  assert.equal(await taken(), till)
  const colleague = await town.person('小林')
  await town.books.sql`
    insert into parties.seat (organisation, person, role) values (${merchant}, ${colleague}, 'staff')`
  await offerShift(town.books, { id: ask.id, merchant, by, to: colleague, counts: [] })
  const next = newId('shf')
  await acceptShift(town.books, { id: ask.id, merchant, by: colleague, next })
  assert.equal((await readShift(town.books, { merchant, id: next })).tillName, '吧台')
  assert.equal(await taken(), till)
  await town.books.sql`update parties.till set closed_at = now() where id = ${till}`
  await closeShift(town.books, { id: next, merchant, by: colleague, counts: [] })
  const late = { ...ask, id: newId('shf'), outlet }
  await assert.rejects(openShift(town.books, late), { code: 'till_is_closed' })
})
