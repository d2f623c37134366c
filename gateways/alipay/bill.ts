/**
 * Alipay's bill of a day: a table in GBK, in a ZIP, behind an address that is good for thirty seconds. It is brought
 * onto the disk and read row by row, so that a million rows need no more memory than ten.
 */
import type { BillRow } from '@bursar/custody/wallet'
import { Refusal } from '@bursar/kernel'
import { cny, negate, type Money } from '@bursar/money'
import type { Line } from './line.ts'
import { cells, linesOf } from './table.ts'
import { instantOf, refusalOf, textOf } from './words.ts'
import { entryOf, fetched } from './zip.ts'

const gateway = 'alipay'
/** How long the whole download may take. */
const patience = 10 * 60_000

/** A bill that breaks off, or that is not as Alipay writes it: nothing in it is to be believed. */
class BrokenBill extends Error {}

export async function* billOf(line: Line, day: string): AsyncGenerator<BillRow> {
  const bizContent = { bill_type: 'trade', bill_date: day }
  const said = await line.ask('alipay.data.dataservice.bill.downloadurl.query', { bizContent })
  const refused = refusalOf(said)
  if (refused?.toLowerCase().includes('bill_not_exist'))
    throw new Refusal('bill_not_ready', { gateway, day })
  if (refused) throw new Refusal('gateway_refused', { gateway, refused })
  const url = textOf(said, 'bill_download_url')
  if (!url) throw new Refusal('gateway_silent', { gateway })
  const file = await fetched(url, AbortSignal.timeout(patience)).catch(() => {
    throw new Refusal('gateway_silent', { gateway })
  })
  try {
    // The other table in it adds the first one up.
    const entry = await entryOf(file, name => name.endsWith('业务明细.csv'))
    if (!entry) throw new BrokenBill('There is no table of payments in the bill.')
    yield* rowsOf(linesOf(entry, 'gbk'))
  } catch (error) {
    const { message: reason } = error as Error
    throw Object.assign(new Refusal('bill_broken', { gateway, day, reason }), { cause: error })
  } finally {
    await file.close()
  }
}

const columns = {
  tradeNo: '支付宝交易号',
  order: '商户订单号',
  kind: '业务类型',
  at: '完成时间',
  amount: '订单金额（元）',
  refund: '退款批次号/请求号',
  fee: '服务费（元）',
} as const
type Column = keyof typeof columns

export async function* rowsOf(lines: AsyncIterable<string>): AsyncGenerator<BillRow> {
  let places: Readonly<Record<Column, number>> | undefined
  for await (const text of lines) {
    if (text.startsWith('#') && text.includes('业务明细列表结束')) return
    if (text.startsWith('#') || text.trim() === '') continue
    const row = cells(text)
    if (places) yield rowOf(row, places)
    else places = placesOf(row)
  }
  // The last line says that it is the last: without it, the rest was lost on the way.
  throw new BrokenBill('The bill breaks off.')
}

/** By their names: Alipay has added columns before. */
function placesOf(row: readonly string[]): Readonly<Record<Column, number>> {
  const found = Object.entries(columns).map(([name, title]) => {
    const place = row.indexOf(title)
    if (place < 0) throw new BrokenBill(`The bill has no column ${title}.`)
    return [name, place]
  })
  return Object.fromEntries(found) as Record<Column, number>
}

function rowOf(row: readonly string[], places: Readonly<Record<Column, number>>): BillRow {
  const word = (name: Column) => row[places[name]] ?? ''
  const [kind, at] = [word('kind'), instantOf(word('at'))]
  const [order, tradeNo] = [word('order'), word('tradeNo')]
  const isRefund = kind === '退款'
  if ((!isRefund && kind !== '交易') || !at || !order || !tradeNo)
    throw new BrokenBill(`A row of the bill is not understood: ${order || tradeNo}`)
  const sum = cny(word('amount'))
  // What Alipay keeps stands there as what the seller loses.
  const fee = turned(cny(word('fee')))
  return {
    ...{ order, tradeNo, at, fee },
    kind: isRefund ? 'refund' : 'payment',
    amount: isRefund ? turned(sum) : sum,
    ...(isRefund && { refund: word('refund') }),
  }
}

const turned = (sum: Money): Money => (sum.minor === 0n ? sum : negate(sum))
