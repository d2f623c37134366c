/**
 * A shop's own statement, as its bank or its platform gives it out: a table in UTF-8 or GBK, whose columns are known by
 * their names, under whatever stands above it. What came in is read, and what went back as a refund; the rest is not
 * about what a counter tells.
 */
import { createHash } from 'node:crypto'
import { instantOf, Refusal } from '@bursar/kernel'
import { parse as moneyOf, type Money } from '@bursar/money'
import { parse } from 'csv-parse/sync'
import type { Refused } from './refused.ts'
import type { Kind } from './words.ts'

export type StatementRow = Readonly<{
  /** Its own, for ever: the same line in the next statement is the same word, and another sum another one. */
  id: string
  kind: Kind
  orders: readonly string[]
  amount: Money
  payer: string | null
  at: Date
}>
export type Unread = Readonly<{ line: number; why: 'time' | 'amount' }>
export type Statement = Readonly<{
  rows: readonly StatementRow[]
  /** What went out, or did not come about. */
  others: number
  unread: readonly Unread[]
}>

const rowsMost = 5_000
const headWithin = 60

/** Names of columns as banks, Alipay, WeChat Pay and spreadsheets have them, without what stands in brackets. */
const names = {
  time: '交易日期 记账日期 入账日期 日期 交易时间 记账时间 入账时间 完成时间 付款时间 收款时间 时间 date time',
  clock: '交易时间 记账时间 入账时间 时间 time',
  amount: '金额 交易金额 收款金额 订单金额 入账金额 发生额 amount',
  came: '收入 收入金额 贷方发生额 贷方金额 贷方 存入金额 credit',
  back: '申请退款金额 退款金额',
  went: '支出 支出金额 借方发生额 借方金额 借方 支取金额 debit',
  way: '收/支 收支 收支类型 借贷标志 借贷 业务类型 交易类型 类型 type',
  state: '交易状态 当前状态 状态 status',
  order: '支付宝交易号 微信支付单号 微信订单号 交易单号 交易号 交易流水号 流水号 凭证号 reference',
  own: '商户订单号 商户单号 订单号 order',
  payer: '对方户名 对方名称 交易对方 对方账户名称 付款方 付款人 付款方名称 payer counterparty',
} as const
type Column = keyof typeof names
type Cells = (column: Column) => string
type Head = Readonly<Partial<Record<Column, number>>>

/** Refuses what is no such table, with no line under its names or with more than 5,000. */
export function readStatement(bytes: Uint8Array, currency: string): Statement {
  const { head, lines } = tableOf(textOf(bytes))
  const under = lines.filter(({ record }) => record.length > 1)
  if (under.length > rowsMost)
    throw new Refusal<Refused>('statement_too_long', { field: 'data', most: rowsMost })
  const rows: StatementRow[] = []
  const unread: Unread[] = []
  const seen = new Map<string, number>()
  let others = 0
  for (const { record, info } of under) {
    const cells: Cells = column => clean(record[head[column] ?? -1])
    // What adds the table up stands in its last lines, under no time.
    if (!/\d/.test(cells('time')) && !cells('order')) continue
    const read = rowOf(cells, head, currency)
    if (read === 'other') others++
    else if (typeof read === 'string') unread.push({ line: info.lines, why: read })
    else rows.push({ ...read, id: idOf(read, seen) })
  }
  if (rows.length + others + unread.length === 0) throw unreadable()
  return { rows, others, unread }
}

const unreadable = () => new Refusal<Refused>('statement_unreadable', { field: 'data' })

function textOf(bytes: Uint8Array): string {
  for (const encoding of ['utf-8', 'gb18030'])
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      continue
    }
  throw unreadable()
}

type Line = Readonly<{ record: string[]; info: { lines: number } }>

/** Whichever sign it is that parts its columns: the one by which they have names. */
function tableOf(text: string): Readonly<{ head: Head; lines: readonly Line[] }> {
  const shape = { relax_column_count: true, relax_quotes: true, skip_empty_lines: true } as const
  for (const delimiter of ['\t', ';', ',']) {
    let lines: Line[]
    try {
      lines = parse(text, { ...shape, delimiter, bom: true, info: true }) as unknown as Line[]
    } catch {
      continue
    }
    const at = lines.slice(0, headWithin).findIndex(({ record }) => isHead(headOf(record)))
    if (at >= 0) return { head: headOf(lines[at]!.record), lines: lines.slice(at + 1) }
  }
  throw unreadable()
}

/** Backticks and tabs keep spreadsheets from taking a number for a number. */
const clean = (cell: string | undefined): string => (cell ?? '').replaceAll(/[`\t]/g, '').trim()
const nameOf = (cell: string): string =>
  clean(cell)
    .replaceAll(/[(（[].*?[)）\]]/g, '')
    .replaceAll(/\s/g, '')
    .toLowerCase()

function headOf(record: readonly string[]): Head {
  const titles = record.map(nameOf)
  const head: Partial<Record<Column, number>> = {}
  for (const [column, known] of Object.entries(names) as [Column, string][])
    for (const name of known.split(' ')) {
      const place = titles.indexOf(name)
      if (place >= 0) {
        head[column] = place
        break
      }
    }
  return head
}

const isHead = ({ time, amount, came }: Head): boolean =>
  time !== undefined && (amount !== undefined || came !== undefined)

type Read = Omit<StatementRow, 'id'>

function rowOf(cells: Cells, head: Head, currency: string): Read | Unread['why'] | 'other' {
  const [way, state] = [cells('way'), cells('state')]
  const isRefund = /退款|refund/i.test(way) || state === 'REFUND'
  if (/失败|关闭|未支付|未付款|作废|failed|closed|cancel/i.test(state)) return 'other'
  const came = head.came === undefined ? cells('amount') : cells('came')
  const written = (isRefund && (cells('back') || came || cells('went'))) || came
  const amount = sumOf(written, currency)
  const wentOut = /支出|借|转出|提现|不计|^\/$|debit|expense/i.test(way)
  if (!isRefund && (wentOut || (!written && cells('went')) || amount?.minor === 0n)) return 'other'
  if (!amount) return 'amount'
  if (!isRefund && amount.minor < 0n) return 'other'
  const at = timeOf(cells)
  if (!at) return 'time'
  const minor = amount.minor < 0n ? -amount.minor : amount.minor
  const orders = [...new Set([cells('order'), cells('own')])].filter(isOrder)
  const payer = isRefund ? null : cells('payer').slice(0, 60) || null
  return { kind: isRefund ? 'refund' : 'payment', orders, amount: { minor, currency }, payer, at }
}

const isOrder = (text: string): boolean => /^[A-Za-z0-9_-]{6,64}$/.test(text)

function sumOf(text: string, currency: string): Money | undefined {
  const bare = text.replaceAll(/[¥￥,，\s+]|元|CNY|RMB/g, '')
  try {
    return moneyOf(bare, currency)
  } catch {
    return undefined
  }
}

const day = /(20\d{2})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))/
const clock = /(?<!\d)(\d{1,2}):?(\d{2})(?::?(\d{2}))?$/

/** In one column or in two. A day alone is its noon: half a day from whatever was announced on it. */
function timeOf(cells: Cells): Date | undefined {
  const beside = cells('clock')
  const written = day.test(beside) ? beside : cells('time')
  const found = day.exec(written)
  if (!found) return undefined
  const [year, month, date] = found.slice(1).filter(part => part !== undefined)
  const after = written.slice(found.index + found[0].length)
  const [, hour = '12', minute = '00', second = '00'] = clock.exec(after || beside) ?? []
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  try {
    const text = [year!, month!, date!].map(part => part.padStart(2, '0')).join('-')
    const start = instantOf(text, Number(hour) * 60 + Number(minute))
    return new Date(start.getTime() + Number(second) * 1000)
  } catch {
    return undefined
  }
}

/** Of lines that are alike in everything, and have no number, the second is another one. */
function idOf({ kind, orders, amount, payer, at }: Read, seen: Map<string, number>): string {
  const number = orders[0] ?? `${at.toISOString()} ${payer ?? ''}`
  const said = [kind, number, amount.minor, amount.currency].join(' ')
  const nth = orders.length > 0 ? 0 : (seen.get(said) ?? 0)
  seen.set(said, nth + 1)
  return createHash('sha256').update(`${said} ${nth}`).digest('hex').slice(0, 40)
}
