/**
 * Merchants' screens that are open, told of orders as they come: server-sent events.
 *
 *   heard     the database names an order that was placed or has changed
 *   gathered  for 25 ms: orders of one merchant are read together, once, however many screens it has
 *   told      `orders`, with the rows as `listGoodsOrders` gives them; `missed`: read the list again
 *
 * A screen is let in for five minutes and comes again, so that whoever lost the seat loses the screen. One that does
 * not read what it is sent is let go; and nobody has more than so many at once.
 */
import type { ServerResponse } from 'node:http'
import { readOrders, type OrderId } from '@bursar/cashier'
import type { Books, Clock, MerchantId, PersonId } from '@bursar/kernel'
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
const beatEvery = 15_000
const letInFor = 5 * 60_000

/** Nothing, to one whose time is over; one that has not read what it was sent is let go. */
const say = (to: ServerResponse, text: string) => {
  if (to.writableNeedDrain) to.destroy()
  else if (!to.writableEnded) to.write(text)
}

const eventStream = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
}

/** How many each person has open. */
function placesFor(most: number) {
  const had = new Map<PersonId, number>()
  return {
    take(by: PersonId): boolean {
      const mine = had.get(by) ?? 0
      if (mine < most) had.set(by, mine + 1)
      return mine < most
    },
    leave(by: PersonId): void {
      const left = (had.get(by) ?? 0) - 1
      if (left > 0) had.set(by, left)
      else had.delete(by)
    },
  }
}

export function openScreens(books: Books, clock: Clock, most: number): Screens {
  const screens = new Map<string, Set<ServerResponse>>()
  const places = placesFor(most)
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

  const beat = setInterval(() => {
    for (const all of screens.values()) for (const to of all) say(to, ': \n\n')
  }, beatEvery)
  beat.unref()

  return {
    open(merchant, by, to) {
      if (!places.take(by)) return false
      const all = screens.get(merchant) ?? new Set()
      screens.set(merchant, all.add(to))
      const end = setTimeout(() => (to.writableNeedDrain ? to.destroy() : to.end()), letInFor)
      to.once('close', () => {
        clearTimeout(end)
        all.delete(to)
        places.leave(by)
        if (all.size === 0 && screens.get(merchant) === all) screens.delete(merchant)
      })
      to.writeHead(200, eventStream)
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
    stop() {
      clearInterval(beat)
      for (const all of screens.values()) for (const to of all) to.end()
    },
  }
}
