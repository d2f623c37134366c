/**
 * What another app shared with ours: sw.ts has put it by, on this device alone, since a text in an address would be read by
 * whoever keeps addresses. It waits while one signs in, for ten minutes, and is taken once.
 */
import { useEffect, useState } from 'react'

/** As sw.ts writes it. */
const place = { cache: 'shared', key: '/notices/shared' } as const
const wait = 10 * 60_000

async function sharedText(): Promise<string | undefined> {
  if (!('caches' in window)) return undefined
  const kept = await (await caches.open(place.cache)).match(place.key)
  if (!kept) return undefined
  const { at, text } = (await kept.json()) as { at: number; text: string }
  if (Date.now() - at < wait) return text
  await forgetShared()
  return undefined
}

export async function forgetShared(): Promise<void> {
  if ('caches' in window) await (await caches.open(place.cache)).delete(place.key)
}

export function useShared(): string | undefined {
  const [text, setText] = useState<string>()
  useEffect(() => {
    let gone = false
    void sharedText().then(
      found => gone || setText(found),
      () => undefined,
    )
    return () => void (gone = true)
  }, [])
  return text
}
