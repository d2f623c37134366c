import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { connected } from '@bursar/database'
import { join, startTopUp, withdraw } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import type { Authorisation } from './authorisation.ts'
import { bind, bindingsOf, startVisit, unbind } from './bindings.ts'
import type { Scope } from './scope.ts'
import { useBar, type Guest } from './testing.ts'

const town = useBar()
const platform: Authorisation = {
  gateway: 'wallet',
  binding: {
    bind: ({ state }) => `https://platform.test/authorise?state=${state}`,
    bound: async code => ({ payer: code }),
  },
}
const unlicensed = { code: 'platform_scope_unlicensed' }
const written = (change: string) => connected(town.url, on => on.script(change))

const licence = (years?: readonly [string, string]) => town.licensed(years)
const revoke = () => town.unlicensed()
afterEach(revoke)

/** There and back, as somebody whose account at the platform is called so. */
async function come({ person: by, purse }: Guest, code: string, scope: Scope) {
  const ask = { purse, by, returnUrl: 'https://bursar.test/back', scope }
  const { url } = await startVisit(town.books, platform, ask)
  const state = new URL(url).searchParams.get('state')!
  return await bind(town.books, platform, { id: newId('bnd'), purse, by, state, code })
}
/** The same guest at another merchant. */
async function elsewhere({ person }: Guest): Promise<Guest> {
  const { merchant } = await town.bar()
  const { id: purse } = await join(town.books, { person, merchant })
  return { person, purse }
}
const guest = async (yuan?: string): Promise<Guest> =>
  await town.member((await town.bar()).merchant, yuan)
const known = async ({ person: by, purse }: Guest) =>
  (await bindingsOf(town.books, { purse, by })).map(({ scope }) => scope)
const payers = async ({ purse }: Guest) =>
  await town.books.sql<{ payer: string; licensed: boolean }>`
    select payer, licensed from custody.payer where purse = ${purse}`
const topUp = ({ person: by, purse }: Guest) =>
  startTopUp(town.books, town.wallet.wallet, {
    ...{ id: newId('top'), purse, by, amount: cny('10.00'), returnUrl: 'https://bursar.test/back' },
  })

test('P5-02 P5-22 with a licence a guest’s one binding counts at every merchant, also at one that is joined later', async () => {
  await licence()
  const ann = await guest()
  const before = await elsewhere(ann)
  const bound = await come(ann, 'ann', 'platform')
  const later = await elsewhere(ann)
  for (const one of [ann, before, later]) {
    assert.deepEqual(await known(one), ['platform'])
    assert.deepEqual(await payers(one), [{ payer: 'ann', licensed: true }])
  }
  assert.equal((await come(later, 'ann', 'platform')).id, bound.id, 'one per guest and platform')
  assert.equal((await come(later, 'ann', 'merchant')).id, bound.id, 'it counts there already')
  await assert.rejects(come(later, 'cat', 'merchant'), { code: 'bound_everywhere' })
  const cat = await come(before, 'cat', 'platform')
  assert.notEqual(cat.id, bound.id, 'another account, with nothing in any purse')
  assert.deepEqual(await payers(ann), [{ payer: 'cat', licensed: true }])
})

test('P5-02 platform scope without a licence that holds is refused: at the visit, on the way back, and by the table', async () => {
  const ann = await guest()
  const { person: by, purse } = ann
  const ask = { purse, by, returnUrl: 'https://bursar.test/back', scope: 'platform' } as const
  for (const years of [undefined, ['2020-01-01', '2021-12-31'], ['2090-01-01', '2090-12-31']]) {
    if (years) await licence(years as [string, string])
    await assert.rejects(startVisit(town.books, platform, ask), unlicensed)
  }
  await licence()
  const { url } = await startVisit(town.books, platform, ask)
  const state = new URL(url).searchParams.get('state')!
  await revoke()
  const back = { id: newId('bnd'), purse, by, state, code: 'early' }
  await assert.rejects(bind(town.books, platform, back), unlicensed)
  const row = written(`
    insert into cashier.binding (id, person, merchant, scope, gateway, payer)
    select '${newId('bnd')}', person, merchant, 'platform', 'wallet', 'early'
    from custody.purse where id = '${purse}'`)
  await assert.rejects(row, { constraint: 'platform_scope_needs_a_licence' })
  assert.deepEqual(await known(ann), [])
  assert.equal((await come(ann, 'early', 'merchant')).scope, 'merchant', 'the default goes on')
})

test('P5-03 P5-13 when the licence ends, nothing is topped up through a platform binding, and what is left goes back', async () => {
  await licence()
  const ann = await guest('30.00')
  await come(ann, 'dan', 'platform')
  const under = await topUp(ann)
  await revoke()
  await assert.rejects(topUp(ann), unlicensed)
  const row = written(`
    insert into custody.top_up (id, book, purse, minor, currency, gateway, asked_by, expires_at)
    select '${newId('top')}', book, id, 100, currency, 'wallet', person, now() + interval '1 hour'
    from custody.purse where id = '${ann.purse}'`)
  await assert.rejects(row, { constraint: 'a_top_up_at_platform_scope_needs_a_licence' })
  assert.equal(under.state, 'waiting', 'what was ordered under it may still be paid')
  await withdraw(town.books, [town.wallet.wallet], {
    ...{ id: newId('wdr'), purse: ann.purse, amount: cny('10.00'), by: ann.person },
  })
  assert.equal(await town.left(ann.purse), '20.00')
  const alone = await come(ann, 'dan', 'merchant')
  assert.deepEqual([alone.scope, await known(ann)], ['merchant', ['merchant']])
  assert.equal((await topUp(ann)).state, 'waiting', 'at this merchant alone it goes on')
})

test('P5-I5 a binding for every merchant ends only when the guest’s other purses are empty, and before anything moves', async () => {
  await licence()
  const ann = await guest('30.00')
  const other = await elsewhere(ann)
  await come(ann, 'eve', 'platform')
  const { wallet } = town.wallet
  const end = ({ purse, person: by }: Guest) =>
    unbind(town.books, [wallet], { purse, by, gateway: 'wallet', refund: newId('wdr') })
  await assert.rejects(end(other), { code: 'money_at_another_merchant' })
  await assert.rejects(come(other, 'fay', 'platform'), { code: 'balance_not_zero' })
  assert.equal(await town.left(ann.purse), '30.00')
  await end(ann)
  assert.equal(await town.left(ann.purse), '0.00')
  assert.deepEqual([await known(ann), await known(other)], [[], []])
  assert.deepEqual([await payers(ann), await payers(other)], [[], []])
})

test('P5-02 an account that is bound for every merchant is bound to nobody else anywhere, nor a guest at both scopes', async () => {
  await licence()
  const [ann, ben] = [await guest(), await guest()]
  await come(ben, 'gus', 'merchant')
  await assert.rejects(come(ann, 'gus', 'platform'), { code: 'platform_account_bound' })
  await come(ann, 'hal', 'platform')
  await assert.rejects(come(ben, 'hal', 'merchant'), { code: 'platform_account_bound' })
  assert.equal((await come(ben, 'gus', 'platform')).scope, 'platform', 'his own grows')
  assert.deepEqual(await known(ben), ['platform'])
  const both = written(`
    insert into cashier.binding (id, person, merchant, gateway, payer)
    select '${newId('bnd')}', person, merchant, 'wallet', 'ida'
    from custody.purse where id = '${ben.purse}'`)
  await assert.rejects(both, { constraint: 'a_guest_is_bound_at_one_scope' })
})

test('P5-02 of two who bind at once, at two merchants and both scopes, one binding stands and every purse knows it', async () => {
  await licence()
  const ann = await guest()
  const other = await elsewhere(ann)
  await Promise.allSettled([come(ann, 'jan', 'platform'), come(other, 'kim', 'merchant')])
  const rows = await town.books.sql<{ scope: Scope; payer: string }>`
    select scope, payer from cashier.binding where person = ${ann.person} and ended_at is null`
  assert.equal(rows.length, 1)
  assert.equal((await payers(other))[0]!.payer, rows[0]!.payer)
})
