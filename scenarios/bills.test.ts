/** A platform's bill beside the books: what is worth little one person explains, what is worth much needs another. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { appoint } from '@bursar/parties'
import { bookConfirmed, listBreaks, readBreak, type BreakKind } from '@bursar/reconciliation'
import { brokenBill } from './bills.testing.ts'
import { useBrowser } from './browser.testing.ts'
import { useHouse, type Who } from './house.testing.ts'
import { isReadable } from './readable.testing.ts'

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
  await brokenBill(house)
})

const only = async (kind: BreakKind) => (await listBreaks(house.books, { kind }))[0]!

test('P5-21 a fen is explained by one person at the desk, with a note and not without', async () => {
  const { id } = await only('wrong_amount')
  const desk = await people.desk(house.reviewer, { at: '/reconciliation' })
  await desk.getByRole('link', { name: /笔待处理/ }).click()
  await desk.waitForURL(/state=waiting/)
  await desk
    .getByRole('row', { name: /金额不符/ })
    .getByRole('link')
    .first()
    .click()
  await desk.getByRole('button', { name: /^说明差额 0\.01 元/ }).click()
  await desk.getByText('请写明怎么查的').waitFor()
  assert.equal((await readBreak(house.books, id)).state, 'open')
  await desk.getByLabel('说明').fill('平台多计一分')
  await desk.getByRole('button', { name: /^说明差额 0\.01 元/ }).click()
  await desk.getByText('已说明原因').waitFor()
  await isReadable(desk)
  assert.equal((await readBreak(house.books, id)).state, 'settled')
  await people.close(desk)
})

test('P5-05 P5-21 a payment of 200.00 that the books lack is proposed by one, sent back by another, and booked by both', async () => {
  const { id, order } = await only('wrong_state')
  const at = `/reconciliation/breaks/${id}`
  const maker = await people.desk(house.reviewer, { at: '/reconciliation/breaks' })
  await maker.getByPlaceholder('我方单号或平台流水号').fill(order)
  await maker.waitForURL(url => url.searchParams.get('q') === order)
  await maker
    .getByRole('row', { name: /状态不符/ })
    .getByRole('link')
    .first()
    .click()
  await maker.getByRole('textbox', { name: '说明' }).fill('通知丢了')
  await maker.getByRole('button', { name: /^提议入账 200\.00 元/ }).click()
  await maker.getByText('这是您的提议').waitFor()
  assert.equal(await maker.getByRole('button', { name: /^同意/ }).count(), 0)

  const checker = await people.phone(second, { at })
  assert.equal(await checker.getByRole('button', { name: '驳回' }).isDisabled(), true)
  await checker.getByLabel('驳回原因').fill('先向平台查一次')
  await checker.getByRole('button', { name: '驳回' }).click()
  await checker.getByText('蒋楠 驳回').waitFor()
  await maker.getByText('先向平台查一次').waitFor()
  await maker.getByRole('textbox', { name: '说明' }).fill('已向平台查过，确已收款')
  await maker.getByRole('button', { name: /^提议入账 200\.00 元/ }).click()
  await checker.getByRole('button', { name: /^同意，入账 200\.00 元/ }).click()
  // The platform did not answer; the worker asks it again.
  await checker.getByText('入账中').first().waitFor()
  const { trade, there } = await readBreak(house.books, id)
  const query = async () => ({ state: 'paid', tradeNo: trade!, amount: there!.amount }) as const
  await bookConfirmed(house.books, [{ ...house.wallet, gateway: 'alipay', query }])
  await checker.getByText('已处理').first().waitFor()
  await checker.getByText('入账结果').waitFor()
  await isReadable(checker)
  assert.equal((await readBreak(house.books, id)).state, 'settled')
  await people.close(maker)
  await people.close(checker)
})
