/** Money whose owner nobody knows: one reviewer proposes, another confirms, the member has it. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { readPurse } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import { appoint } from '@bursar/parties'
import { useBrowser } from './browser.testing.ts'
import { useHouse, type Who } from './house.testing.ts'
import { strayIn } from './stray.testing.ts'

const house = useHouse()
const people = useBrowser(house, () => house.tea.qr)
let second: Who

before(async () => {
  await house.ready
  second = await house.person('蒋楠')
  const [seat] = await house.books.sql<{ organisation: `ins_${string}` }>`
    select organisation from parties.seat where person = ${house.reviewer.id}`
  const { organisation: institution } = seat!
  await appoint(house.books, { institution, person: second.id, role: 'reviewer', by: null })
})

test('P1-08 a stranger’s money is found on the desk, proposed by one, confirmed by another, and in the purse', async () => {
  const member = await house.person(`李晓梅 ${newId('x').slice(-4)}`)
  const purse = await house.filled(member, house.tea, '1.00')
  const id = await strayIn(house)

  const maker = await people.desk(house.reviewer, { at: '/custody/suspense' })
  await maker.getByRole('link', { name: '付款人不明' }).first().click()
  await maker.getByText('成都茶叶行').first().waitFor()
  await maker.getByLabel('哪个钱包').click()
  await maker.getByLabel('哪个钱包').pressSequentially(member.name, { delay: 30 })
  await maker.getByText(`${member.name} · 老茶馆`).click()
  await maker.getByLabel('理由').fill('会员出示了转账凭证')
  await maker.getByRole('button', { name: /提议把 88\.00 元 ?记入/ }).click()
  await maker.getByText('这是您的提议').waitFor()
  assert.equal((await readPurse(house.books, purse)).available.minor, 100n)

  const checker = await people.phone(second, { at: `/custody/suspense/${id}` })
  await checker.getByText('会员出示了转账凭证').first().waitFor()
  await checker.getByRole('button', { name: /确认，记入 88\.00 元/ }).click()
  await checker.getByText('已记入钱包').first().waitFor()
  assert.equal((await readPurse(house.books, purse)).available.minor, 8900n)
  await maker.getByText('已记入钱包').first().waitFor()
  await people.close(maker)
  await people.close(checker)
})

test('P1-08 a rejection on the page needs its reason, and the money can be proposed to go back', async () => {
  const id = await strayIn(house, '5.00', '张三')
  const at = `/custody/suspense/${id}`
  const maker = await people.desk(house.reviewer, { language: 'en', at })
  await maker.getByText('Return to the payer').click()
  await maker.getByLabel('Reason').fill('Paid by mistake')
  await maker.getByRole('button', { name: /Propose to return/ }).click()
  await maker.getByText('This is your proposal').waitFor()

  const checker = await people.desk(second, { at })
  assert.equal(await checker.getByRole('button', { name: '驳回' }).isDisabled(), true)
  await checker.getByLabel('驳回的理由').fill('先打电话核实')
  await checker.getByRole('button', { name: '驳回' }).click()
  await checker.getByText('待认领').first().waitFor()
  await maker.getByText('先打电话核实').waitFor()
  await people.close(maker)
  await people.close(checker)
})
