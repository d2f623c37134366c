/** The time by the book's clock, which never goes back, and what the ledger's "no" means to a guest. */
import { explainLicence } from '@bursar/custody'
import { Refusal, type Books, type Transaction } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { Refused } from './refused.ts'

/** The database's clock, or `at` where the caller lives by another; never before the book's last entry. */
export async function momentOf(tx: Transaction, book: number, at?: Date): Promise<Date> {
  const [row] = await tx.sql<{ at: Date }>`
    select greatest(coalesce(${at ?? null}::timestamptz, clock_timestamp()), b.at) as at
    from ledger.book b where b.book = ${book}`
  return row!.at
}

type At = Readonly<{ book: number; purse: string; merchant: string }>

/**
 * What the purse can still spend there, as of now: nothing where only a licence that has ended let it, nor while the
 * merchant or the purse's own is suspended. The book decides in the end.
 */
export async function availableIn(tx: Transaction, { book, purse, merchant }: At): Promise<bigint> {
  const [side] = await tx.sql<{ left: bigint }>`
    select s.posted - s.out_ as left from ledger.states(${book}, ${[`purse/${purse}`]}::text[]) s
    join custody.purse p on p.id = ${purse} join custody.merchant m on m.merchant = p.merchant
    where (m.scope = 'merchant' or (select parties.platform_scope_is_lawful()))
      and not exists (
        select from parties.merchant s where s.id in (p.merchant, ${merchant}) and s.state <> 'active')`
  return side?.left ?? 0n
}

const triesMost = 5

/** What the purse had may be gone when the book is asked: then it is looked at again. A licence may be, too: then not. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await work()
    } catch (error) {
      const raced = error instanceof Refusal && error.code === 'insufficient_funds'
      if (!raced || tries >= triesMost) explainLicence(error)
    }
}

const together = 8

/**
 * Looks at each, eight at a time, so that guests find a connection free. A refusal stops no other, nor does
 * a fault, but a fault is told at the end. Answers how many changed.
 */
export async function lookAt<T>(
  all: readonly T[],
  look: (one: T) => Promise<boolean>,
): Promise<number> {
  const looked: PromiseSettledResult<boolean>[] = []
  for (let from = 0; from < all.length; from += together)
    looked.push(...(await Promise.allSettled(all.slice(from, from + together).map(look))))
  for (const one of looked)
    if (one.status === 'rejected' && !(one.reason instanceof Refusal)) throw one.reason
  return looked.filter(one => one.status === 'fulfilled' && one.value).length
}

/** A cold command in which the purse may be too light: the guest is told how much is missing. */
export async function orTopUp<T>(
  books: Books,
  currency: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  try {
    return await patiently(() => books.write(work))
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'insufficient_funds') throw error
    throw topUpNeeded(error, currency)
  }
}

/** What the ledger's "no" means to a guest: how much is missing. */
export function topUpNeeded({ facts }: Refusal, currency: string): Refusal {
  const { available, minor } = facts as { available: bigint; minor: bigint }
  const money = (some: bigint): Money => ({ minor: some, currency })
  return new Refusal<Refused>('top_up_needed', {
    ...{ available: money(available), amount: money(minor) },
    missing: money(minor - available),
  })
}
