/** What those who watch over a pool see, and what an administrator does about a merchant at risk. */
import { before, test } from 'node:test'
import { cny } from '@bursar/money'
import { useBrowser } from './browser.testing.ts'
import { useHouse } from './house.testing.ts'

const house = useHouse()
const people = useBrowser(house, () => house.tea.qr)
before(() => house.ready)

test('P1-09 P1-27 P1-34 the equation holds and the bank says otherwise: the supervisor sees both', async () => {
  const post = { kind: 'post', id: crypto.randomUUID(), event: 'test' } as const
  const sides = { debit: 'pool/custody', credit: 'pool/suspense' } as const
  const entry = { ...post, ...sides, amount: cny('1.50') }
  await house.books.submit({ book: 1, plan: () => ({ entries: [entry] }) })
  const desk = await people.desk(house.supervisor, { at: `/custody/pools/${house.pool}` })
  await desk.getByText('等式成立').waitFor()
  await desk.getByText('银行说，托管账户有').waitFor()
  await desk.getByText(/不一致.*相差 −1\.50 元/).waitFor()
  await people.close(desk)
})

test('P1-28 an administrator writes a reason and bars a merchant from top-ups', async () => {
  const desk = await people.desk(house.admin, { at: `/parties/admission/${house.tea.id}` })
  await desk.getByLabel('暂停充值的理由').fill('疑似跑路')
  await desk.getByRole('switch', { name: '接受充值' }).click()
  await desk.getByText('已暂停接受充值').waitFor()
  await desk.getByText('疑似跑路').waitFor()
  await people.close(desk)
})

test('P1-09 the supervisor has the book added up again, and sees that the heads outside fit', async () => {
  const desk = await people.desk(house.supervisor, { at: `/custody/pools/${house.pool}` })
  await desk.getByRole('link', { name: '核验账簿' }).click()
  await desk.getByText('启动以来尚未核验').waitFor()
  await desk.getByText('锦城银行').last().waitFor()
  await desk.getByText('相符', { exact: true }).waitFor()
  await desk.getByRole('button', { name: '开始核验' }).click()
  await desk.getByText('账簿无误').waitFor()
  await desk.getByText(/笔分录、\d+ 个账户，从头相加全部相符/).waitFor()
  await people.close(desk)
})
