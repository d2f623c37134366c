/**
 * Carries notices to the operator until it says exactly `success`: at once, then after the pauses of
 * the schedule, signed anew each time. What is still to be carried survives a restart.
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

type Letter = Readonly<{ id: string; from: Party; said: Said; tries: number; dueAt: number }>
export type Courier = Readonly<{
  /** With an id of the sender's, or a new one. */
  send(from: Party, said: Said, id?: string): void
  /** What waits for its next try, of all that was ever sent and not confirmed. */
  waiting(): number
}>
type Options = Readonly<{
  world: World
  faults: Faults
  timers: Timers
  keys: Readonly<Record<Party, KeyPair>>
  urls: Readonly<Partial<Record<Party, string>>>
  retry: readonly number[]
}>

export function openCourier({ world, faults, timers, keys, urls, retry }: Options): Courier {
  const held: Letter[] = []

  /** One try, with what the fault makes of it. A spoiled try is a try: the true one follows. */
  async function attempt(letter: Letter, fault: Fault | undefined): Promise<void> {
    const { id, from, said, tries } = letter
    const key =
      fault?.fault === 'forged_signature' ? { ...makeKey('x'), id: keys[from].id } : keys[from]
    const told = fault?.fault === 'wrong_amount' ? overstated(said) : said
    const copies = fault?.fault === 'duplicate' ? fault.count : 1
    const heard = await post(urls[from], key, told, copies)
    if (timers.stopped()) return
    const pause = retry[tries]
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
    send(from, said, id = `ntc_${randomUUID()}`) {
      const letter = { id, from, said: { notice: id, ...said }, tries: 0, dueAt: Date.now() }
      world.put(['notice', id, letter])
      timers.at(letter.dueAt, () => carry(letter))
    },
    waiting: () => world.all('notice').length,
  }
}

/** Whether the operator said what it has to say, to any of the copies. */
async function post(
  url: string | undefined,
  key: KeyPair,
  said: Said,
  copies: number,
): Promise<boolean> {
  if (!url) return false
  const body = Buffer.from(JSON.stringify(said))
  const headers = seal(key, body)
  const one = async () => {
    try {
      const signal = AbortSignal.timeout(5_000)
      const answer = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'manual' })
      return (await answer.text()) === 'success' && answer.status === 200
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
