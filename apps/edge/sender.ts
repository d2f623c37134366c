/** Sends what is kept to the house, in batches, with its own ids and times; offline it waits, and loses nothing. */
import type { Item, Store } from './store.ts'

/** What the house says to a batch: taken; not taken, never; not now. */
export type Answer = 'taken' | 'refused' | 'later'
export type Post = (items: readonly Item[]) => Promise<Answer>

const batch = 200

/** Sends until nothing is left or the house does not answer. True: all is there. */
export async function sendAll(
  store: Store,
  post: Post,
  refused: (item: Item) => void,
): Promise<boolean> {
  for (;;) {
    const items = store.unsent(batch)
    if (items.length === 0) return true
    const answer = await post(items)
    if (answer === 'later') return false
    if (answer === 'taken') store.sent(items.length)
    else if (!(await eachAlone(items, store, post, refused))) return false
  }
}

/** One bad item must not hold up the others: each is sent alone, and who is refused is said. */
async function eachAlone(
  items: readonly Item[],
  store: Store,
  post: Post,
  refused: (item: Item) => void,
) {
  for (const item of items) {
    const answer = await post([item])
    if (answer === 'later') return false
    if (answer === 'refused') refused(item)
    store.sent(1)
  }
  return true
}

/** The house by HTTP: contract/devices.md. */
export const postTo =
  (house: string, terminal: string, secret: string): Post =>
  async items => {
    try {
      const response = await fetch(`${house}/v1/notices/terminals/${terminal}/evidence`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'terminal-secret': secret },
        body: JSON.stringify({ items }),
        signal: AbortSignal.timeout(15_000),
      })
      await response.arrayBuffer()
      if (response.ok) return 'taken'
      // Only what is wrong with the items themselves is never to be sent again; a wrong secret can be set right.
      return [400, 413, 422].includes(response.status) ? 'refused' : 'later'
    } catch {
      return 'later'
    }
  }
