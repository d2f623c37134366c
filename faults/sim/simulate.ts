/** Short-lived books of random commands, one after the other, until so many commands were asked. */
import type { Books } from '@bursar/ledger'
import { diceFor } from '../dice.ts'
import { crowd } from './crowd.ts'
import { draw, type Ask } from './draw.ts'
import type { Kept } from './kept.ts'
import { rules } from './rules.ts'
import { shorten } from './shorten.ts'

export type Sum = { books: number; operations: number; entries: number; failed: Kept | undefined }
type Plan = Readonly<{ operations: number; seed: number; told?: (sum: Sum) => void }>

const life = 120

/** The rules alone, where nobody waits. */
export async function simulateRules({ operations, seed, told }: Plan): Promise<Sum> {
  const sum: Sum = { books: 0, operations: 0, entries: 0, failed: undefined }
  while (sum.operations < operations && !sum.failed) {
    const asks = draw(diceFor(seed, 'rules', sum.books), { length: life, crowd: false, start: 0 })
    try {
      sum.entries += rules(asks)
    } catch (error) {
      const fails = (some: readonly Ask[]) => whatSays(() => rules(some)) !== undefined
      const short = await shorten(asks, fails)
      const says = whatSays(() => rules(short)) ?? String(error)
      sum.failed = { seed, callers: 0, says, asks: short }
    }
    sum.books++
    sum.operations += asks.length
    if (sum.books % 1000 === 0) told?.(sum)
  }
  return sum
}

/** One caller at each server, a few, a crowd, and one large enough that the next batch is prepared while one is under way. */
const crowds = [
  { callers: 3, length: 200 },
  { callers: 8, length: 150 },
  { callers: 64, length: 300 },
  { callers: 400, length: 800 },
]
const minute = 60_000

/** Over the real database, with interleavings. `book` is the first book that is free. */
export async function simulateCrowds(
  at: readonly Books[],
  { operations, seed, told }: Plan,
  book = 1,
): Promise<Sum> {
  const sum: Sum = { books: 0, operations: 0, entries: 0, failed: undefined }
  let latest = book
  while (sum.operations < operations && !sum.failed) {
    const { callers, length } = crowds[sum.books % crowds.length]!
    const drawing = { length, crowd: true, start: Date.now() }
    const asks = draw(diceFor(seed, 'crowd', sum.books), drawing)
    try {
      sum.entries += await crowd(at, { asks, book: latest++, callers })
    } catch (error) {
      // Chance has a part in it that no seed repeats: a list counts as failing if it does in one of three.
      const fails = async (some: readonly Ask[]) => {
        for (let tries = 0; tries < 3; tries++)
          if (await crowd(at, { asks: some, book: latest++, callers }).then(fine, failed))
            return true
        return false
      }
      const short = await shorten(asks, fails, performance.now() + minute)
      sum.failed = { seed, callers, says: (error as Error).message, asks: short }
    }
    sum.books++
    sum.operations += asks.length
    told?.(sum)
  }
  return sum
}

const fine = () => false
const failed = () => true

function whatSays(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
