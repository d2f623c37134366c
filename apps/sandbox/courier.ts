/**
 * Carries notices to the operator until it says what the sender wants to hear: at once, then after the pauses of
 * the sender's schedule, each in the sender's own voice. What is still to be carried survives a restart.
 */
import { randomUUID } from 'node:crypto'
import { fromWire, toWire } from '@bursar/money'
import { faultsOfNotices, type Fault, type Faults, type Party } from './faults.ts'
import type { Timers } from './timers.ts'
import { makeKey, seal, type KeyPair, type Said } from './wire.ts'
import type { World } from './world.ts'

/** Seconds between tries, as WeChat Pay does it: 24 hours in all. */
export const schedule = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600]
  .concat([10800, 10800, 10800, 21600, 21600])
  .map(seconds => seconds * 1000)

/** How one party writes a notice, and what it wants to hear. A forged one is signed by a stranger. */
export type Voice = Readonly<{
  /** Milliseconds between the tries. */
  retry: readonly number[]
  letter(said: Said, forged: boolean): Readonly<{ body: Buffer; headers: Record<string, string> }>
  heard(status: number, text: string): boolean
}>

/** On the signed line: sealed anew for each try. */
export const signedVoice = (key: KeyPair, retry: readonly number[] = schedule): Voice => ({
  retry,
  letter(said, forged) {
    const body = Buffer.from(JSON.stringify(said))
    return { body, headers: seal(forged ? { ...makeKey('x'), id: key.id } : key, body) }
  },
  heard: (status, text) => status === 200 && text === 'success',
})

type Where = Readonly<{ id?: string; url?: string }>
type Letter = Readonly<{
  id: string
  from: Party
  said: Said
  url?: string
  tries: number
  dueAt: number
}>
export type Courier = Readonly<{
  /** With an id of the sender's, or a new one; to an address of its own, or the sender's. */
  send(from: Party, said: Said, where?: Where): void
  /** What waits for its next try, of all that was ever sent and not confirmed. */
  waiting(): number
}>
type Options = Readonly<{
  world: World
  faults: Faults
  timers: Timers
  voices: Readonly<Partial<Record<Party, Voice>>>
  urls: Readonly<Partial<Record<Party, string>>>
}>

export function openCourier({ world, faults, timers, voices, urls }: Options): Courier {
  const held: Letter[] = []

  /** One try, with what the fault makes of it. A spoiled try is a try: the true one follows. */
  async function attempt(letter: Letter, fault: Fault | undefined): Promise<void> {
    const { id, from, said, tries, url = urls[from] } = letter
    const voice = voices[from]
    if (!voice) return
    const told = fault?.fault === 'wrong_amount' ? overstated(said) : said
    const copies = fault?.fault === 'duplicate' ? fault.count : 1
    const heard = await post(url, voice, told, fault?.fault === 'forged_signature', copies)
    if (timers.stopped()) return
    const pause = voice.retry[tries]
    if (heard || pause === undefined) return world.put(['notice', id, null])
    const next = { ...letter, tries: tries + 1, dueAt: Date.now() + pause }
    world.put(['notice', id, next])
    timers.at(next.dueAt, () => carry(next))
  }

  async function carry(letter: Letter): Promise<void> {
    const fault = faults.take(letter.from, faultsOfNotices)
    if (fault?.fault === 'no_notice') return world.put(['notice', letter.id, null])
    if (fault?.fault !== 'reorder') return attempt(letter, fault)
    held.unshift(letter)
    if (fault.times > 0) return
    for (const late of held.splice(0)) await attempt(late, undefined)
  }

  for (const letter of world.all<Letter>('notice')) timers.at(letter.dueAt, () => carry(letter))
  return {
    send(from, said, { id = `ntc_${randomUUID()}`, url } = {}) {
      const now = Date.now()
      const what = { id, from, said: { notice: id, ...said }, tries: 0, dueAt: now }
      const letter: Letter = url ? { ...what, url } : what
      world.put(['notice', id, letter])
      timers.at(letter.dueAt, () => carry(letter))
    },
    waiting: () => world.all('notice').length,
  }
}

/** Whether the operator said what it has to say, to any of the copies. */
async function post(
  url: string | undefined,
  voice: Voice,
  said: Said,
  forged: boolean,
  copies: number,
): Promise<boolean> {
  if (!url) return false
  const { body, headers } = voice.letter(said, forged)
  const one = async () => {
    try {
      const signal = AbortSignal.timeout(5_000)
      const answer = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'manual' })
      return voice.heard(answer.status, await answer.text())
    } catch {
      return false
    }
  }
  let heard = false
  for (let left = copies; left > 0; left -= 50) {
    const answers = await Promise.all(Array.from({ length: Math.min(50, left) }, one))
    heard ||= answers.includes(true)
  }
  return heard
}

/** The same notice with one more whole unit of money, rightly signed. */
function overstated(said: Said): Said {
  const { minor, currency } = fromWire(said.amount as Parameters<typeof fromWire>[0])
  return { ...said, amount: toWire({ minor: minor + 100n, currency }) }
}
