/**
 * What this screen has told, kept over a reload: how far it is in the stream, and the keys of what it told. First wins,
 * here as at every output point: by notice and class, and by (platform, order id, kind, class), whichever line brings it.
 */
import type { PromptView } from '@bursar/contract'

type Kept = { place: string | undefined; keys: string[] }
type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>
export type Told = Readonly<{
  /** The place to go on from; undefined for a screen that was never here. */
  place(): string | undefined
  /** Up to here there is nothing more for us. */
  pass(seq: string): void
  /** Whether it is told now for the first time. It counts as told from then on. */
  first(prompt: PromptView): boolean
}>
/** A busy counter has 500 receipts a day; a line brings again what is minutes old. */
const most = 2000

export function keysOf({ notice, class: told, kind, platform, orders, seq }: PromptView): string[] {
  // It can be contradicted several times, by other sums.
  if (told === 'contradicted') return [`${notice}/${told}/${seq}`]
  const named = platform ? (orders ?? []) : []
  return [`${notice}/${told}`, ...named.map(order => `${platform}/${order}/${kind}/${told}`)]
}

export function openTold(terminal: string, storage: Storage = localStorage): Told {
  const name = `bursar.told.${terminal}`
  const kept = read(storage.getItem(name))
  const keys = new Set(kept.keys)
  const write = () =>
    storage.setItem(name, JSON.stringify({ place: kept.place, keys: [...keys].slice(-most) }))
  const pass = (seq: string) => {
    if (kept.place !== undefined && BigInt(seq) <= BigInt(kept.place)) return
    kept.place = seq
    write()
  }
  return {
    place: () => kept.place,
    pass,
    first(prompt) {
      const own = keysOf(prompt)
      // What was received is not seen any more.
      const better = prompt.class === 'seen' ? keysOf({ ...prompt, class: 'received' }) : []
      const known = [...own, ...better].some(key => keys.has(key))
      for (const key of own) keys.add(key)
      pass(prompt.seq)
      write()
      return !known
    },
  }
}

function read(text: string | null): Kept {
  try {
    return text ? (JSON.parse(text) as Kept) : { place: undefined, keys: [] }
  } catch {
    return { place: undefined, keys: [] }
  }
}
