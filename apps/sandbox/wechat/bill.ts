/**
 * The played WeChat Pay's bill of a day, in the platform's own text: a line of names, a line per payment and
 * refund, a line of names, a line of sums. A day of nothing has no bill, and nor has one that is not over. It is made
 * once, when it is first asked for, and anew when something has changed since.
 */
import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { format } from '@bursar/money'
import { spoiled, type BillCells } from '../bill-spoils.ts'
import { beijing } from '../doors.ts'
import type { Order } from '../wallet.ts'
import type { WechatRefund } from './refunds.ts'
import { Declined, openidOf, type WechatOrder } from './orders.ts'
import type { WechatKeys } from './seal.ts'
import type { World } from '../world.ts'

export type Bills = ReturnType<typeof openBills>
type Json = Readonly<Record<string, unknown>>
type Row = Readonly<{
  at: string
  order: Pick<Order, 'order' | 'minor' | 'subject' | 'tradeNo' | 'payer'>
  kind: string
  refund?: WechatRefund
}>

const names =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'
const sums =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'

/** Of the sum, rounded half up to the fen; shown with five places all the same. */
const rate = '0.60%'
const feeOf = (coins: bigint): bigint => (coins * 6n + 500n) / 1000n
const yuan = (coins: bigint): string => format({ minor: coins, currency: 'CNY' })
const long = (coins: bigint): string => `${yuan(coins)}000`
const line = (cells: readonly string[]): string => `${cells.map(cell => `\`${cell}`).join(',')}\r\n`
/** A comma would end the cell: the platform writes a blank in its place. */
const clean = (cell: string): string => cell.replace(/[,`\r\n]/g, ' ')

/** Of what state of the world, and its bytes: some thousand lines to a piece. */
type Made = Readonly<{ of: string; hash: string; pieces: readonly Buffer[] }>
const linesAtOnce = 1000

export function openBills(world: World, keys: WechatKeys) {
  const tokens = new Map<string, Made>()
  /** How many payments of nobody's are in the bill besides, by day. */
  const padding = new Map<string, Padding>()
  let last: Made | undefined

  function* text(day: string): Generator<string> {
    const total = { rows: 0, paid: 0n, back: 0n, fee: 0n }
    yield `${names}\r\n`
    const all = withCells(rowsOf(world, day, padding.get(day)))
    for (const [row, cells] of spoiled(world, day, all)) {
      const { minor: coins } = cells
      total.rows++
      if (row.refund) total.back += coins
      else total.paid += coins
      total.fee += cells.fee
      yield line(cellsOf(keys, row, cells))
    }
    yield `${sums}\r\n`
    const { rows, paid, back, fee } = total
    const money = [yuan(paid), yuan(back), yuan(0n), long(fee), yuan(paid), yuan(back)]
    yield line([String(rows), ...money])
  }

  function made(day: string): Made {
    const of = JSON.stringify([day, world.puts(), padding.get(day)])
    if (last?.of === of) return last
    tokens.clear()
    const [hash, pieces, lines] = [createHash('sha1'), [] as Buffer[], [] as string[]]
    const cut = () => {
      const piece = Buffer.from(lines.splice(0).join(''))
      hash.update(piece)
      pieces.push(piece)
    }
    for (const one of text(day)) if (lines.push(one) === linesAtOnce) cut()
    cut()
    return (last = { of, hash: hash.digest('hex'), pieces })
  }

  return {
    pad: (day: string, rows: number, of = 'stranger_') => void padding.set(day, { rows, of }),
    order(day: string, callUrl: string): Json {
      if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new Declined(400, 'PARAM_ERROR', 'bill_date')
      if (day >= beijing(new Date()).slice(0, 10))
        throw new Declined(400, 'PARAM_ERROR', '账单日期格式不正确')
      const some = rowsOf(world, day, padding.get(day)).next()
      if (some.done) throw new Declined(400, 'NO_STATEMENT_EXIST', '账单文件不存在')
      const bill = made(day)
      const token = randomBytes(24).toString('base64url')
      tokens.set(token, bill)
      const download_url = `${callUrl}/v3/billdownload/file?token=${token}`
      return { hash_type: 'SHA1', hash_value: bill.hash, download_url }
    },
    /** `cut`: the second half is missing. */
    file(token: string, cut: boolean): Readable {
      const pieces = tokens.get(token)?.pieces ?? []
      if (!cut) return Readable.from(pieces)
      const whole = Buffer.concat(pieces)
      return Readable.from([whole.subarray(0, whole.lastIndexOf('\n', whole.length / 2) + 1)])
    },
  }
}

type Padding = Readonly<{ rows: number; of: string }>
function* rowsOf(
  world: World,
  day: string,
  { rows: padded, of }: Padding = { rows: 0, of: '' },
): Generator<Row> {
  const isOfDay = (at: string | undefined) =>
    at !== undefined && beijing(new Date(at)).startsWith(day)
  for (const more of world.all<WechatOrder>('wechat-order')) {
    const order = world.get<Order>('order', more.order)!
    if (isOfDay(order.paidAt)) yield { at: order.paidAt!, order, kind: more.kind }
  }
  for (const refund of world.all<WechatRefund>('wechat-refund')) {
    if (!isOfDay(refund.createdAt)) continue
    const { kind } = world.get<WechatOrder>('wechat-order', refund.order)!
    yield { at: refund.createdAt, order: world.get<Order>('order', refund.order)!, kind, refund }
  }
  const noon = new Date(`${day}T12:00:00+08:00`).toISOString()
  for (let no = 1; no <= padded; no++) {
    const [number, minor] = [`${of}${no}`, BigInt(no)]
    const order = { order: number, minor, subject: '<,>', tradeNo: `42${no}`, payer: number }
    yield { at: noon, kind: 'NATIVE', order }
  }
}

function* withCells(rows: Iterable<Row>): Generator<readonly [Row, BillCells]> {
  for (const row of rows) {
    const { order, refund } = row
    const minor = refund?.minor ?? order.minor
    const fee = refund ? -feeOf(minor) : feeOf(minor)
    const cells = { order: order.order, tradeNo: order.tradeNo ?? '', minor, fee }
    yield [row, { ...cells, ...(refund && { refund: refund.refund }) }]
  }
}

function cellsOf(
  { appid, mchid }: WechatKeys,
  { at, order, kind, refund }: Row,
  cells: BillCells,
): string[] {
  const time = beijing(new Date(at))
  const paid = refund ? 0n : cells.minor
  const back = refund ? cells.minor : 0n
  return [
    ...[
      time,
      appid,
      mchid,
      '0',
      '',
      cells.tradeNo,
      cells.order,
      openidOf(appid, order.payer ?? ''),
    ],
    ...[kind, refund ? 'REFUND' : 'SUCCESS', 'OTHERS', 'CNY', yuan(paid), yuan(0n)],
    ...[refund?.refundId ?? '0', refund?.refund ?? '0', yuan(back), yuan(0n)],
    ...[refund ? 'ORIGINAL' : '', refund?.status ?? '', clean(order.subject), ''],
    ...[long(cells.fee), rate, yuan(paid), yuan(back), ''],
  ]
}
