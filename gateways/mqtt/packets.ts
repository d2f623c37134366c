/**
 * MQTT 3.1.1 as bytes: what a device says is cut into packets and read, what it is told is written.
 *
 *   packet = type and flags, length (1 to 4 bytes of seven bits, the lowest first), body
 *   text   = its length in two bytes, UTF-8
 *
 * Source: OASIS MQTT 3.1.1, chapters 2 and 3; numbers are big-endian.
 */

export const types = {
  ...{ connect: 1, publish: 3, puback: 4, pubrec: 5, pubrel: 6, pubcomp: 7, subscribe: 8 },
  ...{ unsubscribe: 10, pingreq: 12, disconnect: 14 },
} as const
export type Packet = Readonly<{ type: number; flags: number; body: Buffer }>
type Said = Readonly<{ topic: string; payload: Buffer; qos: number }>
export type Connect = Readonly<{
  /** 3.1 and 3.1.1 are known; another is refused by its number. */
  isKnown: boolean
  isClean: boolean
  /** Seconds; 0: whenever it likes. */
  keepAlive: number
  client: string
  will: Said | undefined
  user: string
  password: string
}>

export class Malformed extends Error {}

const [firstBytes, nothing] = [2, Buffer.alloc(0)]

/** Cuts what comes into packets; whatever is longer than `most` is none. */
export class Cutter {
  #left: Buffer = nothing
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  add(bytes: Buffer): void {
    this.#left = this.#left.length === 0 ? bytes : Buffer.concat([this.#left, bytes])
  }

  /** Undefined: its rest is yet to come. */
  next(): Packet | undefined {
    const left = this.#left
    if (left.length < firstBytes) return undefined
    let [length, at, shift] = [0, 1, 0]
    for (let more = true; more; shift += 7) {
      if (at === left.length) return undefined
      const byte = left[at++]!
      length |= (byte & 127) << shift
      more = byte > 127
      if (length > this.#most || (more && shift === 21)) throw new Malformed('too long')
    }
    if (left.length < at + length) return undefined
    this.#left = left.subarray(at + length)
    return { type: left[0]! >> 4, flags: left[0]! & 15, body: left.subarray(at, at + length) }
  }
}

/** Reads a body from its start; what ends too early is no packet. */
function reading(body: Buffer) {
  let at = 0
  const need = (length: number) => {
    if (at + length > body.length) throw new Malformed('cut off')
    at += length
    return at - length
  }
  const number = () => body.readUInt16BE(need(2))
  const bytes = () => {
    const length = number()
    const start = need(length)
    return body.subarray(start, start + length)
  }
  return {
    ...{ number, bytes },
    byte: () => body[need(1)]!,
    text: () => bytes().toString(),
    rest: () => body.subarray(at),
    more: () => at < body.length,
  }
}

const flag = { clean: 2, will: 4, password: 64, user: 128 } as const

export function connectOf({ body }: Packet): Connect {
  const from = reading(body)
  const [name, level] = [from.text(), from.byte()]
  const isKnown = (name === 'MQTT' && level === 4) || (name === 'MQIsdp' && level === 3)
  const none = { isClean: true, keepAlive: 0, client: '', will: undefined, user: '', password: '' }
  if (!isKnown) return { isKnown, ...none }
  const flags = from.byte()
  const has = (bit: number) => (flags & bit) !== 0
  const [keepAlive, client] = [from.number(), from.text()]
  const will = has(flag.will)
    ? { topic: from.text(), payload: from.bytes(), qos: (flags >> 3) & 3 }
    : undefined
  const user = has(flag.user) ? from.text() : ''
  const password = has(flag.password) ? from.text() : ''
  return { isKnown, isClean: has(flag.clean), keepAlive, client, will, user, password }
}

/** Its number: none where nobody is to acknowledge it. */
export function publishOf({ flags, body }: Packet): Said & Readonly<{ id: number }> {
  const qos = (flags >> 1) & 3
  if (qos === 3) throw new Malformed('qos')
  const from = reading(body)
  const topic = from.text()
  return { topic, qos, id: qos > 0 ? from.number() : 0, payload: from.rest() }
}

export function subscribeOf({ body }: Packet) {
  const from = reading(body)
  const id = from.number()
  const wanted: { topic: string; qos: number }[] = []
  while (from.more()) wanted.push({ topic: from.text(), qos: from.byte() })
  return { id, wanted }
}

export function unsubscribeOf({ body }: Packet) {
  const from = reading(body)
  const id = from.number()
  const topics: string[] = []
  while (from.more()) topics.push(from.text())
  return { id, topics }
}

export const idOf = ({ body }: Packet): number => reading(body).number()

const [high, low] = [(id: number) => id >> 8, (id: number) => id & 255]
/** Why one is not let in: another version, another name, not now, wrong. */
export const refusals = { version: 1, name: 2, notNow: 3, secret: 4 } as const
export const connack = (isKept: boolean, code: number) =>
  Buffer.from([0x20, 2, isKept ? 1 : 0, code])
export const suback = (id: number, granted: readonly number[]) =>
  Buffer.from([0x90, 2 + granted.length, high(id), low(id), ...granted])
export const unsuback = (id: number) => Buffer.from([0xb0, 2, high(id), low(id)])
export const pingresp = () => Buffer.from([0xd0, 0])
export const puback = (id: number) => Buffer.from([0x40, 2, high(id), low(id)])
export const pubrec = (id: number) => Buffer.from([0x50, 2, high(id), low(id)])
export const pubcomp = (id: number) => Buffer.from([0x70, 2, high(id), low(id)])

/** What is told, on its way: under its number where it is to be acknowledged (QoS 1). */
export type Told = Readonly<{
  topic: Buffer
  payload: Buffer
  id: number | undefined
  isKept: boolean
  isAgain: boolean
}>

/** All of these in one piece, to be sent by one call. */
export function publishes(all: readonly Told[]): Buffer {
  let length = 0
  for (const one of all) length += 5 + bodyLength(one)
  const bytes = Buffer.allocUnsafe(length)
  let at = 0
  for (const one of all) at = writePublish(bytes, one, at)
  return bytes.subarray(0, at)
}

const bodyLength = ({ topic, payload, id }: Told) =>
  2 + topic.length + (id === undefined ? 0 : 2) + payload.length

function writePublish(bytes: Buffer, told: Told, start: number): number {
  const { topic, payload, id, isKept, isAgain } = told
  let at = start
  bytes[at++] = 0x30 | (isAgain ? 8 : 0) | (id === undefined ? 0 : 2) | (isKept ? 1 : 0)
  let length = bodyLength(told)
  for (; length > 127; length >>= 7) bytes[at++] = 128 | (length & 127)
  bytes[at++] = length
  at = bytes.writeUInt16BE(topic.length, at)
  bytes.set(topic, at)
  at += topic.length
  if (id !== undefined) at = bytes.writeUInt16BE(id, at)
  bytes.set(payload, at)
  return at + payload.length
}
