/**
 * The platform's bill of a day, row by row in constant memory: a line of names, the rows, a line of names, a
 * line of sums. What it comes to is only known at the end: rows count when the last one has been read, because
 * a bill whose hash, count or sums do not agree is refused there.
 */
import { createHash } from 'node:crypto'
import type { BillRow } from '@bursar/custody/wallet'
import { Refusal } from '@bursar/kernel'
import { parse } from '@bursar/money'
import type { Line, Said } from './line.ts'
import { textOf } from './words.ts'

/** What stands under a name, in the row that was read last. */
type Cells = (name: string) => string | undefined
type Sums = { rows: number; paid: bigint; back: bigint; fee: bigint }

const path = '/v3/billdownload/file'
/** The platform looks through a day. */
const slowness = 10

export async function* billOf(gateway: string, line: Line, day: string): AsyncGenerator<BillRow> {
  const silent = (reason: string) => new Refusal('gateway_silent', { gateway, day, reason })
  const broken = (reason: string) => new Refusal('bill_broken', { gateway, day, reason })
  const asked = { method: 'GET' as const, url: 'v3/bill/tradebill' }
  const params = { bill_date: day, bill_type: 'ALL' }
  const heard = await line.ask({ ...asked, params }, slowness)
  if (!heard) throw silent('no answer')
  if ('declined' in heard)
    throw new Refusal('bill_not_ready', { gateway, day, refused: heard.declined.toLowerCase() })
  const where = whereabouts(heard.said)
  const bytes = where && (await line.stream({ method: 'GET', url: path.slice(1), params: where }))
  if (!bytes) throw silent('no bill')

  const hash = createHash('sha1')
  const sums: Sums = { rows: 0, paid: 0n, back: 0n, fee: 0n }
  let [head, told]: [Head, Cells | undefined] = [headOf(''), undefined]
  try {
    for await (const lines of linesOf(bytes, piece => void hash.update(piece)))
      for (const text of lines) {
        if (told || text === '') continue
        if (!text.startsWith('`')) head = headOf(text.replace(/^\uFEFF/, ''))
        else if (head.has('总交易单数')) told = cellsOf(head, text)
        else yield counted(rowOf(cellsOf(head, text)), sums)
      }
  } catch (error) {
    throw Object.assign(broken('unreadable'), { cause: error })
  }
  if (hash.digest('hex') !== textOf(heard.said, 'hash_value')?.toLowerCase())
    throw broken('another hash')
  if (!told || !agrees(told, sums)) throw broken('other sums')
}

/** From the same place that we ask: a signature of ours goes nowhere else. */
function whereabouts(said: Said): Record<string, string> | undefined {
  const url = textOf(said, 'download_url')
  const at = url && URL.canParse(url) ? new URL(url) : undefined
  const isKnown = at?.pathname === path && textOf(said, 'hash_type') === 'SHA1'
  return isKnown ? Object.fromEntries(at.searchParams) : undefined
}

/** The lines of a piece at a time: to wait for each of a million is a fifth of reading them. */
async function* linesOf(
  bytes: AsyncIterable<Uint8Array>,
  seen: (piece: Uint8Array) => void,
): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = ''
  for await (const piece of bytes) {
    seen(piece)
    const lines = (rest + decoder.decode(piece, { stream: true })).split(/\r?\n/)
    rest = lines.pop()!
    yield lines
  }
  yield [rest + decoder.decode()]
}

/** Where each name stands. */
type Head = ReadonlyMap<string, number>
const headOf = (text: string): Head => new Map(text.split(',').map((name, place) => [name, place]))

/** Each cell begins with a backtick, so that no spreadsheet takes a number for a number. */
function cellsOf(head: Head, text: string): Cells {
  const cells = text.slice(1).split(',`')
  return name => cells[head.get(name) ?? -1]
}

function rowOf(cells: Cells): BillRow {
  const cell = (name: string) => {
    const value = cells(name)
    if (value === undefined || value === '') throw new RangeError(`${name} is missing`)
    return value
  }
  const isPayment = cell('交易状态') === 'SUCCESS'
  const currency = cell('货币种类')
  const at = new Date(`${cell('交易时间').replace(' ', 'T')}+08:00`)
  if (Number.isNaN(at.getTime())) throw new RangeError('交易时间')
  const row = { order: cell('商户订单号'), tradeNo: cell('微信订单号'), at }
  const sum = parse(cell(isPayment ? '订单金额' : '申请退款金额'), currency)
  const fee = { minor: coinsOf(cell('手续费')), currency }
  if (isPayment) return { kind: 'payment', ...row, amount: sum, fee }
  return { kind: 'refund', refund: cell('商户退款单号'), ...row, amount: sum, fee }
}

/** With five places, of which the last three say nothing: the platform rounds to the fen. */
function coinsOf(text: string): bigint {
  const [, sign, whole, places, finer] = /^(-?)(\d+)\.(\d\d)(\d*)$/.exec(text) ?? []
  if (whole === undefined || /[1-9]/.test(finer!)) throw new RangeError(`${text} is no whole fen`)
  const coins = BigInt(`${whole}${places}`)
  return sign ? -coins : coins
}

function counted(row: BillRow, sums: Sums): BillRow {
  sums.rows++
  if (row.kind === 'payment') sums.paid += row.amount.minor
  else sums.back += row.amount.minor
  sums.fee += row.fee.minor
  return row
}

function agrees(told: Cells, { rows, paid, back, fee }: Sums): boolean {
  const names = ['总交易单数', '订单总金额', '申请退款总金额', '手续费总金额'] as const
  const [count, ...sums] = names.map(name => told(name) ?? '')
  try {
    const [in_, out, kept] = sums.map(coinsOf)
    return count === String(rows) && in_ === paid && out === back && kept === fee
  } catch {
    return false
  }
}
