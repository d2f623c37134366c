/** An evening at a bar: order for hours, check out once, and what is left goes back. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { placesOf, putPlace } from '@bursar/cashier'
import { listPurses } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import type { Page } from 'playwright-core'
import { layTable } from './bar.testing.ts'
import { useBrowser } from './browser.testing.ts'
import { useHouse, type Who } from './house.testing.ts'
import { printed } from './paper.testing.ts'
import { isReadable } from './readable.testing.ts'

const clock = new Intl.DateTimeFormat('zh-CN', { timeStyle: 'short', timeZone: 'Asia/Shanghai' })
const house = useHouse()
const people = useBrowser(house, () => house.tea.qr)
let ann: Who
let table: string
let phone: Page
let board: Page

before(async () => {
  await house.ready
  ann = await house.person('李晓梅')
  table = await layTable(house, house.tea)
})

const add = (name: string) => phone.getByRole('button', { name: `加一份 ${name}` }).click()
const choose = async (name: string) => {
  await phone.getByRole('button', { name: `选 ${name} 的加料` }).click()
  await phone.getByRole('button', { name: new RegExp(`^加 ${name}`) }).click()
}
const order = async (yuan: string) => {
  await phone.getByRole('button', { name: `下单 ${yuan} 元` }).click()
  await phone.getByRole('heading', { name: 'A1 的挂单' }).waitFor()
}
const oneMore = () => phone.getByRole('button', { name: '再点一些' }).click()

test('P5-I3 every place’s code can be read off the paper that it is printed on, and leads to that place', async () => {
  const { books, tea, origin } = house
  const [first] = await placesOf(books, { merchant: tea.id })
  const ids = Array.from({ length: 12 }, () => newId('plc'))
  const lay = async (open: number) => {
    for (const [n, id] of ids.entries()) {
      const like = { merchant: tea.id, outlet: first!.outlet, kind: 'pc' } as const
      await putPlace(books, { ...like, id, name: `PC${n + 1}`, open: n < open })
    }
    const places = await placesOf(books, { merchant: tea.id })
    return places.filter(one => one.open).map(one => `${origin}/cashier/places/${one.token}`)
  }
  const desk = await people.desk(tea.owner)
  const print = async (paper: string, codes: readonly string[]) => {
    await desk.goto(`${origin}/cashier/merchants/${tea.id}/seats/signs?paper=${paper}`)
    await desk.getByRole('button', { name: `打印 ${codes.length} 个码` }).waitFor()
    const pages = await printed(await desk.pdf({ preferCSSPageSize: true }))
    const read = pages.flatMap(page => page.codes)
    assert.deepEqual(read.toSorted(), codes.toSorted())
    return pages.map(page => [page.wide, page.high, page.codes.length])
  }
  const all = await lay(12)
  assert.ok(all.includes(`${origin}${table}`))
  assert.deepEqual(await print('a4', all), [
    [210, 297, 12],
    [210, 297, 1],
  ])
  const few = await lay(2)
  const each = (wide: number, high: number) => few.map(() => [wide, high, 1])
  assert.deepEqual(await print('a6', few), each(105, 148))
  assert.deepEqual(await print('label', few), each(60, 40))
  await people.close(desk)
})

test('P5-I2 P5-I3 the owner counts what there is and writes a plan; what is wrong is said at its field', async () => {
  const { tea } = house
  const desk = await people.desk(tea.owner, { at: `/cashier/merchants/${tea.id}/catalogue` })
  const save = desk.getByRole('button', { name: /^保\s?存$/ })
  const field = (name: string) => desk.getByRole('textbox', { name, exact: true })
  await desk.getByRole('button', { name: '库存 薯条' }).click()
  await field('薯条 还有多少').fill('9')
  await save.click()
  await desk.getByText('剩 9').waitFor()

  await desk.getByRole('button', { name: '编辑 调酒' }).click()
  await desk.getByRole('switch', { name: '特价时段' }).click()
  await field('特价').fill('80')
  await desk.getByText('特价要低于原价。').waitFor()
  assert.ok(await save.isDisabled())
  await desk.getByText('按比例优惠').click()
  await desk.getByText('届时 49.60 元').waitFor()
  // Hours that do not come this evening, whenever it is.
  const [from, to] = [5, 7].map(hours => clock.format(Date.now() + hours * 3_600_000))
  await desk.getByLabel('从', { exact: true }).fill(from!)
  await desk.getByLabel('到', { exact: true }).fill(to!)
  await isReadable(desk)
  await save.click()
  await desk.getByText(`${from}–${to} 优惠 20%，49.60 元`).waitFor()

  await desk.getByRole('button', { name: '添加计时方案' }).click()
  await field('方案名').fill('夜场')
  await desk.getByText('通宵', { exact: true }).click()
  await field('起始价').fill('20')
  await field('之后每段价格').fill('3')
  await isReadable(desk)
  await save.click()
  await desk.getByText('22:00–08:00 20.00 元，之后每 15 分钟 3.00 元').waitFor()
  await people.close(desk)
})

test('P5-01 P5-06 P5-I1 a guest scans the table, joins, and is told what is missing before ordering', async () => {
  phone = await people.phone(ann, { keeps: true, at: table })
  await phone.getByRole('button', { name: '加入 老茶馆' }).click()
  await phone.getByText('可用 0.00 元').waitFor()
  await choose('啤酒')
  await add('薯条')
  await phone.getByRole('button', { name: '下单 78.00 元' }).click()
  await phone.getByText('可用余额 0.00 元，还差 78.00 元。请先充值。').waitFor()
})

test('P5-03 the guest tops up 300 in the wallet, and finds the choice at the table as it was', async () => {
  await phone.getByRole('link', { name: '去充值' }).click()
  await phone.getByText('刚才的订单还差 78.00 元。').waitFor()
  await phone.getByRole('button', { name: '充 100.00 元，去付款' }).waitFor()
  await phone.getByRole('button', { name: '300', exact: true }).click()
  await phone.getByRole('button', { name: '充 300.00 元，去付款' }).click()
  await phone.getByRole('button', { name: '确认付款 300.00 元' }).click()
  await phone.getByRole('button', { name: '回到 A1 点单' }).click()
  await order('78.00')
  await phone.getByText('222.00元').waitFor()
})

test('P5-07 P5-08 P5-I3 the merchant’s board has the order at once: accepted, delivered; another is refused', async () => {
  board = await people.desk(house.tea.owner)
  await board.getByRole('link', { name: '接单', exact: true }).click()
  await board.getByRole('button', { name: /^接单 A1/ }).click()
  await board.getByRole('button', { name: /^已送达 A1/ }).click()
  await phone.getByText('已送达').waitFor()

  await oneMore()
  await add('调酒')
  await order('62.00')
  await board.getByRole('button', { name: /^拒绝 A1/ }).click()
  await board.getByRole('button', { name: '卖完了' }).click()
  await board.getByRole('button', { name: '拒绝，放回 62.00 元' }).click()
  await phone.getByText('原因：卖完了').waitFor()
  await phone.getByText('222.00元').waitFor()
})

test('P5-06 P5-I3 two more orders; one that nobody has accepted is cancelled by the guest', async () => {
  for (const name of ['啤酒', '调酒'] as const) {
    await oneMore()
    await (name === '啤酒' ? choose(name) : add(name))
    await order(name === '啤酒' ? '38.00' : '62.00')
    await board.getByRole('button', { name: /^接单 A1/ }).click()
  }
})

test('P5-I3 a price that changes while the guest is reading is said before anything is ordered, and nothing chosen is lost', async () => {
  const { books, tea } = house
  const dearer = (fen: bigint) => books.sql`
    update cashier.item set minor = ${fen} where merchant = ${tea.id} and name = '薯条'`
  await oneMore()
  await add('薯条')
  const told = Promise.withResolvers<void>()
  await phone.route('**/menu', route => told.promise.then(() => route.continue()))
  await dearer(4500n)
  await phone.getByRole('button', { name: '下单 40.00 元' }).click()
  told.resolve()
  await phone.getByText('现在共 45.00 元，刚才显示的是 40.00 元。').waitFor()
  assert.equal(await phone.getByText('选好之后价格有变化').count(), 0, 'it is told once')
  await isReadable(phone)
  await phone.unrouteAll({ behavior: 'wait' })
  await order('45.00')
  await dearer(4000n)
  await phone.getByRole('button', { name: /^取消这一单/ }).click()
  await phone.getByText('122.00元').waitFor()
})

const choice = async (label: string, option: string) => {
  await board.getByRole('combobox', { name: label }).click()
  await board.locator('.ant-select-item-option', { hasText: option }).click()
}

test('P5-I3 the merchant splits an order off to another seat, moves it, hands it over, and merges it again', async () => {
  await board
    .getByRole('link', { name: /^A1 · / })
    .first()
    .click()
  await board.getByRole('button', { name: '拆单', exact: true }).click()
  await isReadable(board)
  await board.getByRole('checkbox', { name: /^调酒 62.00 元/ }).click()
  await choice('新挂单的座位', 'PC1')
  await board.getByRole('button', { name: '拆出 1 单 62.00 元 到 PC1' }).click()
  await board.getByRole('heading', { name: 'PC1 的挂单' }).waitFor()
  await phone.getByText('116.00').first().waitFor()

  await board.getByRole('button', { name: '换座', exact: true }).click()
  await choice('换到哪个座位', 'PC2')
  await board.getByRole('button', { name: '换到 PC2' }).click()
  await board.getByText('换座 PC1 → PC2').waitFor()

  await board.getByRole('button', { name: '交给同事' }).click()
  await choice('以后由谁照看', '老茶馆店主')
  await board.getByRole('button', { name: '交给 老茶馆店主' }).click()
  await board.locator('b', { hasText: '交给 老茶馆店主' }).waitFor()

  await board.getByRole('button', { name: '并单', exact: true }).click()
  await choice('并入哪张挂单', 'A1')
  await board.getByRole('button', { name: '并入 A1 的挂单' }).click()
  await board.getByRole('heading', { name: 'A1 的挂单' }).waitFor()
  await phone.getByText('178.00').first().waitFor()
  await board.getByRole('link', { name: '接单', exact: true }).click()
  await board.waitForURL(/\/merchants\/mer_[^/]+$/)
})

test('P5-09 P5-10 P5-11 the bill is read before it is paid: 178, once, with its number', async () => {
  await phone.getByRole('button', { name: '结账' }).click()
  await phone.getByRole('heading', { name: '账单' }).waitFor()
  await phone.getByRole('button', { name: '付 178.00 元 给 老茶馆' }).click()
  await phone.getByRole('heading', { name: '结账单' }).waitFor()
  await phone.getByText(/^C\d{8}-0001$/).waitFor()
  assert.equal(await phone.getByText(/^G\d{8}-\d{4}$/).count(), 3)

  await board.getByRole('link', { name: '挂单', exact: true }).click()
  await board.waitForURL(/\/tabs$/)
  await board.goto(`${board.url()}?state=closed`)
  await board.getByRole('link', { name: 'A1' }).click()
  await board.getByText('178.00').first().waitFor()
  await people.close(board)
})

test('P5-02 P5-16 P5-I5 the guest binds the account at the platform’s page; with money in the purse it can be ended, and changed once it was shown anew', async () => {
  Object.assign(house.wallet, {
    binding: {
      bind: (ask: { state: string; returnUrl: string }) =>
        `${ask.returnUrl}?state=${ask.state}&code=li`,
      bound: (code: string) => Promise.resolve({ payer: code, name: '李**' }),
    },
  })
  const receipt = phone.url()
  const [purse] = await listPurses(house.books, ann.id)
  await phone.goto(`${house.origin}/cashier/purses/${purse!.id}/bindings`)
  await phone.getByText('还没有绑定。').waitFor()
  await phone.getByRole('button', { name: /^去.*绑定$/ }).click()
  await phone.getByText('李**').waitFor()
  await phone.getByText('余额还有 122.00 元。先到平台确认现在绑定的账户').waitFor()
  await phone.getByRole('button', { name: /^确认现在绑定的.*账户$/ }).click()
  await phone.getByText(/^已确认。\d\d:\d\d 前可以换绑另一个账户。$/).waitFor()
  await isReadable(phone)
  await phone.getByRole('button', { name: /^解除.*绑定$/ }).click()
  await phone.getByText(/原路退回充值 T\d{8}-0001/).waitFor()
  await phone.getByRole('button', { name: /^退回 122.00 元 并解除/ }).waitFor()
  await isReadable(phone)
  await phone.goto(receipt)
})

test('P5-12 P5-13 P5-14 what is left, 122, goes back to where it came from; four kinds of paper have numbers', async () => {
  await phone.getByRole('link', { name: '退回剩余 122.00 元' }).click()
  await phone.getByText(/原路退回充值 T\d{8}-0001/).waitFor()
  await phone.getByRole('button', { name: '全部' }).click()
  await phone.getByRole('button', { name: '退回 122.00 元' }).click()
  await phone.getByText('122.00 元').first().waitFor()
  await phone.getByRole('link', { name: '老茶馆' }).click()
  await phone.getByRole('link', { name: '单据' }).click()
  for (const series of ['T', 'G', 'C', 'R'])
    await phone.getByText(new RegExp(`^${series}\\d{8}-0001`)).waitFor()
  await phone.getByRole('link', { name: /^退款/ }).click()
  await phone.getByRole('heading', { name: '退款单' }).waitFor()
  await phone.getByRole('button', { name: '打印' }).waitFor()
  await phone.getByRole('link', { name: /^充值单 ?T\d{8}-0001 ?122.00/ }).click()
  await phone.getByRole('heading', { name: '充值单' }).waitFor()
  await phone.getByText('300.00').waitFor()
  await isReadable(phone)
})

test('P5-15 the guest’s client opens without a network, and says so; it shows no balance that it cannot know', async () => {
  await phone.goto(`${house.origin}/custody/purses`)
  await phone.getByText('老茶馆').first().waitFor()
  const manifest = await phone.locator('link[rel=manifest]').getAttribute('href')
  assert.equal(manifest, '/guest.webmanifest')
  await phone.evaluate('navigator.serviceWorker.ready')
  await phone.waitForFunction('navigator.serviceWorker.controller !== null')
  const kept: string[] = await phone.evaluate(`caches.keys()
    .then(names => Promise.all(names.map(name => caches.open(name).then(one => one.keys()))))
    .then(all => all.flat().map(one => new URL(one.url).pathname))`)
  assert.deepEqual(
    kept.filter(path => path !== '/' && !path.startsWith('/assets/')),
    [],
  )
  await phone.context().setOffline(true)
  await phone.reload()
  await phone.getByText('网络断开了').first().waitFor()
  assert.equal(await phone.getByText('老茶馆').count(), 0)
})
