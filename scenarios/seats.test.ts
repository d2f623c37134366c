/** A seat at an institution, as the two people see it whom it takes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seatsOf } from '@bursar/parties'
import { useBrowser } from './browser.testing.ts'
import { useHouse } from './house.testing.ts'
import { isReadable } from './readable.testing.ts'

const house = useHouse()
const people = useBrowser(house, () => house.tea.qr)

test('P1-09 an administrator nominates a colleague at the bank, and one who sits there confirms', async () => {
  const newcomer = await house.person('新来的')
  const desk = await people.desk(house.admin)
  await desk.getByRole('link', { name: '机构', exact: true }).click()
  await desk.getByRole('link', { name: /锦城银行/ }).click()
  await desk.getByText('没有未决的提名。').waitFor()
  await desk.getByLabel('手机号或邮箱').fill(newcomer.login)
  await desk.getByRole('button', { name: /^提\s?名$/ }).click()
  await desk.getByText('等另一个人确认').waitFor()
  await isReadable(desk)
  assert.equal(await desk.getByRole('button', { name: '确认 新来的 的提名' }).count(), 0)
  assert.deepEqual(await seatsOf(house.books, newcomer.id), [])
  await people.close(desk)

  const phone = await people.phone(house.custodian)
  await phone.getByRole('heading', { name: '一号资金池' }).waitFor()
  await phone.getByRole('link', { name: '我的' }).click()
  await phone.getByText('新来的 · 托管银行 · 锦城银行').waitFor()
  await isReadable(phone)
  await phone.getByRole('button', { name: '确认 新来的 的提名' }).click()
  await phone.getByRole('link', { name: /锦城银行/ }).click()
  await phone.getByText(/顾明辉 确认/).waitFor()
  await isReadable(phone)
  assert.equal((await seatsOf(house.books, newcomer.id))[0]?.role, 'custodian')
  await people.close(phone)
})

test('P1-09 with nobody to confirm, the page says from when the nominated person may accept', async () => {
  const newcomer = await house.person('第二位')
  const desk = await people.desk(house.admin, { language: 'en' })
  await desk.getByRole('link', { name: 'Institutions', exact: true }).click()
  await desk.getByRole('link', { name: /预付服务中心/ }).click()
  await desk.getByRole('radiogroup', { name: 'Role' }).getByText('Operator admin').click()
  await desk.getByLabel('Phone or e-mail').fill(newcomer.login)
  await desk.getByRole('button', { name: 'Nominate', exact: true }).click()
  await desk.getByText(/Nobody else can confirm; the person may accept from/).waitFor()
  await isReadable(desk)
  await people.close(desk)

  const phone = await people.phone(newcomer)
  await phone.getByRole('link', { name: '我的' }).click()
  await phone.getByText(/没有别人可以确认/).waitFor()
  assert.equal(await phone.getByRole('button', { name: /^接受/ }).count(), 0)
  await phone.getByRole('button', { name: '谢绝 第二位 的提名' }).click()
  await phone.getByText(/没有别人可以确认/).waitFor({ state: 'detached' })
  await people.close(phone)
})
