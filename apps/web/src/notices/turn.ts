/**
 * Whose turn it is to speak. Of the tabs of one browser that show the same terminal, or terminals of one zone, one speaks
 * and the others show: they stand beside one loudspeaker. When it is closed, the next one speaks.
 */
import type { TerminalView } from '@bursar/contract'
import { useEffect, useState } from 'react'

/** `another`: a tab beside this one speaks. */
export type Turn = 'asking' | 'mine' | 'another'
type Locks = Pick<LockManager, 'request'>

/** Answers how the turn is given back. Where a browser has no locks everybody speaks: twice is better than never. */
export function askForTurn(
  name: string,
  told: (turn: Turn) => void,
  locks: Locks | undefined = navigator.locks,
): () => void {
  if (!locks) {
    told('mine')
    return () => undefined
  }
  const over = Promise.withResolvers<void>()
  const waiting = new AbortController()
  const hold = () => {
    if (waiting.signal.aborted) return
    told('mine')
    return over.promise
  }
  const ask = async () => {
    const isFree = await locks.request(name, { ifAvailable: true }, async lock => {
      if (lock) await hold()
      return lock !== null
    })
    if (isFree || waiting.signal.aborted) return
    told('another')
    await locks.request(name, { signal: waiting.signal }, hold)
  }
  void ask().catch(() => undefined)
  return () => {
    waiting.abort()
    over.resolve()
  }
}

const placeOf = ({ id, merchant, zone }: TerminalView) =>
  `bursar.speaks.${zone ? `${merchant}/${zone}` : id}`

export function useTurn(terminal: TerminalView, sound: boolean): Turn {
  const [turn, setTurn] = useState<Turn>('asking')
  const place = placeOf(terminal)
  useEffect(() => {
    if (!sound) return
    const giveBack = askForTurn(place, setTurn)
    return () => {
      giveBack()
      setTurn('asking')
    }
  }, [place, sound])
  return turn
}
