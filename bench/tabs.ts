/**
 * npm run bench:tabs [-- --tabs 500 --screens 500 --callers 64 --seconds 8 --rate 20 --json]
 *
 * One bar with that many open tabs. First as many goods orders as it takes, by so many callers, while nobody looks;
 * then at a steady rate while so many of the bar's screens are open: from when the guest's order is sent until a screen
 * has it, every order on every screen. The screens are in a process of their own, on this machine.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { buildApi } from '@bursar/api'
import { openTab, placeOrder, putCategory, putItem, putPlace, type TabId } from '@bursar/cashier'
import { listenTo } from '@bursar/database'
import { newId, type Books, type MerchantId, type PersonId, type PurseId } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { figures, type Figures } from './load.ts'
import { table } from './print.ts'
import { circumstances, startServer, type Server } from './server.ts'
import { bursarTown, password } from './town.ts'

const { values: options } = parseArgs({
  options: {
    tabs: { type: 'string', default: '500' },
    screens: { type: 'string', default: '500' },
    callers: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '8' },
    rate: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
})
const [tabs, screens, callers] = [options.tabs, options.screens, options.callers].map(Number) as [
  number,
  number,
  number,
]
const [seconds, rate] = [Number(options.seconds), Number(options.rate)]
const now = () => performance.timeOrigin + performance.now()

type Tab = Readonly<{ tab: TabId; by: PersonId }>

async function openBar(server: Server) {
  const { url, payers, owners } = await bursarTown(server, tabs, tabs)
  const books = openBooks({ url, max: 20, patience: 6_000 })
  const merchant = payers[0]!.merchant as MerchantId
  const [outlet, category, item] = [newId('out'), newId('cat'), newId('itm')]
  await books.sql`
    insert into parties.outlet (id, merchant, name, address) values (${outlet}, ${merchant}, 'bar', 'road')`
  const listed = { merchant, rank: 1, offered: true }
  await putCategory(books, { id: category, name: 'drinks', ...listed })
  const sold = { station: 'bar', price: { minor: 1n, currency: 'CNY' }, happyHour: null } as const
  await putItem(books, { id: item, name: 'beer', category, modifiers: [], ...listed, ...sold })
  const place = { merchant, outlet, kind: 'table', open: true } as const
  const open: Tab[] = []
  for (const [no, { purse }] of payers.slice(0, tabs).entries()) {
    const [{ person: by }] = (await books.sql<{ person: PersonId }>`
      select person from custody.purse where id = ${purse}`) as [{ person: PersonId }]
    const { token } = await putPlace(books, { ...place, id: newId('plc'), name: `A${no}` })
    const ask = { id: newId('tab'), purse: purse as PurseId, token, by }
    open.push({ tab: await openTab(books, ask), by })
  }
  const order = async (no: number, id = newId('gds')) => {
    const { tab, by } = open[no % open.length]!
    return await placeOrder(books, { id, tab, lines: [{ item, count: 1 }], by })
  }
  return { url, books, merchant, login: owners[0]!, order }
}
type Bar = Awaited<ReturnType<typeof openBar>>

async function asManyAsItTakes({ order }: Bar): Promise<Figures> {
  const times: number[] = []
  const until = performance.now() + seconds * 1000
  let no = 0
  async function call(): Promise<void> {
    for (let from = performance.now(); from < until; from = performance.now()) {
      await order(no++)
      times.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: callers }, call))
  return figures(times, seconds)
}

async function serve(books: Books, url: string) {
  const never = () => Promise.reject(new Error('nobody pays here'))
  const wallet = { gateway: 'none', ways: [] } as never
  const bank = { gateway: 'bank', verify: never } as never
  const api = await buildApi({
    ...{ books, wallets: [wallet], bank, origin: 'http://127.0.0.1:1' },
    orders: ear => listenTo(url, 'cashier_orders', ear),
    limits: { person: 1e6, address: 1e6, door: 1e6, screens },
    behindMost: 60_000,
  })
  await api.listen({ port: 0, host: '127.0.0.1' })
  return { api, home: `http://127.0.0.1:${(api.server.address() as AddressInfo).port}` }
}

async function toScreens({ books, url, merchant, login, order }: Bar): Promise<Figures> {
  const { api, home } = await serve(books, url)
  const headers = { 'content-type': 'application/json', origin: 'http://127.0.0.1:1' }
  const body = JSON.stringify({ login, password })
  const said = await fetch(`${home}/v1/parties/sessions`, { method: 'POST', headers, body })
  const cookie = String(said.headers.get('set-cookie')).split(';')[0]!
  const board = `${home}/v1/cashier/merchants/${merchant}/orders/told`
  const beside = new URL('tabs/screens.ts', import.meta.url)
  const watching = fork(beside, [board, cookie, String(screens)])
  await once(watching, 'message')
  const sent = new Map<string, number>()
  const under: Promise<unknown>[] = []
  for (let no = 0; no < rate * seconds; no++) {
    const id = newId('gds')
    sent.set(id, now())
    under.push(order(no, id))
    await sleep(1000 / rate)
  }
  await Promise.all(under)
  await sleep(1500)
  watching.send('end')
  const [arrived] = (await once(watching, 'message')) as [[string, number][]]
  await api.close()
  const times = arrived.flatMap(([id, at]) => (sent.has(id) ? [at - sent.get(id)!] : []))
  if (times.length !== sent.size * screens)
    throw new Error(`${times.length} of ${sent.size * screens} orders came to their screens.`)
  return { ...figures(times, seconds), perSecond: rate }
}

const server = await startServer()
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void server.stop().then(() => process.exit(130)))
try {
  const lines = await circumstances(server.url)
  const bar = await openBar(server)
  const taken = await asManyAsItTakes(bar)
  const shown = await toScreens(bar)
  await bar.books.close()
  const results = [
    { name: `orders at one bar, ${tabs} tabs`, callers, ...taken },
    { name: `order to screen, ${screens} screens`, callers: screens, ...shown },
  ]
  console.log(`\n${lines.join('\n')}\n\n${table(results)}`)
  if (options.json) console.log(JSON.stringify({ results }))
} finally {
  await server.stop()
}
