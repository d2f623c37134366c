/** Keeps the screen lit while a page stands open, where the browser can. It lets go when the page is hidden, and takes hold again. */
import { useEffect, useState } from 'react'

export function useAwake(on: boolean): boolean {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (!on || !('wakeLock' in navigator)) return
    let lock: WakeLockSentinel | undefined
    let gone = false
    const hold = () => {
      if (document.visibilityState !== 'visible') return
      navigator.wakeLock.request('screen').then(
        got => {
          if (gone) return void got.release()
          lock = got
          setHeld(true)
          got.addEventListener('release', () => setHeld(false))
        },
        () => setHeld(false),
      )
    }
    hold()
    document.addEventListener('visibilitychange', hold)
    return () => {
      gone = true
      document.removeEventListener('visibilitychange', hold)
      void lock?.release()
    }
  }, [on])
  return held
}
