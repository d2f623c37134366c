import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import type { Authorisation } from './authorisation.ts'
import { bind, bindingsOf, forgetVisits, startVisit, unbind } from './bindings.ts'
import { checkOut } from './checkout.ts'
import { previewRefund } from './refunds.ts'
import { useBar, type Guest } from './testing.ts'

const town = useBar()

/** A platform that believes every code: it is whose account it is. */
const visits: string[] = []
const platform: Authorisation = {
  gateway: 'wallet',
  binding: {
    bind: ({ state, returnUrl }) => {
      visits.push(state)
      return `https://platform.test/authorise?state=${state}&to=${returnUrl}`
    },
    bound: async code => ({ payer: code, name: `${code[0]}**` }),
  },
}
const returnUrl = 'https://bursar.test/cashier/back'

async function visit({ person: by, purse }: Guest): Promise<string> {
  const { url } = await startVisit(town.books, platform, { purse, by, returnUrl })
  return new URL(url).searchParams.get('state')!
}
const come = ({ person: by, purse }: Guest, state: string, code: string) =>
  bind(town.books, platform, { id: newId('bnd'), purse, by, state, code })

test('P5-02 P5-16 a purse is bound by the platform’s own authorisation, once per visit, to whose visit it was', async () => {
  const { merchant } = await town.bar()
  const [ann, ben] = [await town.member(merchant), await town.member(merchant)]
  const state = await visit(ann)
  const unknown = { code: 'authorisation_unknown' }
  await assert.rejects(come(ben, state, 'ben'), unknown)
  await assert.rejects(come(ann, 'guessed', 'ann'), unknown)
  const bound = await come(ann, state, 'ann')
  assert.deepEqual([bound.gateway, bound.name], ['wallet', 'a**'])
  await assert.rejects(come(ann, state, 'ann'), unknown, 'a visit is good once')
  assert.equal((await come(ann, await visit(ann), 'ann')).id, bound.id, 'the same account again')
  const [kept] = await town.books.sql<{ count: bigint }>`
    select count(*) from cashier.visit where digest = any(${visits}::text[])`
  assert.equal(kept!.count, 0n, 'the word itself is not kept')
  await assert.rejects(come(ben, await visit(ben), 'ann'), { code: 'platform_account_bound' })
  const { purse } = ann
  const foreign = bindingsOf(town.books, { purse, by: ben.person })
  await assert.rejects(foreign, { code: 'no_such_purse' })
  const dumb = startVisit(town.books, { gateway: 'wallet' }, { purse, by: ann.person, returnUrl })
  await assert.rejects(dumb, { code: 'binding_not_offered' })
})

test('P5-02 P5-22 another merchant’s purse is another fund account: the same platform account may be bound there', async () => {
  const [one, two] = [await town.bar(), await town.bar()]
  const guest = await town.member(one.merchant)
  await come(guest, await visit(guest), 'cat')
  const other = await town.member(two.merchant)
  await come(other, await visit(other), 'cat')
  assert.equal((await bindingsOf(town.books, { purse: other.purse, by: other.person })).length, 1)
})

test('P5-I5 another account is bound at zero balance only', async () => {
  const bar = await town.bar()
  const guest = await town.member(bar.merchant, '38.00')
  await come(guest, await visit(guest), 'old')
  const full = come(guest, await visit(guest), 'new')
  await assert.rejects(full, { code: 'balance_not_zero' })
  const tab = await town.sit(guest, bar)
  await town.order(guest, tab, bar, 'beer')
  await assert.rejects(come(guest, await visit(guest), 'new'), { code: 'balance_not_zero' })
  await checkOut(town.books, { tab, by: guest.person })
  await come(guest, await visit(guest), 'new')
  const names = await bindingsOf(town.books, { purse: guest.purse, by: guest.person })
  assert.deepEqual(
    names.map(({ name }) => name),
    ['n**'],
  )
})

test('P5-13 P5-I5 unbinding sends the balance back first, and not what a tab holds', async () => {
  const bar = await town.bar()
  const guest = await town.member(bar.merchant, '100.00')
  const { purse, person: by } = guest
  const { wallet } = town.wallet
  await come(guest, await visit(guest), 'dan')
  const tab = await town.sit(guest, bar)
  await town.order(guest, tab, bar, 'beer')
  const ask = { purse, by, gateway: 'wallet', refund: newId('wdr') }
  await assert.rejects(unbind(town.books, [wallet], ask), { code: 'money_is_held' })
  await checkOut(town.books, { tab, by })
  const ended = await unbind(town.books, [wallet], ask)
  assert.equal(ended.refund, ask.refund)
  assert.deepEqual(await unbind(town.books, [wallet], ask), ended, 'asked again, the same')
  assert.equal(await town.left(purse), '0.00')
  assert.deepEqual(await bindingsOf(town.books, { purse, by }), [])
  const gone = unbind(town.books, [wallet], {
    gateway: 'wallet',
    ...(await town.member(bar.merchant)),
    by,
    refund: newId('wdr'),
  })
  await assert.rejects(gone, { code: 'no_such_purse' })
})

test('P5-13 P5-I5 what comes while the balance goes back is not left behind: the binding stays until it is gone too', async () => {
  const bar = await town.bar()
  const guest = await town.member(bar.merchant, '100.00')
  const { purse, person: by } = guest
  await come(guest, await visit(guest), 'eve')
  const { wallet } = town.wallet
  const late: typeof wallet = {
    ...wallet,
    refund: async order => {
      await town.topUp(guest, '20.00')
      return await wallet.refund(order)
    },
  }
  const ask = { purse, by, gateway: 'wallet', refund: newId('wdr') }
  const amount = { code: 'money_came_in', facts: { purse, amount: cny('20.00') } }
  await assert.rejects(unbind(town.books, [late], ask), amount)
  assert.equal((await bindingsOf(town.books, { purse, by })).length, 1)
  const ended = await unbind(town.books, [wallet], ask)
  assert.equal(ended.refund, ask.refund, 'the same wish goes on where it was')
  assert.equal(await town.left(purse), '0.00')
  assert.deepEqual(await bindingsOf(town.books, { purse, by }), [])
  assert.deepEqual(await unbind(town.books, [wallet], ask), ended)
})

test('P5-13 P5-I5 an old unbinding, asked again, ends no binding that was made since and sends nothing of it back', async () => {
  const bar = await town.bar()
  const { wallet } = town.wallet
  for (const yuan of ['100.00', undefined]) {
    const guest = await town.member(bar.merchant, yuan)
    const { purse, person: by } = guest
    await come(guest, await visit(guest), `old ${purse}`)
    const ask = { purse, by, gateway: 'wallet', refund: newId('wdr') }
    const ended = await unbind(town.books, [wallet], ask)
    await come(guest, await visit(guest), `new ${purse}`)
    await town.topUp(guest, '50.00')
    assert.deepEqual(await unbind(town.books, [wallet], ask), ended)
    assert.equal(await town.left(purse), '50.00')
    assert.equal((await bindingsOf(town.books, { purse, by })).length, 1)
  }
})

test('P5-I5 who shows the bound account anew may bind another one though there is money, once and for minutes', async () => {
  const guest = await town.member((await town.bar()).merchant, '38.00')
  const { purse, person: by } = guest
  const other = async (code: string) => come(guest, await visit(guest), code)
  const id = newId('bnd')
  await town.books.sql`
    insert into cashier.binding (id, person, merchant, gateway, payer, bound_at, proved_at)
    select ${id}, ${by}, merchant, 'wallet', 'gus', now() - interval '1 hour', now() - interval '16 minutes'
    from custody.purse where id = ${purse}`
  await assert.rejects(other('hal'), { code: 'balance_not_zero' }, 'that was too long ago')
  const shown = await other('gus')
  assert.equal(shown.id, id)
  assert.ok(shown.openUntil! > new Date())
  assert.equal((await other('hal')).openUntil, null, 'the new one has shown nothing yet')
  const [now] = await bindingsOf(town.books, { purse, by })
  assert.equal(now!.name, 'h**')
  await assert.rejects(other('ida'), { code: 'balance_not_zero' }, 'once')
  assert.equal(await town.left(purse), '38.00')
})

test('an authorisation that began a day ago is forgotten, and one under way is not', async () => {
  const guest = await town.member((await town.bar()).merchant)
  await visit(guest)
  const state = await visit(guest)
  await town.books.sql`
    insert into cashier.visit (digest, purse, gateway, began_at)
    values (${'0'.repeat(64)}, ${guest.purse}, 'wallet', now() - interval '25 hours')`
  assert.equal(await forgetVisits(town.books), 1)
  await come(guest, state, 'fay')
})

test('P5-12 P5-I4 the preview says what goes back where: newest top-up first, not what is held', async () => {
  const bar = await town.bar()
  const guest = await town.member(bar.merchant, '30.00')
  await town.topUp(guest, '50.00')
  await town.topUp(guest, '20.00')
  const tab = await town.sit(guest, bar)
  await town.order(guest, tab, bar, 'beer')
  const { purse } = guest
  const all = await previewRefund(town.books, { purse, wallets: [town.wallet.wallet] })
  assert.deepEqual([all.most, all.held, all.residue], [cny('62.00'), cny('38.00'), cny('0.00')])
  assert.deepEqual(
    all.parts.map(({ amount, toppedUp }) => [amount, toppedUp]),
    [
      [cny('20.00'), cny('20.00')],
      [cny('42.00'), cny('50.00')],
    ],
  )
  const some = { purse, wallets: [town.wallet.wallet], amount: cny('10.00') }
  assert.equal((await previewRefund(town.books, some)).parts.length, 1)
  const much = previewRefund(town.books, { ...some, amount: cny('62.01') })
  await assert.rejects(much, { code: 'source_short' })
  const other = await previewRefund(town.books, { purse, wallets: [] })
  assert.deepEqual([other.most, other.residue], [cny('0.00'), cny('62.00')])
})
