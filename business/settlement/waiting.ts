/** How many requests and residues wait for whom, and since when: for whoever watches the house. */
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

export type WaitingResidues = Readonly<{
  /** `submitted` waits for a reviewer, `sent` for the bank, `unbooked` for the books. */
  state: 'submitted' | 'sent' | 'unbooked'
  count: number
  oldest: Date | null
}>

export async function waitingResidues(books: Books): Promise<WaitingResidues[]> {
  return await books.sql<WaitingResidues>`
    select w.state, count(r.id)::int as count, min(r.asked_at) as oldest
    from (values ('submitted'), ('sent'), ('unbooked')) as w (state)
    left join settlement.residue r on case w.state
      when 'submitted' then r.state = 'submitted'
      when 'sent' then r.state in ('sending', 'accepted', 'closing')
      else r.state in ('unbooked', 'returning') end
    group by w.state order by w.state`
}
