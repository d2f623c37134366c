/**
 * The server tells this screen of orders as they come. False while it does not, or cannot: then the screen asks by
 * itself, every second.
 */
import { listGoodsOrders, watchGoodsOrders, type ReplyOf } from '@bursar/contract'
import { useEffect, useEffectEvent, useState } from 'react'
import type { Ask } from '../app/call.ts'
import { patchRead, readAgain } from '../app/read.ts'

type Page = ReplyOf<typeof listGoodsOrders>
type Row = Page['rows'][number]

export function useTold(
  merchant: string,
  ask: Ask<typeof listGoodsOrders>,
  station: string,
): boolean {
  const [told, setTold] = useState(false)
  const take = useEffectEvent((rows: readonly Row[]) => {
    // An order's row does not say its outlet: a screen of one outlet asks.
    if (ask.query?.outlet) void readAgain(listGoodsOrders)
    else patchRead(listGoodsOrders, ask, page => merged(page, rows, station))
  })
  useEffect(() => {
    const source = new EventSource(watchGoodsOrders.path.replace(':merchant', merchant))
    source.addEventListener('open', () => setTold(true))
    source.addEventListener('error', () => setTold(false))
    source.addEventListener('missed', () => void readAgain(listGoodsOrders))
    source.addEventListener('orders', ({ data }: MessageEvent<string>) =>
      take((JSON.parse(data) as { rows: Row[] }).rows),
    )
    return () => source.close()
  }, [merchant])
  return told
}

const waits = ({ state }: Row) => state === 'placed' || state === 'accepted'

/** Oldest first, as the list is. */
function merged(page: Page, told: readonly Row[], station: string): Page {
  const ids = new Set(told.map(({ id }) => id))
  const here = (row: Row) => station === 'all' || row.lines.some(line => line.station === station)
  const rows = [
    ...page.rows.filter(({ id }) => !ids.has(id)),
    ...told.filter(row => waits(row) && here(row)),
  ]
  return { ...page, rows: rows.toSorted((a, b) => a.placedAt.localeCompare(b.placedAt)) }
}
