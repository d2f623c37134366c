/**
 * What whoever has a shift may not read before it is counted for good, at any outlet of the merchant: what the platforms took is
 * of them all. Sums are refused (`count_first`), and lists leave out what adds up to them.
 */
import { Refusal, type Books, type MerchantId, type PersonId } from '@bursar/kernel'
import type { Refused } from './refused.ts'

type Who = Readonly<{ merchant: MerchantId; by: PersonId }>

/** Since when somebody has something to count blind at the merchant: null if nothing. */
export async function countsFrom({ sql }: Books, { merchant, by }: Who): Promise<Date | null> {
  const [row] = await sql<{ from: Date | null }>`
    select min(coalesce(b.counted_at, s.opened_at)) as from
    from cashier.shift s left join cashier.shift b on b.id = s.follows
    where s.merchant = ${merchant} and s.person = ${by} and s.state <> 'closed'`
  return row!.from
}

/** `until`: where the sums that are asked for end; without it they are of now. */
export async function mustHaveCounted(
  books: Books,
  { until, ...who }: Who & Readonly<{ until?: Date }>,
): Promise<void> {
  const from = await countsFrom(books, who)
  if (from && (!until || until > from))
    throw new Refusal<Refused>('count_first', { merchant: who.merchant })
}

/** The spends that checkouts made from then on. */
export async function checkoutsSince(
  { sql }: Books,
  { merchant, from }: Readonly<{ merchant: MerchantId; from: Date }>,
): Promise<`spd_${string}`[]> {
  const rows = await sql<{ spend: `spd_${string}` }>`
    select t.spend from cashier.docket d join cashier.tab t on t.id = d.subject
    where d.merchant = ${merchant} and d.kind = 'checkout' and d.at >= ${from} and t.spend is not null`
  return rows.map(({ spend }) => spend)
}
