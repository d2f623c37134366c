/** What a list of goods orders becomes by orders that were placed or have changed: oldest first, as it is asked for. */
import type { listGoodsOrders, QueryOf, ReplyOf } from '@bursar/contract'

type Page = ReplyOf<typeof listGoodsOrders>
type Row = Page['rows'][number]
type Query = Pick<QueryOf<typeof listGoodsOrders>, 'state' | 'station'>

export function merged(page: Page, told: readonly Row[], query: Query): Page {
  const ids = new Set(told.map(({ id }) => id))
  const rows = [
    ...page.rows.filter(({ id }) => !ids.has(id)),
    ...told.filter(row => isIn(query, row)),
  ]
  return { ...page, rows: rows.toSorted((a, b) => a.placedAt.localeCompare(b.placedAt)) }
}

function isIn({ state, station }: Query, row: Row): boolean {
  const stations = row.lines.map(line => line.station)
  const here =
    station === 'made' ? stations.some(one => one !== 'time') : stations.includes(station!)
  return row.state === state && (station === undefined || here)
}
