/** What custody's lists have in common: days of the zone, cursors, and one row more to know the next page. */
import { Refusal } from '@bursar/kernel'
import type { Refused } from '../refusals.ts'

/** The zone of the merchants' days: one zone, without summer time, since 1991. */
const zone = '+08:00'
const aDay = 24 * 3600 * 1000

/** Both days are in it. */
export function daysOf({ from, to }: { from?: string; to?: string }): { from?: Date; to?: Date } {
  return {
    ...(from !== undefined && { from: new Date(`${from}T00:00:00${zone}`) }),
    ...(to !== undefined && { to: new Date(Date.parse(`${to}T00:00:00${zone}`) + aDay) }),
  }
}

/** The cursor of a statement is the seq to go on from. */
export function seqOf(cursor: string | undefined): { cursor?: bigint } {
  if (cursor === undefined) return {}
  if (!/^\d{1,18}$/.test(cursor))
    throw new Refusal<Refused>('malformed', { pointer: '/query/cursor', rule: 'pattern' })
  return { cursor: BigInt(cursor) }
}

type Asked = Readonly<{ limit?: number; cursor?: string }>

/** Asks for one row more than the page has: whether it comes says whether there is a next page. */
export async function pageOf<Row, Out>(
  { limit = 50, cursor }: Asked,
  read: (ask: { limit: number; cursor?: string }) => Promise<readonly Row[]>,
  view: (row: Row) => Out,
  cursorOf: (row: Row) => string,
): Promise<{ rows: Out[]; next?: string }> {
  const found = await read({ limit: limit + 1, ...(cursor !== undefined && { cursor }) })
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return {
    rows: page.map(view),
    ...(found.length > limit && last !== undefined && { next: cursorOf(last) }),
  }
}
