import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId, type MerchantId, type PersonId, type PurseId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { answerSpend } from './answers.ts'
import { issueCode } from './codes.ts'
import { admitMerchant, openPool } from './pool.ts'
import { join, listPurses, readPurse } from './purses.ts'
import { refund } from './refunds.ts'
import { scopeOf, widenScope } from './scope.ts'
import { charge, spend } from './spends.ts'
import { startTopUp } from './topUps.ts'
import { useTown } from './testing.ts'
import { withdraw } from './withdrawals.ts'

const town = useTown()
let card: MerchantId
beforeEach(async () => {
  if (card) await town.licensed()
  else card = await town.issuer()
})
afterEach(() => town.unlicensed())

type Member = { person: PersonId; purse: PurseId }
const lapsed = { code: 'platform_scope_unlicensed' }
const pay = (merchant: MerchantId, { person: by, purse }: Member, yuan: string, more = {}) =>
  spend(town.books, { id: newId('spd'), purse, by, merchant, amount: cny(yuan), ...more })
const codeOf = ({ person: by, purse }: Member) =>
  issueCode(town.books, { id: newId('cod'), purse, by })
const take = (merchant: MerchantId, code: string, yuan: string) =>
  charge(town.books, { id: newId('spd'), merchant, by: newId('per'), code, amount: cny(yuan) })
const topUp = ({ person: by, purse }: Member) =>
  startTopUp(town.books, town.wallet.wallet, {
    ...{ id: newId('top'), purse, by, amount: cny('10.00'), returnUrl: 'https://bursar.test/back' },
  })
/** What a process remembers of the licence for a second is forgotten. */
const forgotten = () => sleep(1050)

test('P5-02 P5-22 one balance with the issuer pays at every merchant of its pool: by scanning, by a code, and comes back', async () => {
  const [tea, barber] = [await town.merchant(), await town.merchant()]
  const ann = await town.member(card, '100.00')
  const receipt = await pay(tea, ann, '30.00')
  assert.deepEqual([receipt.merchant, receipt.balance], [tea, cny('70.00')])
  const { code } = await codeOf(ann)
  assert.equal((await take(barber, code, '20.00')).purse, ann.purse)
  assert.deepEqual(
    [await town.posted(`merchant/${tea}/earned`), await town.posted(`merchant/${barber}/earned`)],
    [3000n, 2000n],
  )
  const back = { id: newId('rfd'), spend: receipt.id, amount: cny('30.00'), reason: '退' }
  await refund(town.books, { ...back, by: newId('per') })
  assert.equal(await town.available(ann.purse), 8000n)
})

test('P1-12 P5-22 a merchant’s own purse pays there alone, and the issuer’s only in its own pool: in code and in the table', async () => {
  const [tea, barber] = [await town.merchant(), await town.merchant()]
  const [bob, ann] = [await town.member(tea, '50.00'), await town.member(card, '50.00')]
  await assert.rejects(pay(barber, bob, '5.00'), { code: 'purse_of_another_merchant' })
  await assert.rejects(take(barber, (await codeOf(bob)).code, '5.00'), {
    code: 'code_of_another_merchant',
  })
  const atHome = { code: 'issuer_sells_nothing' }
  await assert.rejects(pay(card, ann, '5.00'), atHome)
  await assert.rejects(take(card, (await codeOf(ann)).code, '5.00'), atHome)
  const far = await abroad()
  await assert.rejects(pay(far, ann, '5.00'), { code: 'purse_of_another_merchant' })
  const row = ({ person, purse }: Member, merchant: MerchantId) => town.books.sql`
    insert into custody.spend (book, id, purse, person, merchant, minor, currency, initiator, started_by, state, at)
    values (1, ${newId('spd')}, ${purse}, ${person}, ${merchant}, 100, 'CNY', 'consumer', ${person}, 'done', now())`
  const elsewhere = { constraint: 'a_purse_pays_where_it_is_good' }
  await assert.rejects(row(bob, barber), elsewhere)
  await assert.rejects(row(ann, far), elsewhere)
  await assert.rejects(row(ann, card), elsewhere)
  await assert.rejects(row({ ...ann, person: bob.person }, tea), elsewhere)
})

/** A merchant of another pool. */
async function abroad(): Promise<MerchantId> {
  const { books } = town
  const [pool, merchant] = [newId('pol'), await town.merchant()]
  const named = { name: '第二资金池', currency: 'CNY', platforms: [] }
  const [bank, supervisor] = [newId('ins'), newId('ins')]
  const { book } = await openPool(books, { id: pool, book: 2, ...named, bank, supervisor })
  assert.equal(book, 2)
  const other = newId('mer')
  await books.sql`
    insert into parties.merchant (id, name, trade, licence, representative, address, payee_bank, payee_account,
      payee_name, state, applied_by)
    select ${other}, name, trade, ${other}, representative, address, payee_bank, payee_account, payee_name, state,
      applied_by from parties.merchant where id = ${merchant}`
  await admitMerchant(books, { merchant: other, pool })
  return other
}

test('P5-22 R-D1 when the licence ends the balance pays nowhere and takes no money, and what is left goes back', async () => {
  const tea = await town.merchant()
  const ann = await town.member(card, '100.00')
  const { code } = await codeOf(ann)
  await town.unlicensed()
  // A process that has not heard of it yet is refused by the tables, in the same words.
  await assert.rejects(pay(tea, ann, '5.00'), lapsed)
  await assert.rejects(take(tea, code, '5.00'), lapsed)
  await assert.rejects(topUp(ann), lapsed)
  await forgotten()
  await assert.rejects(pay(tea, ann, '5.00'), lapsed)
  await assert.rejects(take(tea, code, '5.00'), lapsed)
  await assert.rejects(codeOf(ann), lapsed)
  await assert.rejects(topUp(ann), lapsed)
  assert.equal((await readPurse(town.books, ann.purse)).lapsed, true)
  const back = { id: newId('wdr'), purse: ann.purse, amount: cny('100.00'), by: ann.person }
  await withdraw(town.books, [town.wallet.wallet], back)
  assert.equal(await town.available(ann.purse), 0n)
})

test('P5-22 R-D1 P1-I1 what was paid before the licence ended is answered as it was, waits for its answer, and comes back', async () => {
  const [tea, bar] = [await town.merchant(), await town.merchant({ confirms: true })]
  const ann = await town.member(card, '100.00')
  const [paid, waiting] = [newId('spd'), newId('spd')]
  const code = (await codeOf(ann)).code
  const taken = { id: newId('spd'), merchant: tea, by: newId('per'), code, amount: cny('4.00') }
  await pay(tea, ann, '30.00', { id: paid })
  await pay(bar, ann, '20.00', { id: waiting })
  await charge(town.books, taken)
  await town.unlicensed()
  await forgotten()
  assert.equal((await pay(tea, ann, '30.00', { id: paid })).state, 'done')
  assert.equal((await charge(town.books, taken)).id, taken.id)
  const yes = { spend: waiting, step: 'accept', by: newId('per') } as const
  assert.equal((await answerSpend(town.books, yes)).state, 'done')
  const back = { id: newId('rfd'), spend: paid, amount: cny('30.00'), reason: '退' }
  await refund(town.books, { ...back, by: newId('per') })
  assert.equal(await town.available(ann.purse), 7600n)
})

test('P5-22 a suspended issuer pays nowhere, and its members take their money back', async () => {
  const tea = await town.merchant()
  const ann = await town.member(card, '20.00')
  const { code } = await codeOf(ann)
  const state = (to: string) =>
    town.books.sql`update parties.merchant set state = ${to} where id = ${card}`
  await state('suspended')
  await forgotten()
  await assert.rejects(pay(tea, ann, '5.00'), { code: 'merchant_not_open' })
  await assert.rejects(codeOf(ann), { code: 'merchant_not_open' })
  await assert.rejects(take(tea, code, '5.00'), { code: 'merchant_not_open' })
  const back = { id: newId('wdr'), purse: ann.purse, amount: cny('20.00'), by: ann.person }
  await withdraw(town.books, [town.wallet.wallet], back)
  assert.equal(await town.available(ann.purse), 0n)
  await state('active')
  await forgotten()
})

test('P5-22 a guest’s purses that are good at a merchant: its own first, then the issuer’s while a licence holds', async () => {
  const [tea, barber] = [await town.merchant(), await town.merchant()]
  const ann = await town.member(card)
  const own = await join(town.books, { person: ann.person, merchant: tea })
  const at = async (merchant?: MerchantId) =>
    (await listPurses(town.books, ann.person, merchant)).map(({ id }) => id)
  assert.deepEqual(await at(), [ann.purse, own.id])
  assert.deepEqual(await at(tea), [own.id, ann.purse])
  assert.deepEqual(await at(barber), [ann.purse])
  await town.unlicensed()
  assert.deepEqual(await at(barber), [])
  assert.deepEqual(await at(tea), [own.id])
  assert.deepEqual(await at(), [ann.purse, own.id])
})

test('P5-22 only the operator’s own card shop becomes the issuer, under a licence, before its first member, once, for good', async () => {
  const { admin, reviewer } = await town.licensed()
  const asked = (merchant: MerchantId, by = admin) => widenScope(town.books, { merchant, by })
  await asked(card)
  assert.deepEqual((await scopeOf(town.books, card)).issuer, null)
  const shop = await town.cardShop(admin)
  assert.equal((await scopeOf(town.books, shop)).issuer?.merchant, card)
  await assert.rejects(asked(shop), { code: 'issuer_there_already' })
  await assert.rejects(asked(await town.cardShop(await town.person())), {
    code: 'issuer_not_the_operators',
  })
  await assert.rejects(asked(await town.merchant()), { code: 'issuer_not_the_operators' })
  await assert.rejects(asked(shop, reviewer), {
    constraint: 'scope_is_given_by_an_administrator',
  })
  const joining = join(town.books, { person: await town.person(), merchant: shop })
  await assert.rejects(joining, { code: 'issuer_not_open' })
  await town.unlicensed()
  await assert.rejects(asked(shop), lapsed)
})

test('P5-22 the tables hold it: no scope from the start, none taken back, no member before it, none over a member’s head', async () => {
  const { admin } = await town.licensed()
  const { books } = town
  const shop = await town.cardShop(admin)
  const set = (scope: string, merchant: MerchantId) => books.sql`
    update custody.merchant set scope = ${scope}, widened_by = ${scope === 'platform' ? admin : null},
      widened_at = ${scope === 'platform' ? new Date() : null} where merchant = ${merchant}`
  await assert.rejects(set('merchant', card), { constraint: 'scope_is_kept' })
  const early = books.sql`
    insert into custody.purse (id, book, pool, person, merchant, currency)
    values (${newId('pur')}, 1, ${town.pool}, ${admin}, ${shop}, 'CNY')`
  await assert.rejects(early, { constraint: 'an_issuer_has_members_once_it_is_wide' })
  const tea = await town.merchant()
  await town.member(tea)
  await assert.rejects(set('platform', tea), {
    constraint: 'scope_is_given_before_the_first_purse',
  })
  const born = books.sql`
    insert into custody.merchant (merchant, pool, book, scope, widened_by, widened_at)
    values (${newId('mer')}, ${town.pool}, 1, 'platform', ${admin}, now())`
  await assert.rejects(born, { constraint: 'scope_is_given_afterwards' })
})
