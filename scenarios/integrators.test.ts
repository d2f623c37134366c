/** A merchant's own web shop, from the owner's first key to the guest's payment, as people see it. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { openClient, verifyWebhook } from '@bursar/client'
import type { Page } from 'playwright-core'
import { useBrowser } from './browser.testing.ts'
import { useHouse } from './house.testing.ts'
import { isReadable } from './readable.testing.ts'

const house = useHouse()
const people = useBrowser(house, () => house.tea.qr)
let secret = ''
const told = new Map<string, () => void>()

/** The shop's own server: it believes what is signed. */
const server = createServer((request, reply) => {
  const headers = request.headers as Record<string, string>
  void text(request)
    .then(body => verifyWebhook({ secret, headers, body }))
    .then(
      ({ event }) => {
        told.get(event.type)?.()
        reply.writeHead(204).end()
      },
      () => reply.writeHead(400).end('not signed'),
    )
})
const hears = (type: string) => new Promise<void>(resolve => told.set(type, resolve))

before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
after(() => server.close())

/** By day and by night. */
async function isReadableInBoth(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await isReadable(page)
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

/** The box that shows a secret once. */
async function keep(page: Page, saved: string): Promise<string> {
  const shown = (await page.locator('[data-secret]').textContent())!
  await page.getByRole('button', { name: saved }).click()
  await page.locator('[data-secret]').waitFor({ state: 'detached' })
  return shown.trim()
}

test('P1-24 P5-19 an owner makes a key and names an address; a guest pays an order, and the shop is told', async () => {
  const { tea } = house
  const desk = await people.desk(tea.owner, { language: 'en' })
  await desk.getByRole('link', { name: 'Integrations', exact: true }).click()
  await desk.getByRole('button', { name: 'New key' }).click()
  await desk.getByLabel('Name').fill('Web shop')
  await isReadableInBoth(desk)
  await desk.getByRole('button', { name: 'New key' }).click()
  const apiKey = await keep(desk, 'I have kept it')
  assert.match(apiKey, /^bk_/)

  await desk.getByRole('button', { name: 'Add endpoint' }).click()
  const { port } = server.address() as AddressInfo
  await desk.getByLabel('Address').fill(`http://127.0.0.1:${port}/hook`)
  await desk.getByRole('button', { name: 'Add endpoint' }).click()
  secret = await keep(desk, 'I have kept it')
  assert.match(secret, /^whsec_/)
  await isReadableInBoth(desk)
  const pinged = hears('ping')
  await desk.getByRole('button', { name: 'Send test' }).click()
  await pinged

  const client = openClient({ url: house.origin, merchant: tea.id, apiKey })
  const amount = { amount: '38.00', currency: 'CNY' }
  const goods = { amount, subject: '龙井茶 50 g', reference: 'A-17' }
  const returnUrl = 'https://tea.example/orders/A-17'
  const order = await client.createOrder({ ...goods, returnUrl })
  const guest = await house.person('李晓梅')
  await house.filled(guest, tea, '100.00')
  const paid = hears('order.paid')
  assert.ok(order.payUrl.startsWith(house.origin))
  const phone = await people.phone(guest, { at: order.payUrl.slice(house.origin.length) })
  await phone.getByText('龙井茶 50 g').waitFor()
  await isReadableInBoth(phone)
  await phone.getByRole('button', { name: /^付 38.00/ }).click()
  await phone.getByText('商户马上会收到通知。').waitFor()
  await isReadableInBoth(phone)
  const back = phone.getByRole('link', { name: '回到 tea.example' })
  assert.equal(await back.getAttribute('href'), returnUrl)
  await paid
  assert.equal((await client.readOrder(order.id)).state, 'paid')

  await desk.getByRole('link', { name: 'Event log' }).click()
  await desk.getByRole('searchbox').fill('A-17')
  await desk.getByText('Order paid').first().waitFor()
  await isReadableInBoth(desk)
  await desk
    .getByRole('row', { name: /Order paid/ })
    .getByRole('link')
    .click()
  await desk.getByText('Try 1').waitFor()
  await isReadableInBoth(desk)
  const again = hears('order.paid')
  await desk.getByRole('button', { name: 'Send again' }).click()
  await again
  await people.close(phone)
  await people.close(desk)
})

test('P5-19 on a phone, in Chinese, the owner sees that an endpoint is failing, and what to do', async () => {
  const { noodles } = house
  const phone = await people.phone(noodles.owner, { at: `/integrators/merchants/${noodles.id}` })
  await phone.getByRole('button', { name: '添加地址' }).click()
  await phone
    .getByLabel('地址')
    .fill('http://127.0.0.1:9/nobody/is/there/and/the/path/is/very/long')
  await phone.getByRole('button', { name: '添加地址' }).click()
  await keep(phone, '我已保存')
  await phone.getByRole('button', { name: '发送测试' }).click()
  await phone.getByText(/起没有成功过/).waitFor()
  await isReadableInBoth(phone)
  await house.books.sql`
    update integrators.endpoint set state = 'disabled', why = 'failing' where merchant = ${noodles.id}`
  await phone.getByText('三天没有一次成功，已自动停用。修好后请启用，再重发漏掉的。').waitFor()
  await isReadableInBoth(phone)
  await phone.getByRole('button', { name: /^启\s?用$/ }).click()
  await phone.getByText('启用中').waitFor()
  await people.close(phone)
})
