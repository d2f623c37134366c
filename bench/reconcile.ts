/**
 * npm run bench:reconcile [-- --rows 1000000 --json]
 *
 * A day's bill of WeChat Pay, as the platform sends it, beside as many payments in the books: brought, read row by row,
 * kept, compared with the books and with the agreed fee, and what differs found. Five differences are planted, and the
 * run fails unless these five are found and no other. The platform is played in a process of its own, on this machine, and
 * has made its bill before the clock runs, as a platform has by the morning.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { wechatPay } from '@bursar/gateway-wechat-pay'
import { dayAfter, dayOf } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import {
  compareBills,
  listBreaks,
  listDays,
  openDays,
  setFee,
  takeBills,
} from '@bursar/reconciliation'
import { makeWechatKeys, type WechatMerchantKeys } from '@bursar/sandbox'
import { settingsOf } from './callbacks/notices.ts'
import { circumstances, connected, databaseUrl, startServer } from './server.ts'
import { bursarTown } from './town.ts'

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    json: { type: 'boolean', default: false },
  },
})
const rows = Number(options.rows)
const day = dayAfter(dayOf(new Date()), -1)
const prefix = 'top_bench'
const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20)

/** Payments that the books have of that day, under the numbers that the bill names: at noon, of one fen and on. */
async function paid(url: string, purse: string): Promise<void> {
  await using client = await connected(url)
  // Without their dockets: this is no measurement of the cashier.
  await client.query('set session_replication_role = replica')
  for (let from = 1; from <= rows; from += 100_000)
    await client.query(
      `insert into custody.top_up (id, book, purse, minor, currency, gateway, asked_by, state, trade_no, created_at,
         expires_at, ended_at)
       select $1 || n, 1, $2, n, 'CNY', 'wechat-pay', 'per_bench', 'credited', '42' || n, noon, noon, noon
       from generate_series($3::int, $4::int) as n, (select ($5 || 'T12:00:00+08:00')::timestamptz as noon) as at`,
      [prefix, purse, from, Math.min(from + 99_999, rows), day],
    )
}

/** The platform, with a bill in which four rows are wrong and one is nobody's. */
async function play(keys: WechatMerchantKeys) {
  const played = fork(new URL('reconcile/platform.ts', import.meta.url), [
    day,
    String(rows),
    prefix,
  ])
  played.send(keys)
  const [callUrl] = (await once(played, 'message')) as [string]
  const wrong = ['missing', 'twice', 'amount', 'fee'].map((how, n) => [
    `${prefix}${n * 7 + 3}`,
    how,
  ])
  for (const [order, how] of [...wrong, ['top_nobody', 'stranger']])
    await fetch(`${callUrl}/control`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ do: 'spoil_bill', day, order, spoil: how }),
    })
  return { callUrl, stop: () => played.disconnect() }
}

/** Read to nowhere: the bill is made when it is first asked for. */
async function makeBill(bill: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of bill) return
}

/** The most that this process held, looked at ten times a second. */
function watchMemory() {
  const begin = process.memoryUsage().rss
  let most = begin
  const look = () => void (most = Math.max(most, process.memoryUsage().rss))
  const every = setInterval(look, 100)
  return () => {
    clearInterval(every)
    look()
    return { beginMB: megabytes(begin), mostMB: megabytes(most) }
  }
}

const server = await startServer()
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void server.stop().then(() => process.exit(130)))
try {
  const { url, payers } = await bursarTown(server, 1)
  const keys = await makeWechatKeys()
  const platform = await play(keys)
  const urls = { pay: platform.callUrl, open: platform.callUrl, api: platform.callUrl }
  const settings = { ...settingsOf(keys), urls }
  const wallet = wechatPay({ settings, notifyUrl: 'http://127.0.0.1:9/' })
  const { gateway } = wallet
  await paid(databaseUrl(server.url, 'bursar'), payers[0]!.purse)
  const books = openBooks({ url })
  const [person] = await books.sql<{ id: `per_${string}` }>`select id from parties.person limit 1`
  await setFee(books, { gateway, feeBps: 60, by: person!.id })
  await openDays(books, [wallet])
  await makeBill(wallet.bill!(day))
  const now = new Date(Date.now() + 24 * 3_600_000)
  const stopWatching = watchMemory()
  const start = performance.now()
  const taken = await takeBills(books, [wallet], { now })
  const takenMs = performance.now() - start
  await compareBills(books)
  const allMs = performance.now() - start
  const memory = stopWatching()
  const [told] = await listDays(books, { from: day, to: day })
  const found = (await listBreaks(books, { limit: 200 })).map(({ kind }) => kind).toSorted()
  const wanted = ['duplicate', 'missing_here', 'missing_there', 'wrong_amount', 'wrong_fee']
  if (taken !== 1 || JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(
      `Found ${found.join(', ') || 'nothing'}; of ${taken} bills; ${told?.problem ?? ''}`,
    )
  const result = {
    rows: told!.there.payments,
    seconds: Number((allMs / 1000).toFixed(1)),
    takingSeconds: Number((takenMs / 1000).toFixed(1)),
    comparingSeconds: Number(((allMs - takenMs) / 1000).toFixed(1)),
    ...memory,
    breaks: found.length,
  }
  console.log(`\n${(await circumstances(server.url)).join('\n')}\n`)
  console.table([result])
  if (options.json) console.log(JSON.stringify({ result }))
  await books.close()
  platform.stop()
} finally {
  await server.stop()
}
