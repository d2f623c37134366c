import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foundInstitution } from '@bursar/parties'
import { newId } from '@bursar/kernel'
import { cny, left, pay, useShops, wish } from './testing.ts'

const { api, shop, member } = await useShops()
const apply = {
  ...{ name: '城市卡', trade: 'onecard', licence: '91310000MA1K000001', representative: '王' },
  ...{ address: '上海', payee: { bank: '银行', account: '6222', name: '城市卡' } },
}

test('P5-02 P5-22 the operator licenses itself, opens its own card, and a member of it pays by scanning at a shop that it never joined', async () => {
  const institution = newId('ins')
  await foundInstitution(api.books, { id: institution, kind: 'operator', name: '运营方' })
  const [admin, reviewer, other] = [
    await api.as('admin', { institution }),
    await api.as('reviewer', { institution }),
    await api.as('reviewer', { institution }),
  ]
  const card = (await reviewer.post('/v1/parties/merchants', apply)).json().id
  assert.equal((await other.post(`/v1/parties/merchants/${card}/approve`, {})).statusCode, 200)
  const path = `/v1/custody/merchants/${card}/scope`
  const wide = { scope: 'platform' }
  const early = await admin.put(path, wide)
  assert.deepEqual([early.statusCode, early.json().code], [409, 'platform_scope_unlicensed'])
  const joining = (await api.as('consumer')).put(`/v1/custody/memberships/${card}`, {})
  assert.equal((await joining).json().code, 'issuer_not_open')
  await license(institution, admin, other)
  assert.equal((await reviewer.put(path, wide)).statusCode, 403)
  const given = await admin.put(path, wide)
  assert.deepEqual(
    [given.statusCode, given.json().scope, given.json().by],
    [200, 'platform', admin.person],
  )
  assert.deepEqual((await reviewer.get(path)).json(), given.json())

  const tea = await shop()
  const { who, purse } = await member(card, '100.00')
  const rows = (await who.get(`/v1/custody/purses?at=${tea.id}`)).json().rows
  assert.deepEqual(
    rows.map((one: { id: string; scope: string }) => [one.id, one.scope]),
    [[purse, 'platform']],
  )
  const owner = await api.as('owner', { merchant: tea.id })
  const code = await owner.post(`/v1/custody/merchants/${tea.id}/codes`, {}, wish())
  const scan = (await who.post('/v1/custody/scans', { text: code.json().text })).json()
  assert.equal(scan.purse, purse)
  const receipt = await pay(who, purse, tea.id, '12.00', { merchantCode: scan.merchantCode })
  assert.deepEqual([receipt.statusCode, receipt.json().merchant], [201, tea.id])
  const shown = (await who.post(`/v1/custody/purses/${purse}/codes`, {}, wish())).json().code
  const charge = { code: shown, amount: cny('8.00') }
  const taken = await tea.till.post(`/v1/custody/merchants/${tea.id}/charges`, charge, wish())
  assert.equal(taken.statusCode, 201)
  assert.equal(await left(who, purse), '80.00')
  const lines = (await who.get(`/v1/custody/purses/${purse}/entries`)).json().rows
  assert.equal(
    lines[0].merchantName,
    (await api.books.sql`select name from parties.merchant where id = ${tea.id}`)[0]!['name'],
  )
  // The shop sees what was paid, and not what else is on the card.
  assert.equal(taken.json().balance, undefined)
  assert.equal((await tea.till.get(`/v1/custody/purses/${purse}`)).statusCode, 404)
})

type Person = Awaited<ReturnType<typeof api.as>>
async function license(institution: string, admin: Person, other: Person): Promise<void> {
  const paper = { kind: 'stored_value_account', number: 'Z2018231000017' }
  const days = { validFrom: '2020-01-01', validTo: '2090-12-31' }
  const entered = await admin.post(`/v1/parties/institutions/${institution}/licences`, {
    ...paper,
    ...days,
  })
  await other.post(`/v1/parties/licences/${entered.json().id}/approve`, {})
}
