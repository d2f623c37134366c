/**
 * What another app shared with ours: sw.ts has put it by, on this device alone, since a text in an address would be read by
 * whoever keeps addresses. It waits while one signs in or has no network, a day at most, with the time at which it was
 * shared; each is taken once, the oldest first.
 */
import { useCallback, useEffect, useState } from 'react'

export type Shared = Readonly<{ at: number; text: string; key: string }>
/** As sw.ts calls it. */
const cache = 'shared'
const wait = 24 * 3_600_000

async function oldest(): Promise<Shared | undefined> {
  if (!('caches' in window)) return undefined
  const kept = await caches.open(cache)
  const all: Shared[] = []
  for (const key of await kept.keys()) {
    const said = (await (await kept.match(key))?.json()) as Omit<Shared, 'key'>
    const one = { ...said, key: key.url }
    if (Date.now() - one.at < wait) all.push(one)
    else await kept.delete(key)
  }
  return all.toSorted((one, other) => one.at - other.at)[0]
}

async function forget(shared: Shared): Promise<void> {
  if ('caches' in window) await (await caches.open(cache)).delete(shared.key)
}

export function useShared() {
  const [shared, setShared] = useState<Shared>()
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let gone = false
    void oldest().then(
      found => gone || setShared(found),
      () => undefined,
    )
    return () => void (gone = true)
  }, [turn])
  /** It is kept elsewhere now. */
  const taken = useCallback(
    (one: Shared) => void forget(one).then(() => setTurn(before => before + 1)),
    [],
  )
  return { shared, taken }
}
