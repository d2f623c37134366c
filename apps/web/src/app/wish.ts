/**
 * A wish is one money command that a person means once. Its key is made when it is first sent and
 * kept, also over a reload, until the answer is definite:
 *
 *   ready     nothing is under way; a refusal may stand beside the form
 *   sending   asked, no answer yet
 *   unknown   no answer came; the money may or may not have moved; `askAgain` sends the same key
 *
 * Asking again can never pay twice, because the key names the payment.
 */
import type { ReplyOf, Route } from '@bursar/contract'
import { useState } from 'react'
import { call, Failure, type Ask } from './call.ts'

type Held<R extends Route> = { key: string; ask: Ask<R> }
type Phase = 'ready' | 'sending' | 'unknown'

export function useWish<R extends Route>(
  route: R,
  name: string,
  then: (reply: ReplyOf<R>) => void | Promise<void>,
) {
  const place = `bursar.wish.${name}`
  const [held, setHeld] = useState<Held<R> | undefined>(() => read<R>(place))
  const [phase, setPhase] = useState<Phase>(held ? 'unknown' : 'ready')
  const [failure, setFailure] = useState<Failure>()

  const end = (refusal?: Failure) => {
    sessionStorage.removeItem(place)
    setHeld(undefined)
    setPhase('ready')
    setFailure(refusal)
  }
  const go = async (wish: Held<R>) => {
    sessionStorage.setItem(place, JSON.stringify(wish))
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
    send: (ask: Ask<R>) => go({ key: uuid7(), ask }),
    askAgain: () => (held ? go(held) : Promise.resolve()),
    giveUp: () => end(),
  }
}

function read<R extends Route>(place: string): Held<R> | undefined {
  const text = sessionStorage.getItem(place)
  return text ? (JSON.parse(text) as Held<R>) : undefined
}

/** RFC 9562: 48 bits of milliseconds, then random, so that the ids made from it sort by time. */
export function uuid7(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 256 ** (5 - i)) % 256
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return [0, 8, 12, 16, 20].map((from, i, cuts) => hex.slice(from, cuts[i + 1] ?? 32)).join('-')
}
