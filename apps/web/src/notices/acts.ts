/** What somebody at a terminal does: checks a receipt, is muted for a while. */
import { checkNotice, type TerminalView } from '@bursar/contract'
import { useEffect, useState } from 'react'
import { useChange } from '../app/read.ts'

/** It moves no money, so it shows at once; a refusal is said. */
export function useCheck({ id }: TerminalView, done: (notice: string) => void) {
  const check = useChange(checkNotice)
  const send = (notice: `ntc_${string}`) =>
    check.mutate({ params: { terminal: id, notice } }, { onSuccess: () => done(notice) })
  return { send, error: check.error, busy: check.isPending }
}

/** Until when it is muted; undefined when it is not, or not any more. */
export function useMuted({ mutedUntil }: TerminalView): string | undefined {
  const [now, setNow] = useState(() => Date.now())
  const left = mutedUntil ? new Date(mutedUntil).getTime() - now : 0
  useEffect(() => {
    if (!mutedUntil) return
    const wait = new Date(mutedUntil).getTime() - Date.now()
    const tell = setTimeout(() => setNow(Date.now()), Math.max(0, Math.min(wait, 2 ** 31 - 1)))
    setNow(Date.now())
    return () => clearTimeout(tell)
  }, [mutedUntil])
  return left > 0 ? mutedUntil : undefined
}
