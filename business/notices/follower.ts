/**
 * Follows the books: told that one has moved, it is read at once; on a round all are, should that word have been lost.
 * One reading at a time in a process; what is told meanwhile is read after it, so the last word is never left unread.
 */
import type { Books } from '@bursar/kernel'
import { readBook, readBooks } from './reader.ts'

export type Follower = Readonly<{
  /** A book's number, as the database says it. */
  heard(payload: string): void
  missed(): void
  /** Reads all books to their ends. Answers how many entries there were. */
  round(): Promise<number>
  idle(): Promise<void>
}>

export function openFollower(books: Books, now: () => Date = () => new Date()): Follower {
  const wanted = new Set<number>()
  let all = false
  let running: Promise<number> | undefined

  async function read(): Promise<number> {
    let entries = 0
    while (all || wanted.size > 0) {
      if (all) {
        all = false
        wanted.clear()
        entries += await readBooks(books, now)
      } else {
        const [book] = wanted
        wanted.delete(book!)
        entries += await readBook(books, book!, now)
      }
    }
    return entries
  }
  function go(): Promise<number> {
    running ??= read().finally(() => (running = undefined))
    return running
  }
  /** Whoever told us need not know; the next round says it. */
  const quietly = () => void go().catch(() => undefined)

  return {
    heard(payload) {
      wanted.add(Number(payload))
      quietly()
    },
    missed() {
      all = true
      quietly()
    },
    round() {
      all = true
      return go()
    },
    async idle() {
      await running?.catch(() => undefined)
    },
  }
}
