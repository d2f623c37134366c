/** What may not be, as the people see it who tried: what happened, why, and what to do. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { issueCode, spend } from '@bursar/custody'
import { newId, type PurseId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { appoint, seat, unseat } from '@bursar/parties'
import { request } from '@bursar/settlement'
import type { Page } from 'playwright-core'
import { useBrowser } from './browser.testing.ts'
import { useHouse, type Who } from './house.testing.ts'

const house = useHouse()
const people = useBrowser(house, () => house.tea.qr)
let ann: Who
let purse: PurseId
let phone: Page

before(async () => {
  await house.ready
  ann = await house.person('李晓梅')
  purse = await house.filled(ann, house.tea, '50.00')
  phone = await people.phone(ann)
})

test('P1-03 too little money is said before it is tried, and after another phone was quicker', async () => {
  await phone.getByRole('link', { name: '扫码付款' }).click()
  await phone.getByLabel('付多少').fill('88')
  await phone.getByText('余额 50.00 元，不够 88.00 元。').waitFor()
  assert.ok(await phone.getByRole('button', { name: '付 88.00 元给 老茶馆' }).isDisabled())

  await phone.getByLabel('付多少').fill('40')
  const button = phone.getByRole('button', { name: '付 40.00 元给 老茶馆' })
  await button.isEnabled()
  const elsewhere = { purse, merchant: house.tea.id, by: ann.id, amount: cny('20.00') }
  await spend(house.books, { id: newId('spd'), ...elsewhere })
  await button.click()
  await phone.getByText(/余额 30\.00.*不够 40\.00/).waitFor()
})

test('the same refusal is said in English to who reads English', async () => {
  const other = await people.phone(ann, { language: 'en' })
  await other.getByRole('link', { name: 'Scan & pay' }).click()
  await other.getByLabel('Amount').fill('88')
  await other.getByText('Balance 30.00 CNY is less than 88.00 CNY.').waitFor()
  await people.close(other)

  const at = `/custody/merchants/${house.tea.id}/charge`
  const till = await people.desk(house.tea.owner, { language: 'en', at })
  await till.getByLabel('Amount').fill('10')
  await till.getByLabel("The member's code").fill('700000000000000000')
  await till.getByRole('button', { name: /10\.00 CNY/ }).click()
  await till.getByText('There is no such payment code.').waitFor()
  await people.close(till)
})

test('P1-04 a code of another shop, an old one and a used one charge nobody', async () => {
  const till = await people.desk(house.noodles.owner)
  await till.getByRole('link', { name: '收款', exact: true }).click()
  const elsewhere = await codeOf(purse, ann)
  await charge(till, elsewhere, '10')
  await till.getByText('这个付款码用于另一家商户。').waitFor()

  const bob = await house.person('王建国')
  const bobs = await house.filled(bob, house.noodles, '30.00')
  const old = await codeOf(bobs, bob, new Date(Date.now() - 120_000))
  await charge(till, old, '10')
  await till.getByText('付款码 60 秒内有效。').waitFor()

  const fresh = await codeOf(bobs, bob)
  await charge(till, fresh, '10')
  await till.getByText('已收 10.00 元').waitFor()
  await till.getByRole('button', { name: '收下一笔' }).click()
  await charge(till, fresh, '10')
  await till.getByText('每个付款码只能用一次。').waitFor()
  await people.close(till)
})

test('P1-24 the code of a shop where one is no member pays nobody', async () => {
  const carl = await house.person('赵伟')
  const other = await people.phone(carl)
  await other.getByRole('link', { name: '扫码付款' }).click()
  await other.getByText('您还不是 老茶馆 的会员。').waitFor()
  assert.equal(await other.getByRole('button', { name: /^付 / }).count(), 0)
  await people.close(other)
})

test('P1-11 P1-I4 nobody reviews what they asked for themselves', async () => {
  const both = await house.person('钱两用')
  const { books, tea } = house
  await seat(books, { merchant: tea.id, person: both.id, role: 'owner', by: tea.owner.id })
  await request(books, { id: newId('stl'), merchant: tea.id, by: both.id, amount: cny('20.00') })
  await unseat(books, { organisation: tea.id, person: both.id, by: tea.owner.id })
  const institution = (await seatOf(house.reviewer)) as `ins_${string}`
  await appoint(books, { institution, person: both.id, role: 'reviewer', by: null })

  const desk = await people.desk(both)
  await desk.getByRole('link', { name: /老茶馆/ }).click()
  await desk.getByRole('button', { name: '批准付 20.00 元 给 老茶馆' }).click()
  await desk.getByText('结算申请必须由另一个人审核。').waitFor()
  await people.close(desk)
})

test('P1-13 a rejection has its reason, and the shop reads it', async () => {
  const desk = await people.desk(house.reviewer)
  await desk.getByRole('link', { name: /老茶馆/ }).click()
  const reject = desk.getByRole('button', { name: /^驳\s?回$/ })
  assert.ok(await reject.isDisabled())
  await desk.getByLabel('理由').fill('有一笔消费会员正在申诉')
  await reject.click()
  await desk.getByText('已驳回').first().waitFor()
  await people.close(desk)

  const till = await people.phone(house.tea.owner)
  await till.getByRole('link', { name: '结算', exact: true }).click()
  await till.getByText('已驳回').first().click()
  await till.getByText('有一笔消费会员正在申诉').waitFor()
  await people.close(till)
})

test('P1-12 the payee’s bank sends the money back, and the shop has earned it again', async () => {
  const { books, noodles, reviewer } = house
  const asked = { id: newId('stl'), merchant: noodles.id, by: noodles.owner.id }
  await request(books, { ...asked, amount: cny('10.00') })
  const desk = await people.desk(reviewer)
  await desk.getByRole('link', { name: /知味面馆/ }).click()
  await desk.getByRole('button', { name: '批准付 10.00 元 给 知味面馆' }).click()
  await desk.getByText('被银行退回，钱已回到“已赚取”').waitFor()
  await people.close(desk)

  const till = await people.phone(noodles.owner)
  await till.getByRole('link', { name: '结算', exact: true }).click()
  await till.getByText('被银行退回').waitFor()
  await till.getByText('10.00元').first().waitFor()
  await people.close(till)
})

test('P1-08 a forged notice moves nothing: the page waits for the platform’s own word', async () => {
  await phone.goto(`${house.origin}/custody/purses/${purse}/top-up`)
  await phone.getByRole('button', { name: '200', exact: true }).click()
  await phone.getByRole('button', { name: '充 200.00 元，去付款' }).click()
  await phone.getByRole('button', { name: '确认付款 200.00 元' }).waitFor()
  const [order] = await house.books.sql<{ id: string }>`
    select id from custody.top_up where state = 'waiting' and purse = ${purse}`

  const answer = await fetch(`${house.origin}/v1/gateways/wallet/notify`, forgery(order!.id))
  assert.equal(answer.status, 401)
  await phone.goto(`${house.origin}/custody/top-ups/${order!.id}`)
  await phone.getByText('正在等待支付平台的通知').waitFor()

  house.sandbox.pay(order!.id)
  await phone.getByText('已到账').first().waitFor()
  const told = await house.books.sql`select from custody.inbox where about = ${order!.id}`
  assert.equal(told.length, 1)
})

/** As a stranger would write it who knows everything but the key. */
function forgery(order: string): RequestInit {
  const amount = { amount: '200.00', currency: 'CNY' }
  const at = new Date().toISOString()
  const said = {
    notice: 'ntc_x',
    order,
    state: 'paid',
    amount,
    tradeNo: 'trd_x',
    account: 'bursar',
    at,
  }
  const headers = {
    'content-type': 'application/json',
    'signature-key': 'wallet-1',
    'signature-time': String(Math.floor(Date.now() / 1000)),
    'signature-nonce': '0'.repeat(32),
    signature: Buffer.alloc(64, 7).toString('base64'),
  }
  return { method: 'POST', headers, body: JSON.stringify(said) }
}

async function codeOf(from: PurseId, { id: by }: Who, at?: Date): Promise<string> {
  const asked = { id: newId('cod'), purse: from, by, ...(at && { at }) }
  return (await issueCode(house.books, asked)).code
}

async function seatOf({ id }: Who): Promise<string> {
  const [held] = await house.books.sql<{ organisation: string }>`
    select organisation from parties.seat where person = ${id}`
  return held!.organisation
}

async function charge(till: Page, code: string, yuan: string): Promise<void> {
  await till.getByLabel('收多少').fill(yuan)
  await till.getByLabel('会员的付款码').fill(code)
  await till.getByRole('button', { name: `收 ${yuan}.00 元` }).click()
}
