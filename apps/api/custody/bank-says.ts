/**
 * The check that can fail. The equation holds because double entry makes it so; only the bank's own
 * figure can say that the books are wrong about the world.
 *
 *   asked      once in ten seconds at most, however many look; silence counts as an answer
 *   compared   with the books as they stood when the bank had answered: notices follow the bank,
 *              so a moment's difference is one under way, and one that stays is a finding
 *   of whom    a pool that alone lies at the bank's account; of another it says nothing
 */
import { listPools, readPool, type Pool } from '@bursar/custody'
import type { Books, Clock, PoolId } from '@bursar/kernel'
import { negate, subtract, type Money } from '@bursar/money'
import type { Bank } from '@bursar/settlement/bank'

export type Compared = Readonly<{ books: Money; bank?: Money; difference?: Money; at: Date }>
type Options = Readonly<{ books: Books; bank: Bank; clock: Clock; silent(error: unknown): void }>

const rest = 10_000

export function openComparison(options: Options): (pool: PoolId) => Promise<Compared> {
  const { books, bank, clock, silent } = options
  let last: Readonly<{ pool: PoolId; until: number; said: Promise<Compared> }> | undefined

  return async id => {
    const pool = await readPool(books, id)
    if (!liesAlone(pool, await listPools(books), bank.account)) return await ours(pool)
    const now = clock().getTime()
    if (last?.pool !== id || now >= last.until)
      last = { pool: id, until: now + rest, said: compared(pool) }
    const { said } = last
    // Silence is an answer and is remembered; a failure of our own is not.
    said.catch(() => (last = undefined))
    return await said
  }

  async function compared(pool: Pool): Promise<Compared> {
    const theirs = await bank.balance().catch(silent)
    const mine = await ours(pool)
    return theirs ? { ...mine, bank: theirs, difference: subtract(theirs, mine.books) } : mine
  }

  async function ours({ book, currency }: Pool): Promise<Compared> {
    const side = await books.balance(book, 'pool/custody')
    return { books: negate({ minor: side?.posted ?? 0n, currency }), at: clock() }
  }
}

/** Two pools at one account have one figure between them, which neither can be held to. */
function liesAlone({ id }: Pool, pools: readonly Pool[], account: string): boolean {
  const there = pools.filter(one => (one.account ?? account) === account)
  return there.length === 1 && there[0]?.id === id
}
