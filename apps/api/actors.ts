/**
 * Who holds a token: a session's, or an API key. While one question is with the database, the tokens that arrive wait and go together
 * in the next; an answer is remembered for one second. So a session that is ended, or a seat that is
 * taken away, is gone at once on the process that did it, and a second later on every other.
 */
import type { Actor, Books, Integrator } from '@bursar/kernel'
import { actorsOf, integratorsOf } from '@bursar/parties'

export type Holders<Holder> = Readonly<{
  of(token: string): Promise<Holder | undefined>
  /** Something has changed: ask again, also for what is being asked at this moment. */
  forget(): void
}>

const aSecond = 1000
/** As many as one process serves in a second, many times over: 20,000 take about 10 MB. */
const remembered = 20_000

export const openActors = (books: Books): Holders<Actor> =>
  openHolders(tokens => actorsOf(books, tokens))
export const openIntegrators = (books: Books): Holders<Integrator> =>
  openHolders(secrets => integratorsOf(books, secrets))

function openHolders<Holder>(
  find: (tokens: readonly string[]) => Promise<ReadonlyMap<string, Holder>>,
): Holders<Holder> {
  const known = new Map<string, { holder: Holder; until: number }>()
  let waiting = new Map<string, PromiseWithResolvers<Holder | undefined>>()
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
      const holders = await find([...batch.keys()])
      const until = performance.now() + aSecond
      if (known.size > remembered) known.clear()
      for (const [token, one] of batch) {
        const holder = holders.get(token)
        if (holder && before === changes) known.set(token, { holder, until })
        one.resolve(holder)
      }
    } catch (error) {
      for (const one of batch.values()) one.reject(error)
    }
  }

  function ask(token: string): Promise<Holder | undefined> {
    const asked = waiting.get(token)
    if (asked) return asked.promise
    const made = Promise.withResolvers<Holder | undefined>()
    waiting.set(token, made)
    // From the next turn on, so that what arrives in this one is gathered too.
    if (!asking) setImmediate(() => (asking ? undefined : void askAll()))
    return made.promise
  }

  return {
    of(token) {
      const held = known.get(token)
      if (held && held.until > performance.now()) return Promise.resolve(held.holder)
      return ask(token)
    },
    forget() {
      changes++
      known.clear()
    },
  }
}
