/** The outbox of a main, while its page is open: sent at once, when the network is back, and every half minute. */
import { postEvidence, type ReplyOf } from '@bursar/contract'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import { Failure } from '../app/call.ts'
import { useChange } from '../app/read.ts'
import { openOutbox, sendAll, type Word } from './outbox.ts'

type Answer = ReplyOf<typeof postEvidence>['rows'][number]

export function useOutbox(terminal: `trm_${string}`) {
  const box = useMemo(() => openOutbox(terminal), [terminal])
  const [waiting, setWaiting] = useState(() => box.waiting())
  const [answers, setAnswers] = useState<readonly Answer[]>([])
  const [refused, setRefused] = useState<readonly Word[]>([])
  const [error, setError] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const post = useChange(postEvidence)
  const send = async () => {
    if (box.waiting().length === 0) return
    setBusy(true)
    const sent = await sendAll(box, items =>
      post.mutateAsync({ params: { terminal }, body: { items } }),
    )
    setBusy(false)
    setWaiting(box.waiting())
    setAnswers(before => [...before, ...sent.rows])
    setRefused(before => [...before, ...sent.refused])
    // Nobody is told what a network is: that it waits is enough.
    setError(
      sent.error instanceof Failure && sent.error.ending === 'refused' ? sent.error : undefined,
    )
  }
  const again = useEffectEvent(() => void (busy || send()))
  useEffect(() => {
    again()
    addEventListener('online', again)
    const tries = setInterval(again, 30_000)
    return () => {
      removeEventListener('online', again)
      clearInterval(tries)
    }
  }, [box])
  return {
    ...{ waiting, answers, refused, error, busy },
    /** On the device first. */
    put(word: Word): Promise<void> {
      box.keep(word)
      return send()
    },
  }
}
