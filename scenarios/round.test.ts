/** Money goes round once, seen by each who has a hand in it. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { useBrowser } from './browser.testing.ts'
import { useHouse, type Who } from './house.testing.ts'

const house = useHouse()
const people = useBrowser(house, () => house.tea.qr)
let ann: Who
let phone: Page
let till: Page

before(async () => {
  await house.ready
  ann = await house.person('李晓梅')
})

test('P1-02 P1-08 a consumer joins a shop and tops up on the wallet’s own page', async () => {
  phone = await people.phone(ann, { byHand: true })
  await phone.getByRole('button', { name: '找商家' }).click()
  await phone.getByRole('link', { name: /老茶馆/ }).click()
  await phone.getByRole('button', { name: '加入 老茶馆' }).click()
  await phone.getByRole('button', { name: '充值' }).click()
  await phone.getByRole('button', { name: '100', exact: true }).click()
  await phone.getByRole('button', { name: '充 100.00 元，去付款' }).click()

  await phone.getByRole('button', { name: '确认付款 100.00 元' }).click()
  await phone.getByText('已到账').first().waitFor()
  await phone.getByRole('button', { name: '回到钱包' }).click()
  await phone.getByText('100.00元').first().waitFor()
})

test('P1-03 P1-23 P1-24 the camera reads the shop’s code, and the consumer pays it', async () => {
  await phone.getByRole('link', { name: '扫码付款' }).click()
  await phone.getByText('老茶馆').first().waitFor()
  await phone.getByLabel('付多少').fill('38')
  await phone.getByRole('button', { name: /^付 38.00 元给 老茶馆$/ }).click()
  await phone.waitForURL(/\/custody\/spends\/spd_/)
  await phone.getByRole('heading', { name: '付款凭证' }).waitFor()
  await phone.getByText('62.00元').waitFor()
})

test('P1-14 the shop sees it, and gives a part back to the purse', async () => {
  till = await people.desk(house.tea.owner)
  await till.getByText('李晓梅').click()
  await till.getByRole('button', { name: '退款' }).click()
  await till.getByLabel('退多少').fill('8')
  await till.getByLabel('退款原因').fill('茶点没有上')
  await till.getByRole('button', { name: '退 8.00 元给 李晓梅' }).click()
  await till.getByText('部分退款').waitFor()

  await phone.getByRole('link', { name: '回到钱包' }).click()
  await phone.getByText('70.00元').first().waitFor()
})

test('P1-01 P1-04 P1-10 the shop charges against the code that the phone shows', async () => {
  await phone.getByRole('button', { name: '付款码' }).click()
  const digits = await phone.getByText(/^(\d{4} ){4}\d\d$/).innerText()
  await till.getByRole('link', { name: '收款', exact: true }).click()
  await till.getByLabel('收多少').fill('5')
  await till.getByLabel('会员的付款码').fill(digits)
  await till.getByRole('button', { name: '收 5.00 元' }).click()
  await till.getByText('已收 5.00 元').waitFor()
  await phone.getByText('已付款').waitFor()
  await phone.getByText('65.00元').waitFor()
})

test('P1-05 the shop asks for what it has earned', async () => {
  await till.getByRole('link', { name: '结算', exact: true }).click()
  await till.getByRole('button', { name: '全部' }).click()
  await till.getByRole('button', { name: '申请结算 35.00 元' }).click()
  await till.getByText('已申请 35.00 元，等待审核。').waitFor()
  await till.getByText('待审核').first().waitFor()
  await till
    .getByRole('link', { name: /待审核/ })
    .or(till.getByText('待审核'))
    .first()
    .click()
  assert.equal(await till.getByRole('button', { name: /批准/ }).count(), 0)
  await people.close(till)
})

test('P1-11 P1-12 somebody else agrees, with the evidence before them, and the bank pays', async () => {
  const desk = await people.desk(house.reviewer)
  await desk.getByRole('link', { name: /老茶馆/ }).click()
  await desk.getByRole('heading', { name: '依据' }).waitFor()
  await desk.getByRole('button', { name: '批准付 35.00 元 给 老茶馆' }).click()
  await desk.getByText('银行已付款').waitFor()
  await desk.getByText('已付款').first().waitFor()
  await people.close(desk)
})

test('P1-09 P1-27 the supervisor’s equation holds, and each figure opens', async () => {
  const desk = await people.desk(house.supervisor)
  await desk.getByRole('heading', { name: '一号资金池' }).waitFor()
  await desk.getByText('等式成立').waitFor()
  // 100.00 came in and 35.00 went out: what is left is hers.
  const totals = await desk.locator('.equation-total').allInnerTexts()
  assert.deepEqual(
    totals.map(text => /\d+\.\d\d/.exec(text)?.[0]),
    ['65.00', '65.00'],
  )
  await desk.getByRole('link', { name: /消费者钱包/ }).click()
  await desk.getByText('65.00').first().waitFor()
  await people.close(desk)
})
