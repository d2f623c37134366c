/**
 * A wish is one money command that a person means once. Its key is made when it is first sent and
 * kept, also over a reload, until the answer is definite:
 *
 *   ready     nothing is under way; a refusal may stand beside the form
 *   sending   asked, no answer yet
 *   unknown   no answer came; the money may or may not have moved; `askAgain` sends the same key
 *
 * Asking again can never pay twice, because the key names the payment. Of what no device is to keep, `secret`, only the key
 * is kept: after a reload it is typed again, and sent under that key.
 */
import type { ReplyOf, Route } from '@bursar/contract'
import { useState } from 'react'
import { call, Failure, type Ask } from './call.ts'
import { uuid7 } from './uuid.ts'

type Held<R extends Route> = { key: string; ask: Ask<R> }
type Phase = 'ready' | 'sending' | 'unknown'

export function useWish<R extends Route>(
  route: R,
  name: string,
  then: (reply: ReplyOf<R>) => void | Promise<void>,
  { secret = false }: Readonly<{ secret?: boolean }> = {},
) {
  const place = `bursar.wish.${name}`
  const [held, setHeld] = useState<Held<R> | undefined>(() => (secret ? undefined : read<R>(place)))
  const [unanswered, setUnanswered] = useState(() => (secret ? read<R>(place)?.key : undefined))
  const [phase, setPhase] = useState<Phase>(held ? 'unknown' : 'ready')
  const [failure, setFailure] = useState<Failure>()

  const end = (refusal?: Failure) => {
    sessionStorage.removeItem(place)
    setHeld(undefined)
    setUnanswered(undefined)
    setPhase('ready')
    setFailure(refusal)
  }
  const go = async (wish: Held<R>) => {
    sessionStorage.setItem(place, JSON.stringify(secret ? { key: wish.key } : wish))
    setHeld(wish)
    setPhase('sending')
    setFailure(undefined)
    try {
      const reply = await call(route, wish.ask, { key: wish.key })
      end()
      await then(reply)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      if (error.ending === 'refused') return end(error)
      setPhase('unknown')
      setFailure(error)
    }
  }
  return {
    phase,
    failure,
    held,
    /** Its answer was lost, and so is what was asked. */
    lost: unanswered !== undefined && phase === 'ready',
    send: (ask: Ask<R>) => go({ key: unanswered ?? uuid7(), ask }),
    askAgain: () => (held ? go(held) : Promise.resolve()),
    giveUp: () => end(),
  }
}

function read<R extends Route>(place: string): Held<R> | undefined {
  const text = sessionStorage.getItem(place)
  return text ? (JSON.parse(text) as Held<R>) : undefined
}
