/**
 * Who holds a token. While one question is with the database, the tokens that arrive wait and go together
 * in the next; an answer is remembered for one second. So a session that is ended, or a seat that is
 * taken away, is gone at once on the process that did it, and a second later on every other.
 */
import type { Actor, Books } from '@bursar/kernel'
import { actorsOf } from '@bursar/parties'

export type Actors = Readonly<{
  of(token: string): Promise<Actor | undefined>
  /** Something has changed: ask again, also for what is being asked at this moment. */
  forget(): void
}>

const aSecond = 1000
/** As many as one process serves in a second, many times over: 20,000 take about 10 MB. */
const remembered = 20_000

export function openActors(books: Books): Actors {
  const known = new Map<string, { actor: Actor; until: number }>()
  let waiting = new Map<string, PromiseWithResolvers<Actor | undefined>>()
  let asking = false
  let changes = 0

  async function askAll(): Promise<void> {
    asking = true
    while (waiting.size) {
      const batch = waiting
      waiting = new Map()
      await answer(batch)
    }
    asking = false
  }

  async function answer(batch: typeof waiting): Promise<void> {
    const before = changes
    try {
      const actors = await actorsOf(books, [...batch.keys()])
      const until = performance.now() + aSecond
      if (known.size > remembered) known.clear()
      for (const [token, one] of batch) {
        const actor = actors.get(token)
        if (actor && before === changes) known.set(token, { actor, until })
        one.resolve(actor)
      }
    } catch (error) {
      for (const one of batch.values()) one.reject(error)
    }
  }

  function ask(token: string): Promise<Actor | undefined> {
    const asked = waiting.get(token)
    if (asked) return asked.promise
    const made = Promise.withResolvers<Actor | undefined>()
    waiting.set(token, made)
    // From the next turn on, so that what arrives in this one is gathered too.
    if (!asking) setImmediate(() => (asking ? undefined : void askAll()))
    return made.promise
  }

  return {
    of(token) {
      const held = known.get(token)
      if (held && held.until > performance.now()) return Promise.resolve(held.actor)
      return ask(token)
    },
    forget() {
      changes++
      known.clear()
    },
  }
}
