/** A shop with a counter in custody's small town, for tests. */
import { useTown } from '@bursar/custody/testing'
import { newId, type MerchantId } from '@bursar/kernel'
import { putCounter } from './counters.ts'
import { readBooks } from './reader.ts'
import type { Counter } from './words.ts'

export function useCounters() {
  const town = useTown()

  /** The book is read up to here first: a counter is told nothing of what was before it. */
  async function counter(more: Partial<Counter> = {}): Promise<MerchantId> {
    const merchant = await town.merchant()
    await readBooks(town.books)
    await putCounter(town.books, {
      ...{ id: newId('ctr'), merchant, outlet: null, name: '前台', threshold: 'A', patience: 60 },
      ...{ lateSpoken: false, large: null, quiet: null, open: true, ...more },
    })
    return merchant
  }
  const prompts = (merchant: MerchantId) => town.books.sql<{
    seq: bigint
    class: string
    order: string
    minor: bigint
    kind: string
    late: boolean
  }>`
    select p.seq, p.class, p.minor, n.kind, p.late,
      (select max(o.order_no) from notices.order_id o where o.notice = n.id) as "order"
    from notices.prompt p join notices.notice n on n.id = p.notice
    where p.merchant = ${merchant} order by p.seq`
  return { town, counter, prompts }
}
