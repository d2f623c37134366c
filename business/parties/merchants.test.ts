import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connected } from '@bursar/database'
import { newId } from '@bursar/kernel'
import {
  addOutlet,
  addTill,
  applyMerchant,
  changeMerchant,
  closeTill,
  renameTill,
  decideMerchant,
  listMerchants,
  merchantOf,
  outletsOf,
  seat,
  seatsAt,
  seatsOf,
  stepsOf,
  tillsOf,
  unseat,
  type Step,
} from './parties.ts'
import { useParties } from './testing.ts'

const town = useParties()

async function scene() {
  const [owner, clerk] = [await town.person('老板'), await town.person('审核员')]
  const { id: merchant } = await town.merchant(owner.id)
  const take = (step: Step, by = clerk.id, reason: string | undefined = '材料不全') =>
    decideMerchant(town.books, { merchant, by, step, ...(reason && { reason }) })
  return { owner: owner.id, clerk: clerk.id, merchant, take }
}

test('P1-I2 a merchant applies, somebody else lets it in, stops it, and lets it go on', async () => {
  const { merchant, owner, clerk, take } = await scene()
  assert.deepEqual(await seatsOf(town.books, owner), [
    { role: 'owner', organisation: merchant, name: '老茶馆' },
  ])
  for (const step of ['approve', 'suspend', 'resume', 'close'] as const) await take(step)
  assert.equal((await merchantOf(town.books, merchant)).state, 'closed')
  const steps = await stepsOf(town.books, merchant)
  assert.deepEqual(
    steps.map(({ name, takenBy, state }) => [name, takenBy, state]),
    [
      ['apply', owner, 'applicant'],
      ['approve', clerk, 'active'],
      ['suspend', clerk, 'suspended'],
      ['resume', clerk, 'active'],
      ['close', clerk, 'closed'],
    ],
  )
})

test('P1-I2 nobody decides their own merchant: neither the applicant nor who has a seat there', async () => {
  const { merchant, owner, clerk, take } = await scene()
  await assert.rejects(take('approve', owner), { code: 'own_merchant' })
  await seat(town.books, { merchant, person: clerk, role: 'staff', by: owner })
  await assert.rejects(take('approve', clerk), { code: 'own_merchant' })
  const other = await town.person()
  await seat(town.books, { merchant, person: other.id, role: 'owner', by: owner })
  await unseat(town.books, { organisation: merchant, person: owner, by: other.id })
  await assert.rejects(take('approve', owner), { code: 'own_merchant' }, 'nor who has left it')
  assert.equal((await merchantOf(town.books, merchant)).state, 'applicant')
})

test('P1-I2 the tables refuse the decision of somebody with a seat there, and a step that leads nowhere', async () => {
  const { merchant, owner } = await scene()
  const cashier = await town.person('店员')
  await seat(town.books, { merchant, person: cashier.id, role: 'staff', by: owner })
  const { sql } = town.books
  const decided = sql`
    insert into parties.merchant_step (merchant, n, name, state, taken_by, applied_by)
    values (${merchant}, 2, 'approve', 'active', ${cashier.id}, ${owner})`
  await assert.rejects(decided, { constraint: 'no_decider_sits_at_the_merchant' })
  const leapt = sql`update parties.merchant set state = 'suspended' where id = ${merchant}`
  await assert.rejects(leapt, { constraint: 'only_known_steps_are_taken' })
})

test('P1-I2 the table refuses an own decision even when the code does not', async () => {
  const { merchant, owner } = await scene()
  const forged = connected(
    town.db.url,
    on =>
      on.sql`
      insert into parties.merchant_step (merchant, n, name, state, taken_by, applied_by)
      values (${merchant}, 2, 'approve', 'active', ${owner}, ${owner})`,
  )
  await assert.rejects(forged, { constraint: 'nobody_decides_their_own_merchant' })
})

test('a step that the table does not know from here is refused, and a rejection has a reason', async () => {
  const { take } = await scene()
  await assert.rejects(take('suspend'), { code: 'step_out_of_order' })
  await assert.rejects(take('reject', undefined, ''), { code: 'reason_missing' })
  await take('reject')
  for (const step of ['approve', 'resume', 'close'] as const)
    await assert.rejects(take(step), { code: 'step_out_of_order' })
})

test('a decision that is sent again is taken once', async () => {
  const { merchant, take } = await scene()
  await Promise.all([take('approve'), take('approve'), take('approve')])
  assert.equal((await stepsOf(town.books, merchant)).length, 2)
})

test('two clerks who decide otherwise at the same moment: one of them is refused', async () => {
  const { merchant, take } = await scene()
  const both = await Promise.allSettled([take('approve'), take('reject')])
  assert.equal(both.filter(one => one.status === 'fulfilled').length, 1)
  assert.equal((await stepsOf(town.books, merchant)).length, 2)
})

test('an application that is sent again is made once, and its licence stays its own', async () => {
  const { id } = await town.person()
  const ask = town.application(id)
  await Promise.all([applyMerchant(town.books, ask), applyMerchant(town.books, ask)])
  assert.equal((await seatsAt(town.books, ask.id)).length, 1)
  await assert.rejects(applyMerchant(town.books, { ...ask, name: '别的' }), {
    code: 'id_already_used',
  })
  await assert.rejects(applyMerchant(town.books, { ...ask, id: newId('mer') }), {
    code: 'licence_taken',
  })
  const clerk = await town.person()
  await decideMerchant(town.books, {
    merchant: ask.id,
    by: clerk.id,
    step: 'reject',
    reason: '照片不清',
  })
  assert.ok(
    await applyMerchant(town.books, { ...ask, id: newId('mer') }),
    'who was rejected may come again',
  )
})

test('what a step says is history: nobody rewrites it', async () => {
  const { merchant } = await scene()
  const rewrite = (url: string) =>
    connected(
      url,
      on => on.sql`update parties.merchant_step set reason = 'x' where merchant = ${merchant}`,
    )
  await assert.rejects(rewrite(town.db.url), { code: '42501' })
  await assert.rejects(rewrite(town.db.ownerUrl))
})

test('P1-25 many merchants in one directory: found by trade, state and words, page by page', async () => {
  const { id: by } = await town.person()
  const clerk = await town.person()
  for (let i = 0; i < 7; i++) {
    const ask = { ...town.application(by), trade: 'laundry' as const, name: `100%_洗衣 ${i}` }
    await applyMerchant(town.books, ask)
    if (i < 5) await decideMerchant(town.books, { merchant: ask.id, by: clerk.id, step: 'approve' })
  }
  const filter = { trade: 'laundry', state: 'active', q: '100%_洗', limit: 2 } as const
  const seen: string[] = []
  let page = await listMerchants(town.books, filter)
  for (;;) {
    seen.push(...page.rows.map(row => row.name))
    if (!page.next) break
    page = await listMerchants(town.books, { ...filter, cursor: page.next as `mer_${string}` })
  }
  assert.deepEqual(
    seen,
    [4, 3, 2, 1, 0].map(i => `100%_洗衣 ${i}`),
  )
  assert.deepEqual(
    (await listMerchants(town.books, { q: '100x洗' })).rows,
    [],
    'a % in a word is a %',
  )
})

test('an owner says whether spends wait for a yes, and the change is remembered', async () => {
  const { merchant, owner } = await scene()
  await changeMerchant(town.books, { merchant, by: owner, confirmsSpends: true })
  assert.equal((await merchantOf(town.books, merchant)).confirmsSpends, true)
  assert.equal((await stepsOf(town.books, merchant)).at(-1)?.name, 'change')
})

test('P1-I2 outlets are added once each and listed', async () => {
  const { merchant } = await scene()
  const ask = { id: newId('out'), merchant, name: '总店', address: '人民路 1 号' }
  await Promise.all([addOutlet(town.books, ask), addOutlet(town.books, ask)])
  assert.deepEqual(
    (await outletsOf(town.books, merchant)).map(one => one.id),
    [ask.id],
  )
  await assert.rejects(addOutlet(town.books, { ...ask, name: '分店' }), { code: 'id_already_used' })
})

test('P4-11 a till stands in one outlet, is named once while it is open, and is closed for good', async () => {
  const [{ merchant }, other] = [await scene(), await scene()]
  const { books } = town
  const outlet = newId('out')
  await addOutlet(books, { id: outlet, merchant, name: '总店', address: '人民路 1 号' })
  const ask = { id: newId('til'), merchant, outlet, name: '吧台' }
  await Promise.all([addTill(books, ask), addTill(books, ask)])
  const again = { ...ask, id: newId('til') }
  await assert.rejects(addTill(books, again), { code: 'till_named_before' })
  await assert.rejects(addTill(books, { ...again, merchant: other.merchant }), {
    code: 'no_such_outlet',
  })
  const closing = { merchant, till: ask.id }
  await assert.rejects(closeTill(books, { ...closing, merchant: other.merchant }), {
    code: 'no_such_till',
  })
  const { closedAt } = await closeTill(books, closing)
  assert.deepEqual((await closeTill(books, closing)).closedAt, closedAt)
  await addTill(books, again)
  assert.deepEqual(
    (await tillsOf(books, merchant)).map(one => [one.id, one.closedAt !== null]),
    [
      [ask.id, true],
      [again.id, false],
    ],
  )
  await assert.rejects(
    books.sql`insert into parties.till (id, merchant, outlet, name) values (${newId('til')}, ${other.merchant}, ${outlet}, 'x')`,
    { constraint: 'a_till_is_its_merchants' },
  )
})

test('P4-11 a till is renamed, by whom and from what is kept; a closed one keeps its name', async () => {
  const [{ merchant, owner }, other] = [await scene(), await scene()]
  const { books } = town
  const outlet = newId('out')
  await addOutlet(books, { id: outlet, merchant, name: '总店', address: '人民路 1 号' })
  const [bar, door] = [newId('til'), newId('til')]
  await addTill(books, { id: bar, merchant, outlet, name: '吧台' })
  await addTill(books, { id: door, merchant, outlet, name: '门口' })
  const rename = (name: string, till = bar) =>
    renameTill(books, { merchant, till, name, by: owner })
  const twice = await Promise.all([rename('前台'), rename('前台')])
  assert.deepEqual(
    twice.map(one => [one.id, one.name]),
    [
      [bar, '前台'],
      [bar, '前台'],
    ],
  )
  await rename('吧台')
  await assert.rejects(rename('门口'), { code: 'till_named_before' })
  const theirs = { merchant: other.merchant, till: bar, name: '偷', by: other.owner }
  await assert.rejects(renameTill(books, theirs), { code: 'no_such_till' })
  const kept = await books.sql`
    select n, name, renamed_by as by from parties.till_name where till = ${bar} order by n`
  assert.deepEqual(kept, [
    { n: 1, name: '吧台', by: owner },
    { n: 2, name: '前台', by: owner },
  ])
  await closeTill(books, { merchant, till: door })
  await assert.rejects(rename('窗口', door), { code: 'till_is_closed' })
  const forced = (till: string) => books.sql`update parties.till set name = 'x' where id = ${till}`
  await assert.rejects(forced(bar), { constraint: 'a_renamed_till_says_by_whom' })
  await assert.rejects(forced(door), { constraint: 'a_closed_till_keeps_its_name' })
})

test('staff come and go; the last owner stays', async () => {
  const { merchant, owner } = await scene()
  const { id: person } = await town.person('店员')
  await seat(town.books, { merchant, person, role: 'staff', by: owner })
  await unseat(town.books, { organisation: merchant, person, by: owner })
  assert.deepEqual(await seatsOf(town.books, person), [])
  await assert.rejects(unseat(town.books, { organisation: merchant, person, by: owner }), {
    code: 'not_seated',
  })
  await assert.rejects(unseat(town.books, { organisation: merchant, person: owner, by: owner }), {
    code: 'last_owner',
  })
})

test('two owners who remove each other at the same moment leave one', async () => {
  const rivals = Array.from({ length: 8 }, async () => {
    const { merchant, owner } = await scene()
    const { id: other } = await town.person()
    await seat(town.books, { merchant, person: other, role: 'owner', by: owner })
    const both = await Promise.allSettled([
      unseat(town.books, { organisation: merchant, person: owner, by: other }),
      unseat(town.books, { organisation: merchant, person: other, by: owner }),
    ])
    assert.equal(both.filter(one => one.status === 'fulfilled').length, 1)
    assert.equal((await seatsAt(town.books, merchant)).length, 1)
  })
  await Promise.all(rivals)
})
