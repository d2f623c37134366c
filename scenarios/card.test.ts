/** One balance for every shop: the operator opens its card, a guest spends from it where they never joined. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { newId } from '@bursar/kernel'
import * as parties from '@bursar/parties'
import { layTable } from './bar.testing.ts'
import { useBrowser } from './browser.testing.ts'
import { useHouse, type Shop, type Who } from './house.testing.ts'
import { isReadable } from './readable.testing.ts'

const house = useHouse()
const people = useBrowser(house, () => house.tea.qr)
const licence = newId('lic')
let card: Shop
let ann: Who
let table: string

before(async () => {
  await house.ready
  const { books, admin, reviewer } = house
  ann = await house.person('李晓梅')
  table = await layTable(house, house.tea)
  const seats = await parties.seatsOf(books, admin.id)
  const operator = seats[0]!.organisation as `ins_${string}`
  const paper = { kind: 'stored_value_account', number: 'Z2018231000017', paper: null } as const
  const days = { validFrom: '2020-01-01', validTo: '2090-12-31' }
  await parties.enterLicence(books, { id: licence, operator, by: admin.id, ...paper, ...days })
  await parties.decideLicence(books, { licence, step: 'approve', by: reviewer.id })
  const [id, name] = [newId('mer'), '锦城一卡通']
  await parties.applyMerchant(books, {
    ...{ id, by: admin.id, name, trade: 'onecard', licence: '91510100MA69000001' },
    ...{ representative: '蒋楠', address: '人民南路 1 号' },
    payee: { bank: '锦城银行', account: '6228480013999000001', name },
  })
  await parties.decideMerchant(books, { merchant: id, by: reviewer.id, step: 'approve' })
  card = { id, name, owner: admin, qr: '' }
})

test('P5-22 R-D1 an administrator makes the operator’s card good at every merchant, asked twice, and then for good', async () => {
  const desk = await people.desk(house.admin, { at: `/parties/admission/${card.id}` })
  await desk.getByText('尚未开通').waitFor()
  await isReadable(desk)
  await desk.getByRole('button', { name: '开通全平台通用' }).click()
  await desk.getByText('开通后不能收回。确定开通？').waitFor()
  await desk.getByRole('tooltip').getByRole('button', { name: '开通全平台通用' }).click()
  await desk.getByText('本资金池所有商家通用').waitFor()
  assert.equal(await desk.getByRole('button', { name: '开通全平台通用' }).count(), 0)
  await people.close(desk)
})

test('P5-02 P5-22 a guest with a card pays at a shop by scanning, and orders at its table, without joining it', async () => {
  const purse = await house.filled(ann, card, '100.00')
  const phone = await people.phone(ann, { at: '/custody/scan' })
  await phone.getByRole('textbox').fill(house.tea.qr)
  await phone.getByRole('textbox').press('Enter')
  await phone.getByLabel('付多少').fill('12.5')
  await phone.getByRole('button', { name: '付 12.50 元给 老茶馆' }).click()
  await phone.waitForURL('**/custody/spends/**')
  await phone.goto(`${house.origin}${table}`)
  await phone.getByText('可用 87.50 元').waitFor()
  await phone.getByRole('button', { name: '加一份 薯条' }).click()
  await phone.getByRole('button', { name: '下单 40.00 元' }).click()
  await phone.getByRole('heading', { name: 'A1 的挂单' }).waitFor()
  await phone.goto(`${house.origin}/custody/purses/${purse}`)
  await phone.getByText('付款 · 老茶馆').waitFor()
  await phone.getByText('A1 有未结的挂单').waitFor()
  await phone.getByText('余额 · 所有商家通用').waitFor()
  await isReadable(phone)
  const { books, reviewer } = house
  const ended = { licence, step: 'revoke', reason: '到期不续', by: reviewer.id } as const
  await parties.decideLicence(books, ended)
  await phone.getByText(/可以随时退回/).waitFor()
  assert.ok(await phone.getByRole('button', { name: '付款码' }).isDisabled())
  assert.ok(await phone.getByRole('button', { name: '充值' }).isDisabled())
})
