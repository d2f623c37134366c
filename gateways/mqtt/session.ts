/**
 * What is on its way to one device: told once it has come, in order, until it is acknowledged.
 *
 *   waits     behind the hundred that are sent and not acknowledged, or until the device comes
 *   sent      under a number; acknowledged it is forgotten, and the next one is sent
 *   again     with the same number, when the device comes back to a session that it keeps
 *
 * What is told to a device within one turn of the program goes out by one call: a burst to a thousand devices is a
 * thousand calls.
 */
import type { Socket } from 'node:net'
import { publishes, type Told } from './packets.ts'
import { topicOf, type Down } from './topics.ts'

export type Message = Readonly<{ what: Down; payload: Buffer; isKept: boolean }>

/** Sent and not acknowledged, at most: a small device holds no more than these at once. */
const sentMost = 100
/** Bytes that are written and that a device does not read: more of them are memory that nobody bounds. */
export const unreadMost = 2 ** 18
/** More than a device lets lie: it is let go, and comes again from the place that it has. */
const waitMost = 10_000
const lastId = 65_535

export class Session {
  readonly isClean: boolean
  /** What it listens to, and whether it acknowledges that. */
  readonly heard = new Map<Down, 0 | 1>()
  /** Said with QoS 2, heard, and not yet let go by the device: it may say it again, also after it was away. */
  readonly held = new Set<number>()
  readonly #topics: Readonly<Record<Down, Buffer>>
  #socket: Socket | undefined
  #sent = new Map<number, Message>()
  #waiting: Message[] = []
  #next = 0
  #lastId = 0
  #turn: Told[] = []

  constructor(device: string, isClean: boolean) {
    this.isClean = isClean
    const topic = (what: Down) => Buffer.from(topicOf(device, what))
    this.#topics = { prompt: topic('prompt'), ended: topic('ended') }
  }

  /** It is there: what it has not acknowledged is sent again, then what waited. */
  come(socket: Socket): void {
    this.#socket = socket
    for (const [id, message] of this.#sent) this.#write(message, id, true)
    this.#go()
  }

  leave(): void {
    this.#socket = undefined
    this.#turn = []
  }

  /** False: it has let too many lie. */
  tell(message: Message): boolean {
    const qos = this.heard.get(message.what)
    if (qos === undefined) return true
    if (qos === 0) {
      if (this.#socket) this.#write(message, undefined, false)
      return (this.#socket?.writableLength ?? 0) < unreadMost
    }
    if (this.#waiting.length - this.#next >= waitMost) return false
    this.#waiting.push(message)
    this.#go()
    return true
  }

  acknowledged(id: number): void {
    if (this.#sent.delete(id)) this.#go()
  }

  /** What is not for whoever comes in its place. */
  forget(what: Down): void {
    this.#waiting = this.#waiting.slice(this.#next).filter(one => one.what !== what)
    this.#next = 0
    for (const [id, one] of this.#sent) if (one.what === what) this.#sent.delete(id)
  }

  #go(): void {
    while (this.#socket && this.#next < this.#waiting.length && this.#sent.size < sentMost) {
      const message = this.#waiting[this.#next++]!
      const id = this.#freeId()
      this.#sent.set(id, message)
      this.#write(message, id, false)
    }
    if (this.#next < this.#waiting.length && this.#next < sentMost) return
    this.#waiting = this.#waiting.slice(this.#next)
    this.#next = 0
  }

  #freeId(): number {
    do this.#lastId = (this.#lastId % lastId) + 1
    while (this.#sent.has(this.#lastId))
    return this.#lastId
  }

  #write({ what, payload, isKept }: Message, id: number | undefined, isAgain: boolean): void {
    if (this.#turn.length === 0) queueMicrotask(() => this.#flush())
    this.#turn.push({ topic: this.#topics[what], payload, id, isKept, isAgain })
  }

  #flush(): void {
    const turn = this.#turn
    if (turn.length === 0) return
    this.#turn = []
    this.#socket?.write(publishes(turn))
  }
}
