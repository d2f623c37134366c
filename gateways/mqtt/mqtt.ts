/**
 * Devices by MQTT: a lamp, a loudspeaker, a watch. Each has a topic and a secret of its own.
 *
 *   hello      the device is there, and had everything up to a place    a line is opened from there
 *   prompt     what it is told, at least once, the last one kept        it filters by (notice, class): first wins
 *   heartbeat  battery, and the last prompt that it has                 the place is kept
 *   offline    its last will, said by the broker                        the line is closed, the house knows
 *   ended      suspended, revoked, expired                              nothing is kept for it, its connection ends
 *
 * What the broker delivers twice, or a second line brings, the device filters; what it missed, hello brings again.
 */
import { format } from '@bursar/money'
import type { Carrier, House, Log, Prompt, Told } from './carrier.ts'
import type { Down, Up } from './topics.ts'

export type { Carrier, House, Log, Told } from './carrier.ts'
export { admitsBy, forgetsEnded, houseOf } from './house.ts'
export { startBroker } from './broker.ts'
export { joinBroker } from './remote.ts'
export { isTerminal, topicOf } from './topics.ts'

type Word = Readonly<{ after?: bigint; acked?: bigint; battery?: number; program?: string }>

/** Serves devices until it is stopped. */
export function serveDevices(line: Carrier, house: House, log: Log): { stop(): Promise<void> } {
  const open = new Map<string, () => void>()
  const busy = new Map<string, Promise<void>>()

  const shut = (device: string) => {
    open.get(device)?.()
    open.delete(device)
  }
  const failed = (device: string) => (error: unknown) =>
    log('mqtt_failed', { device, why: error instanceof Error ? error.message : 'unknown' })
  const send = (device: string, what: Down, payload: Buffer, keep: boolean) =>
    void line.send(device, what, payload, keep).catch(failed(device))
  const told = (device: string): Told => ({
    tell(prompts) {
      for (const prompt of prompts) send(device, 'prompt', onTheWire(prompt), true)
      return true
    },
    end(why) {
      open.delete(device)
      // A message of no length is how a broker is told to keep none.
      send(device, 'prompt', Buffer.alloc(0), true)
      send(device, 'ended', Buffer.from(JSON.stringify({ why })), false)
      setTimeout(() => line.drop(device), 200).unref()
    },
  })
  const begin = async (device: string, after: bigint | null) => {
    shut(device)
    open.set(device, await house.open(device, after, told(device)))
  }

  async function hear(device: string, what: Up, word: Word) {
    if (what === 'offline') {
      shut(device)
      return house.gone(device)
    }
    const { after, ...said } = word
    if (what === 'hello') return begin(device, after ?? null)
    // After a restart of ours devices are still at the broker: their next heartbeat opens the line again.
    if (!open.has(device)) await begin(device, said.acked ?? null)
    await house.heartbeat(device, said)
  }

  line.listen((device, what, payload) => {
    const word = wordOf(payload)
    if (!word) return log('mqtt_unread', { device, what })
    const before = busy.get(device) ?? Promise.resolve()
    const next = before.then(() => hear(device, what, word)).catch(failed(device))
    busy.set(device, next)
    void next.then(() => busy.get(device) === next && busy.delete(device))
  })
  return {
    async stop() {
      for (const device of open.keys()) shut(device)
      await Promise.all(busy.values())
      await line.close()
    },
  }
}

const texts = new WeakMap<Prompt, Buffer>()

/** A prompt as contract/ has it: places and sums as texts, instants in ISO 8601. Devices that see alike are told by the same text, which is made once. */
function onTheWire(prompt: Prompt): Buffer {
  const known = texts.get(prompt)
  if (known !== undefined) return known
  const json = JSON.stringify(prompt, (_, value: unknown) => {
    if (typeof value === 'bigint') return String(value)
    const sum = value as { minor?: unknown; currency?: unknown } | null
    return typeof sum?.minor === 'bigint' && typeof sum.currency === 'string'
      ? { amount: format({ minor: sum.minor, currency: sum.currency }), currency: sum.currency }
      : value
  })
  const text = Buffer.from(json)
  texts.set(prompt, text)
  return text
}

/** What a device says; null where it cannot be read. */
function wordOf(payload: string): Word | null {
  try {
    const { after, acked, battery, program } = JSON.parse(payload || '{}') as Record<
      string,
      unknown
    >
    const places = [after, acked].map(one => (one === undefined ? undefined : placeOf(one)))
    if (places.includes(null)) return null
    if (
      battery !== undefined &&
      !(Number.isInteger(battery) && Number(battery) >= 0 && Number(battery) <= 100)
    )
      return null
    if (program !== undefined && !isProgram(program)) return null
    return {
      ...(places[0] != null ? { after: places[0] } : {}),
      ...(places[1] != null ? { acked: places[1] } : {}),
      ...(battery === undefined ? {} : { battery: battery as number }),
      ...(program === undefined ? {} : { program }),
    }
  } catch {
    return null
  }
}

const isProgram = (text: unknown): text is string =>
  typeof text === 'string' && text.length >= 1 && text.length <= 40 && !text.includes('\0')

const placeOf = (text: unknown) =>
  typeof text === 'string' && /^\d{1,18}$/.test(text) ? BigInt(text) : null
