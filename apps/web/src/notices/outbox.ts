/**
 * What a main's page was given is on this device before it is sent anywhere, each with its own time, and stays until the
 * house has it (P4-12). It goes in the order in which it came; sent twice it is heard once, by its id.
 */
import type { BodyOf, postEvidence, ReplyOf } from '@bursar/contract'
import { Failure } from '../app/call.ts'

export type Word = BodyOf<typeof postEvidence>['items'][number]
type Rows = ReplyOf<typeof postEvidence>['rows']
type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>
export type Outbox = Readonly<{
  waiting(): readonly Word[]
  keep(word: Word): void
  gone(words: readonly Word[]): void
}>

/** Read anew each time: another tab may have sent it. */
export function openOutbox(terminal: string, storage: Storage = localStorage): Outbox {
  const name = `bursar.words.${terminal}`
  const waiting = () => JSON.parse(storage.getItem(name) ?? '[]') as Word[]
  const write = (words: readonly Word[]) =>
    words.length > 0 ? storage.setItem(name, JSON.stringify(words)) : storage.removeItem(name)
  const without = (ids: ReadonlySet<string>) => waiting().filter(({ id }) => !ids.has(id))
  return {
    waiting,
    keep: word => write([...without(new Set([word.id])), word]),
    gone: words => write(without(new Set(words.map(({ id }) => id)))),
  }
}

const batch = 50
/** What is wrong with a word itself is wrong tomorrow, too. */
const never = [400, 413, 422]

export type Sent = Readonly<{ rows: Rows; refused: readonly Word[]; error?: unknown }>

/** Sends what waits. `error`: why the rest still waits. One that is refused holds up no other, and is told. */
export async function sendAll(
  box: Outbox,
  post: (items: Word[]) => Promise<Readonly<{ rows: Rows }>>,
): Promise<Sent> {
  const rows: Rows = []
  const refused: Word[] = []
  let most = batch
  try {
    for (let words = next(box, most); words.length > 0; words = next(box, most)) {
      const answer = await post(words).catch((error: unknown) => {
        if (!(error instanceof Failure) || !never.includes(error.status)) throw error
        return undefined
      })
      if (!answer && words.length > 1) {
        most = 1
        continue
      }
      if (answer) rows.push(...answer.rows)
      else refused.push(...words)
      box.gone(words)
    }
    return { rows, refused }
  } catch (error) {
    return { rows, refused, error }
  }
}

const next = (box: Outbox, most: number) => box.waiting().slice(0, most)
