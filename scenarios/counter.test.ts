/** The counter: a member pays, the screen shows it and says it once, and goes on where it was. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { spend } from '@bursar/custody'
import { newId, type PurseId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import type { Page } from 'playwright-core'
import { signIn, useBrowser } from './browser.testing.ts'
import { useHouse, type Who } from './house.testing.ts'

const house = useHouse()
const people = useBrowser(house, () => house.tea.qr)
let ann: Who
let purse: PurseId
let screen: Page

before(async () => {
  await house.ready
  ann = await house.person('李晓梅')
  purse = await house.filled(ann, house.tea, '200.00')
})

/** A browser with a Chinese voice, which keeps what it said; and what was read to a screen reader. */
const voice = `
  window.said = []
  window.told = []
  window.felt = []
  window.lit = []
  Object.defineProperty(navigator, 'vibrate', { value: pattern => felt.push(pattern) > 0 })
  const light = navigator.wakeLock.request.bind(navigator.wakeLock)
  navigator.wakeLock.request = what => (lit.push(what), light(what))
  window.SpeechSynthesisUtterance = class extends EventTarget {
    constructor(text) { super(); this.text = text }
  }
  Object.defineProperty(window, 'speechSynthesis', { value: {
    getVoices: () => [{ lang: 'zh-CN' }],
    speak: words => {
      document.documentElement.dataset.said = said.push(words.text)
      setTimeout(() => words.dispatchEvent(new Event('end')), 5)
    },
  } })
  new MutationObserver(() => {
    const seq = document.querySelector('[data-told]')?.getAttribute('data-told')
    if (seq && told.at(-1) !== seq) told.push(seq)
  }).observe(document, { subtree: true, childList: true })
`
/** What was said, without the two figures at its end: they are another for each receipt. */
const heard = async () =>
  (await screen.evaluate<string[]>('said')).map(one => one.replace(/，核对码\d \d$/, '，核对码'))
/** So many sentences were said. The page's policy forbids waiting for an expression. */
const spoken = (count: number) =>
  screen.locator(`html[data-said="${count}"]`).waitFor({ state: 'attached' })
const pay = (yuan: string) => {
  const paid = { id: newId('spd'), purse, merchant: house.tea.id, by: ann.id }
  return spend(house.books, { ...paid, amount: cny(yuan) })
}

test('P4-24 P4-27 P4-28 a member pays; the counter that the owner opened shows the sum and says it once', async () => {
  screen = await people.desk(house.tea.owner)
  await screen.addInitScript(voice)
  await screen.goto(`${house.origin}/notices/merchants/${house.tea.id}/counters`)
  await screen.getByRole('button', { name: '开一个柜台' }).first().click()
  await screen.getByLabel('名称').fill('前台')
  await screen.getByRole('button', { name: '保存' }).click()
  await screen.getByText('已保存').waitFor()
  await screen.getByRole('link', { name: '终端', exact: true }).click()
  await screen.getByRole('button', { name: '打开柜台屏' }).click()
  // Nobody has tapped yet: the page says that it may not be heard, and does not try.
  await screen.getByText('浏览器要您先点一下').waitFor()
  assert.deepEqual(await heard(), [])
  await screen.getByRole('button', { name: '打开声音', exact: true }).click()
  await screen.getByText('在线').waitFor()
  await pay('38.00')
  await screen.getByText('三十八元', { exact: true }).waitFor()
  await screen.getByText('已到账').first().waitFor()
  await spoken(1)
  assert.deepEqual(await heard(), ['预付钱包收款，三十八元，核对码'])
  assert.deepEqual(await screen.evaluate('lit'), ['screen'])
  assert.deepEqual(await screen.evaluate('felt'), [[200]])
})

test('P4-18 P4-I4 the line comes again from where it was: the next is told once, the last is not told again', async () => {
  const again = screen.waitForRequest(/\/stream\?after=\d+/)
  await screen.evaluate(`dispatchEvent(new Event('online'))`)
  await again
  await pay('12.50')
  await screen.getByText('十二元五角', { exact: true }).waitFor()
  await spoken(2)
  const said = ['预付钱包收款，三十八元，核对码', '预付钱包收款，十二元五角，核对码']
  assert.deepEqual(await heard(), said)
  assert.equal(await screen.evaluate('told.length'), 2)
})

test('P4-24 one key confirms, one says it again; over a reload nothing is told twice', async () => {
  await screen.keyboard.press('Enter')
  await screen.getByText('已核对').first().waitFor()
  await screen.keyboard.press('r')
  await spoken(3)
  await screen.reload()
  await screen.getByText('十二元五角', { exact: true }).waitFor()
  await screen.getByText('在线').waitFor()
  await screen.keyboard.press('Enter')
  await pay('6.00')
  await screen.getByText('六元', { exact: true }).waitFor()
  await spoken(1)
  assert.deepEqual(await heard(), ['预付钱包收款，六元，核对码'])
})

test('P4-20 P4-21 of two tabs of one browser one speaks and both show; when it is closed the other speaks', async () => {
  const beside = await screen.context().newPage()
  await beside.addInitScript(voice)
  await beside.goto(screen.url())
  await beside.getByText('六元', { exact: true }).waitFor()
  await beside.keyboard.press('Enter')
  await beside.getByText('另一个页面正在播报').waitFor()
  await pay('7.00')
  for (const tab of [screen, beside]) await tab.getByText('七元', { exact: true }).waitFor()
  await spoken(2)
  assert.deepEqual(await beside.evaluate('said'), [])
  await screen.close()
  screen = beside
  await screen.getByText('另一个页面正在播报').waitFor({ state: 'hidden' })
  await pay('8.00')
  await screen.getByText('八元', { exact: true }).waitFor()
  await spoken(1)
  assert.deepEqual(await heard(), ['预付钱包收款，八元，核对码'])
})

const streamEnd = async () => {
  const [row] = await house.books.sql<{ seq: bigint }>`
    select seq from notices.stream where merchant = ${house.tea.id}`
  return row!.seq
}

test('P4-I4 P4-18 what comes while the counter is off the net is shown when it is back, from where it was: no gap, no double', async () => {
  const told = async () => await screen.evaluate<string[]>('told')
  const before = await told()
  await screen.context().setOffline(true)
  await screen.getByText('断线').first().waitFor()
  for (const yuan of ['1.11', '2.22', '3.33']) await pay(yuan)
  while ((await streamEnd()) < BigInt(before.at(-1)!) + 3n) await sleep(50)
  assert.deepEqual(await told(), before, 'nothing comes through')
  await screen.context().setOffline(false)
  await screen.getByText('三元三角三分', { exact: true }).waitFor()
  await spoken(4)
  const all = (await told()).map(BigInt)
  assert.deepEqual(all, [...new Set(all)], 'none twice')
  const places = all.slice(before.length)
  const next = BigInt(before.at(-1)!) + 1n
  assert.deepEqual(places, [next, next + 1n, next + 2n], 'none left out')
  assert.deepEqual((await heard()).slice(1), [
    '预付钱包收款，一元一角一分，核对码',
    '预付钱包收款，二元二角二分，核对码',
    '预付钱包收款，三元三角三分，核对码',
  ])
})

test('P4-08 the owner says on the page that this phone receives the bank’s SMS', async () => {
  const list = `${house.origin}/v1/notices/merchants/${house.tea.id}/terminals`
  const ask = screen.context().request
  const hears = async () => {
    const { rows } = (await (await ask.get(list)).json()) as { rows: { hearsSms?: true }[] }
    return rows.map(one => one.hearsSms ?? false)
  }
  assert.deepEqual(await hears(), [false])
  const owner = await screen.context().newPage()
  await owner.goto(`${house.origin}/notices/merchants/${house.tea.id}/terminals`)
  await owner.getByRole('button', { name: '修改' }).click()
  await owner.getByRole('switch', { name: '收银行短信' }).click()
  await owner.getByRole('button', { name: '保存' }).click()
  await owner.getByRole('dialog').waitFor({ state: 'hidden' })
  assert.deepEqual(await hears(), [true])
  await owner.close()
})

type Prompt = { seq: string; code?: string }
test('P4-29 F27 a phone’s microphone hears whether the voice is ours and of this receipt, or a recording', async () => {
  const [, of] = /(\/notices\/terminals\/\w+)/.exec(screen.url())!
  const at = `${house.origin}/v1${of}/prompts`
  const { rows } = (await (await screen.request.get(`${at}?after=0`)).json()) as { rows: Prompt[] }
  const spoken = rows.filter(one => one.code)
  const last = spoken.at(-1)!
  const other = spoken.find(one => one.code !== last.code)!
  const voiceOf = async ({ seq }: Prompt) =>
    await (await screen.request.get(`${at}/${seq}/audio`)).body()
  await screen.goto(house.origin + of)
  for (const [whose, said] of [
    [last, '声音是真的'],
    [other, '不是这笔的声音'],
  ] as const) {
    people.hear(await voiceOf(whose))
    await screen.getByRole('button', { name: '用麦克风核对声音' }).click()
    await screen.getByText(said).waitFor()
  }
  await people.close(screen)
})

test('P4-04 P4-05 a notice’s text is shared from the phone: signed in first, it waits on the paste page, filled in', async () => {
  const phone = await people.visitor({ keeps: true })
  await phone.goto(`${house.origin}/sign-in`)
  await phone.evaluate(`new Promise(done => {
    if (navigator.serviceWorker.controller) done()
    else navigator.serviceWorker.addEventListener('controllerchange', () => done())
  })`)
  const text = '微信支付收款26.00元'
  await phone.evaluate(`{
    const form = document.createElement('form')
    Object.assign(form, { method: 'post', action: '/notices/share', enctype: 'multipart/form-data' })
    for (const [name, value] of Object.entries({ title: '微信支付', text: '${text}' })) {
      const field = document.createElement('input')
      Object.assign(field, { name, value })
      form.append(field)
    }
    document.body.append(form)
    form.submit()
  }`)
  await phone.waitForURL(/\/sign-in\?next=/)
  await signIn(phone, house.tea.owner)
  await phone.waitForURL(/\/paste$/)
  const box = phone.getByLabel('通知原文')
  await phone.getByText(text).waitFor()
  assert.equal(await box.inputValue(), `微信支付\n${text}`)
  assert.doesNotMatch(decodeURIComponent(phone.url()), /26\.00|微信/)
  await phone.getByRole('button', { name: '当作证据发送' }).click()
  await phone.getByText(/新的一笔|原文已保存/).waitFor()
  const kept = `caches.open('shared').then(kept => kept.keys()).then(all => all.length)`
  assert.equal(await phone.evaluate(kept), 0, 'what was sent is kept nowhere')
  await people.close(phone)
})

test('P4-11 who is suspended sees nothing any more, not even what stood on the screen; authorised again, it is back', async () => {
  const asOwner = await people.desk(house.tea.owner)
  const list = `${house.origin}/v1/notices/merchants/${house.tea.id}/terminals`
  const { rows } = (await (await asOwner.request.get(list)).json()) as { rows: { id: string }[] }
  const { id } = rows[0]!
  const headers = { origin: house.origin }
  for (const path of ['', '/counter']) {
    await asOwner.goto(`${house.origin}/notices/terminals/${id}${path}`)
    const line = asOwner.locator('.counter-line').first()
    await line.waitFor()
    await asOwner.request.post(`${list}/${id}/suspend`, { data: {}, headers })
    await asOwner
      .getByText(/停用|暂停/)
      .first()
      .waitFor()
    assert.equal(await asOwner.locator('.counter-line, .counter-sum').count(), 0)
    await asOwner.request.post(`${list}/${id}/authorise`, { data: {}, headers })
  }
  await asOwner.reload()
  await asOwner.locator('.counter-line').first().waitFor()
  await people.close(asOwner)
})

test('P4-12 P4-I4 what is pasted without a network is kept on the phone, and is sent by itself with its own time', async () => {
  const phone = await people.phone(house.tea.owner)
  const [main] = await house.books.sql<{ id: string }>`
    select id from notices.terminal where merchant = ${house.tea.id} and kind = 'main' limit 1`
  await phone.goto(`${house.origin}/notices/terminals/${main!.id}/paste`)
  const box = phone.getByLabel('通知原文')
  await box.waitFor()
  await phone.context().setOffline(true)
  await box.fill('微信支付收款27.00元')
  await phone.getByRole('button', { name: '当作证据发送' }).click()
  await phone.getByText(/1 条已存在本机/).waitFor()
  const [kept] = await phone.evaluate<string[]>(`Object.entries(localStorage)
    .filter(([name]) => name.startsWith('bursar.words.')).map(([, words]) => words)`)
  const [word] = JSON.parse(kept!) as [{ id: string; at: string }]
  await sleep(1_100)
  await phone.context().setOffline(false)
  await phone.getByText(/1 条已存在本机/).waitFor({ state: 'hidden' })
  const heard = await house.books.sql<{ at: Date; heardAt: Date; text: string }>`
    select at, heard_at as "heardAt", text from notices.evidence where id = ${word.id}`
  assert.deepEqual([heard.length, heard[0]!.text], [1, '微信支付收款27.00元'])
  assert.equal(heard[0]!.at.toISOString(), word.at)
  assert.ok(heard[0]!.heardAt > heard[0]!.at)
  await people.close(phone)
})
