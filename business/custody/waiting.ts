/** How much stands in suspense and waits for somebody, pool by pool: for whoever watches the house. */
import type { Books, PoolId } from '@bursar/kernel'

export type OpenSuspense = Readonly<{ pool: PoolId; count: number; oldest: Date | null }>

export async function openSuspense(books: Books): Promise<OpenSuspense[]> {
  return await books.sql<OpenSuspense>`
    select p.id as pool, count(s.id)::int as count, min(s.at) as oldest
    from custody.pool p
    left join custody.suspense s on s.book = p.book and s.state in ('unclaimed', 'proposed')
    group by p.id order by p.id`
}
