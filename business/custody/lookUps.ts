/**
 * Payments that come while others are looked up wait, and are looked up together: one round trip says of each whether
 * the inbox has it, and what its order asks for, where that still waits and the payment stands nowhere yet.
 */
import type { Books } from '@bursar/kernel'
import type { Order } from './credits.ts'

export type Sought = Readonly<{ gateway: string; event: string; order: string; tradeNo: string }>
export type Seen = Readonly<{
  /** What became of this notice before. */
  outcome: string | null
  /** As it was when it was looked at: nothing but its state may be another by now. */
  order: Order | undefined
}>
type Waiting = Readonly<{
  sought: Sought
  resolve: (seen: Seen) => void
  reject: (error: unknown) => void
}>

const most = 1000
const lookers = new WeakMap<Books, (sought: Sought) => Promise<Seen>>()

export function lookUp(books: Books, sought: Sought): Promise<Seen> {
  const looker = lookers.get(books) ?? lookerOver(books)
  lookers.set(books, looker)
  return looker(sought)
}

function lookerOver(books: Books) {
  const queue: Waiting[] = []
  let looking = false
  async function look(): Promise<void> {
    looking = true
    await new Promise(resolve => setImmediate(resolve))
    while (queue.length > 0) {
      const batch = queue.splice(0, most)
      try {
        const seen = await seek(
          books,
          batch.map(one => one.sought),
        )
        for (const [no, one] of batch.entries()) one.resolve(seen[no]!)
      } catch (error) {
        for (const one of batch) one.reject(error)
      }
    }
    looking = false
  }
  return (sought: Sought) =>
    new Promise<Seen>((resolve, reject) => {
      queue.push({ sought, resolve, reject })
      if (!looking) void look()
    })
}

type Row = Omit<Order, 'id'> &
  Readonly<{ id: Order['id'] | null; outcome: string | null; stands: boolean }>

/** By keys alone: told to look for those that wait, PostgreSQL would read all that wait. */
async function seek({ sql }: Books, all: readonly Sought[]): Promise<Seen[]> {
  const [gateways, events, orders, trades] = [
    all.map(one => one.gateway),
    all.map(one => one.event),
    all.map(one => one.order),
    all.map(one => one.tradeNo),
  ]
  const rows = await sql<Row>`
    select i.outcome, t.id, t.book, t.purse, t.minor, t.currency, t.state, t.trade_no as "tradeNo", u.payer,
      p.place is not null as stands
    from unnest(${gateways}::text[], ${events}::text[], ${orders}::text[], ${trades}::text[])
      with ordinality as w (gateway, event, about, trade_no, no)
    left join custody.inbox i on i.gateway = w.gateway and i.event = w.event
    left join custody.payment p on p.gateway = w.gateway and p.trade_no = w.trade_no
    left join custody.top_up t on t.id = w.about and t.gateway = w.gateway
    left join custody.payer u on u.purse = t.purse and u.gateway = t.gateway
    order by w.no`
  return rows.map(({ outcome, id, stands, ...order }) => {
    const waits = id !== null && order.state === 'waiting' && !stands
    return { outcome, order: waits ? { id, ...order } : undefined }
  })
}
