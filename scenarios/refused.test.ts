/** A platform refuses a refund for good: the guest names an own account at a bank, another agrees, the bank pays. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { readPurse } from '@bursar/custody'
import { newId, type PurseId } from '@bursar/kernel'
import { useBrowser } from './browser.testing.ts'
import { useHouse } from './house.testing.ts'
import { isReadable } from './readable.testing.ts'
import { account, askedOf, refuse } from './refused.testing.ts'

const house = useHouse()
const people = useBrowser(house, () => house.tea.qr)
before(() => house.ready)

const left = async (purse: PurseId) => (await readPurse(house.books, purse)).available.minor

test('P5-13 P1-14 a refused refund goes from the guest’s phone over a reviewer’s desk to the guest’s own bank account', async () => {
  const guest = await house.person(`李晓梅${newId('x').slice(-4)}`)
  const purse = await house.filled(guest, house.tea, '50.00')
  const phone = await people.phone(guest, { at: `/custody/purses/${purse}/withdraw` })
  assert.equal((await refuse(house)).status, 200)
  await phone.getByLabel('金额').fill('20.00')
  await phone.getByRole('button', { name: /退回 20\.00/ }).click()
  await phone.getByText(/付款人的账户已经注销/).waitFor()
  assert.equal(await left(purse), 5000n)

  await phone.getByRole('button', { name: '付到银行账户' }).click()
  await phone.getByLabel('银行', { exact: true }).fill('工商银行')
  await phone.getByLabel('卡号或账号').fill('6222 0210 0101 2345 672')
  await phone.getByRole('button', { name: /申请付 20\.00/ }).click()
  await phone
    .getByText(/校验位不对/)
    .first()
    .waitFor()
  await phone.getByLabel('卡号或账号').fill(account)
  assert.equal(await phone.getByLabel('户名').inputValue(), guest.name)
  assert.equal(await phone.getByLabel('户名').isEditable(), false)
  await phone.getByRole('button', { name: /申请付 20\.00/ }).click()
  await phone.getByText('等待审核，金额已预留。').waitFor()
  assert.equal(await left(purse), 3000n)

  const desk = await people.desk(house.reviewer, { at: '/settlement/requests' })
  await desk.getByText(/笔拒退余款等待审核/).waitFor()
  await desk.getByRole('link', { name: '去看' }).click()
  await desk.getByRole('row').filter({ hasText: guest.name }).getByRole('link').first().click()
  await desk.getByText('•••• 5671', { exact: false }).first().waitFor()
  assert.doesNotMatch(await desk.content(), /62220210/)
  await desk.getByRole('button', { name: /通过，付 20\.00/ }).click()
  await desk.getByText('银行已付', { exact: true }).waitFor()
  await phone.getByText('银行已付到您的账户。').waitFor()
  assert.equal(await left(purse), 3000n)
  await people.close(phone)
  await people.close(desk)
})

test('P5-13 a guest takes an undecided request back on the phone; nobody approves an own one', async () => {
  const purse = await house.filled(house.reviewer, house.tea, '30.00')
  const asked = await askedOf(house, house.reviewer, purse)
  const desk = await people.desk(house.reviewer, { at: `/settlement/residues/${asked}` })
  await desk.getByRole('button', { name: /通过，付 30\.00/ }).click()
  await desk.getByText(/必须由另一个人审核/).waitFor()
  assert.equal(await desk.getByRole('button', { name: '驳回' }).isDisabled(), true)
  await people.close(desk)

  const phone = await people.phone(house.reviewer, { at: `/custody/purses/${purse}/withdraw` })
  await phone.getByRole('button', { name: '撤回申请' }).click()
  await phone.getByRole('dialog').getByRole('button', { name: '撤回申请' }).click()
  await phone.getByText('您撤回了，钱在余额里。').waitFor()
  assert.equal(await left(purse), 3000n)
  await people.close(phone)
})

test('P5-13 of an answer that is lost the phone keeps no account number, and typed again after a reload it is asked once', async () => {
  const guest = await house.person(`李晓梅${newId('x').slice(-4)}`)
  const purse = await house.filled(guest, house.tea, '50.00')
  const phone = await people.phone(guest, { at: `/custody/purses/${purse}/withdraw` })
  assert.equal((await refuse(house)).status, 200)
  await phone.getByLabel('金额').fill('20.00')
  await phone.getByRole('button', { name: /退回 20\.00/ }).click()
  const open = () => phone.getByRole('button', { name: '付到银行账户' }).click()
  const type = async () => {
    await phone.getByLabel('银行', { exact: true }).fill('工商银行')
    await phone.getByLabel('卡号或账号').fill(account)
    await phone.getByRole('button', { name: /申请付 20\.00/ }).click()
  }
  const lines = '**/residues'
  const lose = (arrives: boolean) =>
    phone.route(lines, async route => {
      if (route.request().method() !== 'POST') return await route.fallback()
      if (arrives) assert.equal((await route.fetch()).status(), 201)
      await route.fulfill({ status: 200, contentType: 'text/html', body: '<p>lost</p>' })
    })
  await lose(false)
  await open()
  await type()
  await phone.getByRole('button', { name: '稍后再查' }).waitFor()
  await phone.unroute(lines)
  await lose(true)
  await phone.reload()
  await open()
  await phone.getByText('上一次提交没有收到答复').first().waitFor()
  await isReadable(phone)
  await type()
  await phone.getByRole('button', { name: '稍后再查' }).waitFor()
  const kept = () => phone.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))
  assert.doesNotMatch(await kept(), /62220210|5671/)
  assert.match(await kept(), /residue/)
  await phone.unroute(lines)
  await phone.reload()
  await phone.getByText('等待审核，金额已预留。').waitFor()
  assert.equal(await left(purse), 3000n)
  await people.close(phone)
})

test('P5-13 of two refused refunds the purse says the sum; a mistyped number is told before anybody is asked', async () => {
  const guest = await house.person(`李晓梅${newId('x').slice(-4)}`)
  await house.filled(guest, house.tea, '50.00')
  const purse = await house.filled(guest, house.tea, '30.00')
  const phone = await people.phone(guest, { at: `/custody/purses/${purse}/withdraw` })
  for (const status of [200, 200]) assert.equal((await refuse(house)).status, status)
  await phone.getByLabel('金额').fill('80.00')
  await phone.getByRole('button', { name: /退回 80\.00/ }).click()
  await phone
    .getByText(/付款人的账户已经注销/)
    .nth(1)
    .waitFor()
  await phone.getByRole('button', { name: '付到银行账户' }).first().click()
  await phone.getByLabel('银行', { exact: true }).fill('工商银行')
  await phone.getByLabel('卡号或账号').fill('4'.repeat(40))
  await phone.getByText('现在是 40 位', { exact: false }).waitFor()
  assert.equal(await phone.getByRole('button', { name: /申请付/ }).isDisabled(), true)
  await phone.goto(`${house.origin}/custody/purses/${purse}`)
  await phone.getByText(/80\.00 元 没能原路退回/).waitFor()
  await people.close(phone)
})
