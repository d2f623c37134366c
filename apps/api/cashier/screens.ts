/**
 * Merchants' screens that are open, told of orders as they come: server-sent events.
 *
 *   heard     the database names an order that was placed or has changed
 *   gathered  for 25 ms: orders of one merchant are read together, once, however many screens it has
 *   told      `orders`, with the rows as `listGoodsOrders` gives them; `missed`: read the list again
 *
 * Nobody has more than so many at once.
 */
import type { ServerResponse } from 'node:http'
import { readOrders, type OrderId } from '@bursar/cashier'
import type { Books, Clock, MerchantId, PersonId } from '@bursar/kernel'
import { beginEvents, hangUp, keepBeating, say } from '../eventStream.ts'
import { deskOrderView } from './views.ts'

export type Screens = Readonly<{
  /** False: this person has as many open as one may. */
  open(merchant: MerchantId, by: PersonId, to: ServerResponse): boolean
  /** `mer_… gds_…`, as the database says it. */
  heard(payload: string): void
  missed(): void
  stop(): void
}>

const gatherFor = 25

/** So many places for each. A place is let go by what `take` answers; undefined: there is none left. */
function placesOf(most: number) {
  const had = new Map<PersonId, number>()
  return {
    take(by: PersonId): (() => void) | undefined {
      const mine = had.get(by) ?? 0
      if (mine >= most) return undefined
      had.set(by, mine + 1)
      return () => {
        const left = had.get(by)! - 1
        if (left > 0) had.set(by, left)
        else had.delete(by)
      }
    },
  }
}

export function openScreens(books: Books, clock: Clock, most: number): Screens {
  const screens = new Map<string, Set<ServerResponse>>()
  const places = placesOf(most)
  const changed = new Map<string, Set<OrderId>>()

  const tell = (all: Iterable<ServerResponse>, event: string, data: unknown) => {
    const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
    for (const to of all) say(to, text)
  }

  async function flush(merchant: string): Promise<void> {
    const ids = [...(changed.get(merchant) ?? [])]
    changed.delete(merchant)
    const all = screens.get(merchant) ?? []
    try {
      const rows = await readOrders(books, ids, clock())
      tell(all, 'orders', { rows: rows.map(deskOrderView) })
    } catch {
      tell(all, 'missed', {})
    }
  }

  const stop = keepBeating(() => [...screens.values()].flatMap(all => [...all]))
  return {
    open(merchant, by, to) {
      const letGo = places.take(by)
      if (!letGo) return false
      const all = screens.get(merchant) ?? new Set()
      screens.set(merchant, all.add(to))
      const stopTime = beginEvents(to, () => hangUp(to))
      to.once('close', () => {
        stopTime()
        all.delete(to)
        letGo()
        if (all.size === 0 && screens.get(merchant) === all) screens.delete(merchant)
      })
      tell([to], 'missed', {})
      return true
    },
    heard(payload) {
      const [merchant = '', order = ''] = payload.split(' ')
      if (!screens.has(merchant)) return
      const waiting = changed.get(merchant)
      if (waiting) waiting.add(order as OrderId)
      else {
        changed.set(merchant, new Set([order as OrderId]))
        setTimeout(() => void flush(merchant), gatherFor)
      }
    },
    missed() {
      for (const all of screens.values()) tell(all, 'missed', {})
    },
    stop,
  }
}
