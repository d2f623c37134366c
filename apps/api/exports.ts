/**
 * A list as a sheet: the same rows under the same filters, all pages of them, in the caller's language.
 * The columns are those of the contract's row, so a sheet shows what the list shows, no more. Times are those of the pages: by the
 * clock of the business, whose zone stands in the column's title, so that a table program takes them for times.
 *
 * A cell that begins with = + - @ tab or CR would be run by a spreadsheet as a formula: it gets an
 * apostrophe in front. Sums are left as they are, since a negative one is only a number.
 */
import type { OutgoingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Route } from '@bursar/contract'
import { Refusal } from '@bursar/kernel'
import { stringify } from 'csv-stringify/sync'
import type { FastifyReply } from 'fastify'
import type { SheetData } from 'write-excel-file/node'
import { columnsOf, type Column } from './columns.ts'
import type { Locale } from './language.ts'
import type { Refused } from './refusals.ts'
import { titleOf, wordOf } from './sheet-words.ts'

export type Sheet = 'csv' | 'xlsx'
export type Page = Readonly<{ rows: readonly object[]; next?: string }>
type Read = (query: Readonly<{ limit: number; cursor?: string }>) => Promise<Page>
type Cell = string | number | boolean | null

const types = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const satisfies Record<Sheet, string>
const pageRows = 200
/** An XLSX is built in memory: about 1 kB a row. A longer list is asked for as CSV, which is streamed. */
const xlsxRowsMost = 100_000

export function sheetWanted(accept: string | undefined): Sheet | undefined {
  if (!accept) return undefined
  if (accept.includes(types.xlsx)) return 'xlsx'
  return accept.includes('text/csv') ? 'csv' : undefined
}

export async function exported(
  reply: FastifyReply,
  sheet: Sheet,
  locale: Locale,
  route: Route,
  read: Read,
): Promise<FastifyReply> {
  const columns = columnsOf(route.reply)
  // The first page is read before the first byte is sent, so that a refusal is still a problem.
  const pages = pagesOf(await read({ limit: pageRows }), read)
  const titles = columns.map(column => titleOf(column, locale))
  const cells = cellsOf(pages, columns, locale, route.path)
  const name = `${route.path.split('/').at(-1)}-${new Date().toISOString().slice(0, 10)}.${sheet}`
  reply.code(200).type(types[sheet]).header('vary', 'accept, accept-language')
  reply.header('content-disposition', `attachment; filename="${name}"`)
  if (sheet === 'xlsx') return reply.send(await xlsxOf(titles, columns, cells))
  await streamed(reply, csvOf(titles, cells))
  return reply
}

/**
 * A list of a year takes longer to send than a request may take to be answered. So from its first byte on it
 * goes by itself; who reads nothing for a minute is left alone, and what breaks is seen to be cut off.
 */
async function streamed(reply: FastifyReply, text: AsyncIterable<string>): Promise<void> {
  reply.hijack()
  reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders)
  await pipeline(Readable.from(text), reply.raw).catch((err: unknown) =>
    reply.request.log.warn({ err }, 'a sheet was cut off'),
  )
}

async function* pagesOf(first: Page, read: Read): AsyncGenerator<Page> {
  for (let page = first; ; page = await read({ limit: pageRows, cursor: page.next })) {
    yield page
    if (page.next === undefined) return
  }
}

async function* cellsOf(
  pages: AsyncIterable<Page>,
  columns: readonly Column[],
  locale: Locale,
  list: string,
) {
  const say = (word: string) => wordOf(word, locale, list)
  for await (const { rows } of pages)
    yield rows.map(row => columns.map(column => cellOf(valueAt(row, column.path), column, say)))
}

async function* csvOf(titles: string[], pages: AsyncIterable<Cell[][]>): AsyncGenerator<string> {
  yield '\ufeff' + stringify([titles], { record_delimiter: '\r\n' })
  for await (const rows of pages)
    if (rows.length) yield stringify(rows, { record_delimiter: '\r\n', cast })
}
const cast = { boolean: String }

async function xlsxOf(
  titles: string[],
  columns: readonly Column[],
  pages: AsyncIterable<Cell[][]>,
) {
  const rows: SheetData = [titles.map(value => ({ value, fontWeight: 'bold' as const }))]
  for await (const page of pages) {
    for (const row of page) rows.push(row.map((cell, i) => xlsxCell(cell, columns[i]!)))
    if (rows.length > xlsxRowsMost) throw new Refusal<Refused>('too_large')
  }
  const { default: writeXlsx } = await import('write-excel-file/node')
  return await writeXlsx(rows).toBuffer()
}

/** A spreadsheet holds sums as floats whatever we do; two decimals of fifteen digits survive that. */
function xlsxCell(cell: Cell, { kind }: Column) {
  if (cell === null || cell === '') return null
  if (kind === 'sum') return { value: Number(cell), type: Number, format: '#,##0.00' } as const
  return typeof cell === 'string' ? ({ value: cell, type: String } as const) : cell
}

function valueAt(row: object, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | null | undefined)?.[name],
    row,
  )
}

function cellOf(value: unknown, { kind }: Column, say: (word: string) => string): Cell {
  if (value === undefined || value === null) return null
  if (kind === 'word') return harmless(say(String(value)))
  if (kind === 'instant') return clockOf(new Date(String(value)))
  if (kind === 'sum' || typeof value === 'number' || typeof value === 'boolean')
    return value as Cell
  return harmless(Array.isArray(value) ? value.join('; ') : String(value))
}

const zone = 'Asia/Shanghai'
const clock = new Intl.DateTimeFormat('sv-SE', {
  ...{ timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
})
/** `2026-11-29 19:20:30`, as on the pages. */
export const clockOf = (at: Date): string => clock.format(at)

/** ' in front of what a spreadsheet would run. */
export const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)
