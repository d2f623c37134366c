/** The first minute: a visitor of the demo picks a face, and sees the other side beside it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { useBrowser } from './browser.testing.ts'
import { useHouse } from './house.testing.ts'

const house = useHouse({ demo: true })
const people = useBrowser(house, () => house.tea.qr)

test('one tap on a face, and one is at its home; another tap, and one is somebody else', async () => {
  const page = await people.visitor()
  await page.goto(house.origin)
  await page.getByRole('button', { name: /老茶馆店主/ }).click()
  await page.getByRole('heading', { name: '今日', exact: true }).waitFor()
  await page.goto(house.origin)
  await page.getByRole('button', { name: /方正平/ }).click()
  await page.getByText('等式成立').first().waitFor()
  await people.close(page)
})

test('the first page speaks English to who wants it', async () => {
  const page = await people.visitor()
  const { cookies } = await page.context().storageState()
  assert.deepEqual(cookies, [], 'nothing of who had the device before stays on it')
  await page.goto(house.origin)
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('button', { name: /何思远/ }).click()
  await page.getByRole('heading', { name: 'Settlement requests' }).waitFor()
  await people.close(page)
})
