/**
 * The day's bill as Alipay makes it: CSV in GBK, in a ZIP, behind an address that is good for thirty seconds. The
 * sandbox makes it at once; the real one the next morning.
 */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { format } from '@bursar/money'
import { spoiled, type BillCells } from '../bill-spoils.ts'
import { beijing, payerNumber } from '../doors.ts'
import type { Order, PlayedWallet, Refund } from '../wallet.ts'
import type { World } from '../world.ts'
import { gbk } from './gbk.ts'
import type { AlipaySide } from './keys.ts'
import { logonOf } from './notice.ts'
import { failed, type Method } from './trade.ts'
import { zip } from './zip.ts'

type Row = Readonly<{ order: Order; refund?: Refund; at: string }>
type Options = Readonly<{
  wallet: PlayedWallet
  side: AlipaySide
  world: World
  home: () => string
}>
const goodFor = 30_000

export function openBills(
  server: FastifyInstance,
  { wallet, side, world, home }: Options,
): Readonly<Record<string, Method>> {
  const offered = new Map<string, { day: string; until: number }>()

  server.get('/bills/:token', (request: FastifyRequest<{ Params: { token: string } }>, reply) => {
    const { day, until } = offered.get(request.params.token) ?? { day: '', until: 0 }
    if (until < Date.now()) return reply.code(403).send()
    return reply.type('application/zip').send(billOf(told(world, wallet, day), side, day))
  })

  return {
    'alipay.data.dataservice.bill.downloadurl.query': ({
      bill_type: type,
      bill_date: day = '',
    }) => {
      if (type !== 'trade') return failed('isv.invalid-parameter', '参数无效', '40002')
      if (rowsOf(wallet, day).length === 0) return failed('isp.bill_not_exist', '账单不存在')
      const token = randomBytes(16).toString('hex')
      offered.set(token, { day, until: Date.now() + goodFor })
      return { code: '10000', msg: 'Success', bill_download_url: `${home()}/bills/${token}` }
    },
  }
}

function rowsOf(wallet: PlayedWallet, day: string): Row[] {
  const mine = new Map(
    wallet.orders().flatMap(order => (order.door === 'alipay' ? [[order.order, order]] : [])),
  )
  const paid = [...mine.values()].flatMap(order =>
    order.paidAt ? [{ order, at: order.paidAt }] : [],
  )
  const back = wallet.refunds().flatMap(refund => {
    const order = mine.get(refund.order)
    return order && refund.at ? [{ order, refund, at: refund.at }] : []
  })
  return [...paid, ...back]
    .filter(({ at }) => beijing(new Date(at)).startsWith(day))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
}

const columns =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注'
const line = (word: string) => `#${'-'.repeat(41)}${word}${'-'.repeat(40)}`

type Told = readonly [Row, BillCells]
function told(world: World, wallet: PlayedWallet, day: string): Told[] {
  const rows = rowsOf(wallet, day).map((row): Told => {
    const { order, refund } = row
    const cells = { order: order.order, tradeNo: order.tradeNo ?? '', fee: 0n }
    const minor = refund?.minor ?? order.minor
    return [row, { ...cells, minor, ...(refund && { refund: refund.refund }) }]
  })
  return [...spoiled(world, day, rows)]
}

function billOf(rows: readonly Told[], { sellerId }: AlipaySide, day: string): Buffer {
  const [spoken, name] = [
    day.replace('-', '年').replace('-', '月'),
    `${sellerId}_${day.replaceAll('-', '')}`,
  ]
  const refunds = rows.filter(([{ refund }]) => refund).length
  const head = [
    '#支付宝业务明细查询',
    `#账号：[${sellerId}0156]`,
    `#起始日期：[${spoken}日 00:00:00]`,
  ]
  const foot = [`#交易合计：${rows.length - refunds}笔`, `#退款合计：${refunds}笔`]
  const details = [
    ...head,
    line('业务明细列表'),
    columns,
    ...rows.map(written),
    line('业务明细列表结束'),
    ...foot,
  ]
  return zip([
    { name: gbk(`${name}_业务明细(汇总).csv`), data: gbk([...head, ...foot].join('\r\n')) },
    { name: gbk(`${name}_业务明细.csv`), data: gbk(`${details.join('\r\n')}\r\n`) },
  ])
}

/** Texts end with a tab, so that a table program does not take long numbers for sums. */
function written([{ order, refund, at }, cells]: Told): string {
  const yuan = (minor: bigint) => format({ minor, currency: 'CNY' })
  const sum = yuan(refund ? -cells.minor : cells.minor)
  const [made, done] = [order.paidAt ?? at, at].map(one => beijing(new Date(one)))
  const who = logonOf(payerNumber(order.payer ?? ''))
  const subject = /[",]/.test(order.subject)
    ? `"${order.subject.replaceAll('"', '""')}"`
    : order.subject
  return [
    ...[`${cells.tradeNo}\t`, `${cells.order}\t`, refund ? '退款' : '交易', subject],
    ...[made, done, '', '', '', '', `${who}\t`, sum, sum],
    ...['0.00', '0.00', '0.00', '0.00', '0.00', '', '0.00', '0.00'],
    ...[refund ? `${refund.refund}\t` : '', yuan(-cells.fee), '0.00', ''],
  ].join(',')
}
