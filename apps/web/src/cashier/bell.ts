/** A soft sound for each new order, two notes and no file; it can be switched off, and stays off. */
import { useEffect, useRef, useState } from 'react'

const stored = 'bursar.bell'
let context: AudioContext | undefined

function ring(): void {
  context ??= new AudioContext()
  const { currentTime, destination } = context
  for (const [at, pitch] of [
    [0, 659],
    [0.16, 880],
  ] as const) {
    const [note, loud] = [context.createOscillator(), context.createGain()]
    note.frequency.value = pitch
    loud.gain.setValueAtTime(0, currentTime + at)
    loud.gain.linearRampToValueAtTime(0.18, currentTime + at + 0.02)
    loud.gain.exponentialRampToValueAtTime(0.001, currentTime + at + 0.5)
    note.connect(loud).connect(destination)
    note.start(currentTime + at)
    note.stop(currentTime + at + 0.55)
  }
  void context.resume()
}

/** Rings when an id is there that was not there before; what is there at first is not new. */
export function useBell(ids: readonly string[] | undefined) {
  const [on, setOn] = useState(() => localStorage.getItem(stored) !== 'off')
  const known = useRef<ReadonlySet<string>>(undefined)
  useEffect(() => {
    if (!ids) return
    const fresh = known.current && ids.some(id => !known.current?.has(id))
    known.current = new Set([...(known.current ?? []), ...ids])
    if (fresh && on) ring()
  }, [ids, on])
  /** Switched on it rings once, so that one hears how, and the browser allows it from then on. */
  const turn = (to: boolean) => {
    localStorage.setItem(stored, to ? 'on' : 'off')
    setOn(to)
    if (to) ring()
  }
  return { on, turn }
}
