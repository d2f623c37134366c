/**
 * Notices that come while others are looked up wait, and are looked up together: one round trip says of each whether
 * the inbox has it, and in whose book its order waits.
 */
import type { Books } from '@bursar/kernel'

export type Sought = Readonly<{ gateway: string; event: string; order: string }>
export type Seen = Readonly<{
  /** What became of this notice before. */
  outcome: string | null
  /** Of an order that waits. */
  book: number | null
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

function seek({ sql }: Books, all: readonly Sought[]): Promise<Seen[]> {
  const [gateways, events, orders] = [
    all.map(one => one.gateway),
    all.map(one => one.event),
    all.map(one => one.order),
  ]
  return sql<Seen>`
    select i.outcome, t.book
    from unnest(${gateways}::text[], ${events}::text[], ${orders}::text[])
      with ordinality as w (gateway, event, about, no)
    left join custody.inbox i on i.gateway = w.gateway and i.event = w.event
    left join custody.top_up t on t.id = w.about and t.gateway = w.gateway and t.state = 'waiting'
    order by w.no`
}
