/**
 * The server tells this screen of orders as they come. False while it does not, or cannot: then the screen asks by
 * itself, every second.
 */
import { listGoodsOrders, watchGoodsOrders, type ReplyOf } from '@bursar/contract'
import { useEffect, useEffectEvent, useState } from 'react'
import type { Ask } from '../app/call.ts'
import { patchRead, readAgain } from '../app/read.ts'
import { merged } from './told-rows.ts'

/** `lists` are what the screen has asked for: each takes of what is told what it would have been answered. */
export function useTold(merchant: string, lists: readonly Ask<typeof listGoodsOrders>[]): boolean {
  const [told, setTold] = useState(false)
  const take = useEffectEvent((rows: ReplyOf<typeof listGoodsOrders>['rows']) => {
    // An order's row does not say its outlet: a screen of one outlet asks.
    if (lists.some(ask => ask.query?.outlet)) return void readAgain(listGoodsOrders)
    for (const ask of lists)
      patchRead(listGoodsOrders, ask, page => merged(page, rows, ask.query ?? {}))
  })
  useEffect(() => {
    const source = new EventSource(watchGoodsOrders.path.replace(':merchant', merchant))
    source.addEventListener('open', () => setTold(true))
    source.addEventListener('error', () => setTold(false))
    source.addEventListener('missed', () => void readAgain(listGoodsOrders))
    source.addEventListener('orders', ({ data }: MessageEvent<string>) =>
      take((JSON.parse(data) as ReplyOf<typeof listGoodsOrders>).rows),
    )
    return () => source.close()
  }, [merchant])
  return told
}
