/** How many requests wait for whom, and since when: for whoever watches the house. */
import type { Books } from '@bursar/kernel'

export type Waiting = Readonly<{
  /** `submitted` waits for a reviewer, `approved` and `paying` for the bank. */
  state: 'submitted' | 'approved' | 'paying'
  count: number
  oldest: Date | null
}>

export async function waitingRequests(books: Books): Promise<Waiting[]> {
  return await books.sql<Waiting>`
    select w.state, count(r.id)::int as count, min(r.requested_at) as oldest
    from (values ('submitted'), ('approved'), ('paying')) as w (state)
    left join settlement.request r on r.state = w.state
    group by w.state order by w.state`
}
