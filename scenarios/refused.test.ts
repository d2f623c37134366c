/** A platform refuses a refund for good: the guest names an own account at a bank, another agrees, the bank pays. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { readPurse, withdraw } from '@bursar/custody'
import { newId, type PurseId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { askResidue, listRefused } from '@bursar/settlement'
import { useBrowser } from './browser.testing.ts'
import { useHouse, type Who } from './house.testing.ts'

const house = useHouse()
const people = useBrowser(house, () => house.tea.qr)
const account = '6222 0210 0101 2345 671'
before(() => house.ready)

const refuse = () =>
  fetch(new URL('/control', house.sandbox.walletUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ on: 'wallet', fault: 'declined' },
      ...{ call: 'refund.make', code: 'account_closed' },
    }),
  })
const left = async (purse: PurseId) => (await readPurse(house.books, purse)).available.minor

test('P5-13 P1-14 a refused refund goes from the guest’s phone over a reviewer’s desk to the guest’s own bank account', async () => {
  const guest = await house.person(`李晓梅${newId('x').slice(-4)}`)
  const purse = await house.filled(guest, house.tea, '50.00')
  const phone = await people.phone(guest, { at: `/custody/purses/${purse}/withdraw` })
  assert.equal((await refuse()).status, 200)
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
  await phone.getByLabel('户名').fill('王五')
  await phone.getByRole('button', { name: /申请付 20\.00/ }).click()
  await phone
    .getByText(/户名必须是本人登记的姓名/)
    .first()
    .waitFor()
  await phone.getByLabel('户名').fill(guest.name)
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
  const asked = await refusedOf(house.reviewer, purse)
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

/** Asked without the page: 30.00 that the platform refused. */
async function refusedOf({ id: by, name }: Who, purse: PurseId) {
  await refuse()
  const amount = cny('30.00')
  await withdraw(house.books, [house.wallet], { id: newId('wdr'), purse, amount, by })
  const [row] = await listRefused(house.books, purse)
  const payee = { bank: '工商银行', account, name }
  const { part } = row!
  return (await askResidue(house.books, { id: newId('rsd'), purse, part, amount, payee, by })).id
}
