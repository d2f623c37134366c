/** The bank speaks of another sum than was paid: the desk and the supervisor see it, until it agrees. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { spend } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { custodyAccount, serialOf } from '@bursar/sandbox'
import { bankAnswered, request, requestOf, review, type RequestId } from '@bursar/settlement'
import { useBrowser } from './browser.testing.ts'
import { useHouse } from './house.testing.ts'
import { isReadable } from './readable.testing.ts'

const house = useHouse()
const people = useBrowser(house, () => house.tea.qr)

/** A request of 30.00 that the bank has paid, while nobody can ask the bank anything. */
async function paid(): Promise<RequestId> {
  const { books, tea, reviewer } = house
  await fetch(`${house.sandbox.url}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ on: 'bank', fault: 'html', call: 'payment.query', times: 1000 }),
  })
  const [ann, asked] = [await house.person('李晓梅'), newId('stl')]
  const purse = await house.filled(ann, tea, '100.00')
  const custody = () => books.balance(1, 'pool/custody')
  await until('the platform has paid out', async () => (await custody())?.posted === -10000n)
  const amount = cny('30.00')
  const spent = { purse, merchant: tea.id, by: ann.id, amount: cny('38.00') }
  await spend(books, { id: newId('spd'), ...spent })
  await request(books, { id: asked, merchant: tea.id, by: tea.owner.id, amount })
  await review(books, { id: asked, by: reviewer.id, step: 'approve' })
  await until('the bank has paid', async () => (await requestOf(books, asked)).state === 'paid')
  return asked
}

async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  for (let left = 200; !(await done()); left--) {
    assert.ok(left > 0, `Within ten seconds: ${what}`)
    await sleep(50)
  }
}

const tell = (asked: RequestId, yuan: string) => {
  const payout = `pay_${asked.slice('stl_'.length)}`
  const what = { id: newId('ntc'), account: custodyAccount, amount: cny(yuan), at: new Date() }
  const notice = { ...what, kind: 'paid', payout, serial: serialOf(payout) } as const
  const bank = { gateway: 'bank', account: custodyAccount }
  return bankAnswered(house.books, bank, { notice, rawBody: Buffer.from('{}') })
}

test('P1-12 P1-25 a payout on which the bank and the books differ is seen at the desk and by the supervisor, until they agree', async () => {
  const asked = await paid()
  assert.equal(await tell(asked, '31.00'), 'wrong_amount')

  const desk = await people.desk(house.reviewer, { at: '/settlement/requests' })
  await desk.getByText('与银行不符的付款：1 笔').waitFor()
  await isReadable(desk)
  await desk.getByRole('link', { name: '查看' }).click()
  await desk.getByText('金额不符').first().waitFor()
  await isReadable(desk)
  await desk.getByText('老茶馆').first().click()
  await desk.getByText('银行说的金额与批准的不同').waitFor()
  await desk.getByText('31.00').first().waitFor()
  await isReadable(desk)

  const { tea } = house
  const next = newId('stl')
  const again = { id: next, merchant: tea.id, by: tea.owner.id, amount: cny('8.00') }
  await request(house.books, again)
  await desk.goto(`${house.origin}/settlement/requests/${next}`)
  await desk.getByText('这家商家有 1 笔付款与银行不符').waitFor()
  await isReadable(desk)

  const hold = { language: 'en', at: '/settlement/breaks' } as const
  const watcher = await people.phone(house.supervisor, hold)
  await watcher.getByText('Another amount').first().waitFor()
  await isReadable(watcher)
  await watcher.goto(`${house.origin}/settlement/requests/${asked}`)
  await watcher.getByText('The bank speaks of another amount').waitFor()
  await isReadable(watcher)

  assert.equal(await tell(asked, '30.00'), 'known')
  await desk.goto(`${house.origin}/settlement/requests`)
  await desk.getByRole('link', { name: '每一笔付款都与银行一致。' }).click()
  await desk.goto(`${house.origin}/settlement/breaks?state=ended`)
  await desk.getByText('金额不符').first().waitFor()
  await people.close(desk)
  await people.close(watcher)
})
