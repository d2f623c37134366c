/**
 * One device's connection, until it is let in by its name and secret; what is said then is heard in served.ts.
 *
 *   new      has ten seconds to say who it is
 *   asking   the house is asked; meanwhile nothing of it is read
 *   in       served, as long as it is heard of
 *   gone     without a goodbye its last will is said
 */
import type { Socket } from 'node:net'
import {
  connack,
  connectOf,
  Cutter,
  Malformed,
  refusals,
  types,
  type Connect,
  type Packet,
} from './packets.ts'
import { serve, type Hall } from './served.ts'
import { unreadMost } from './session.ts'
import { isTerminal } from './topics.ts'

/** What a device says is small. */
const mostOfPacket = 4_096
/** Milliseconds in which one has to say who it is. */
const patience = 10_000

export class Connection {
  readonly #socket: Socket
  readonly #hall: Hall
  readonly #cutter = new Cutter(mostOfPacket)
  #state: 'new' | 'asking' | 'in' | 'gone' = 'new'
  #keepAlive = patience
  #served: ReturnType<typeof serve> | undefined
  /** By then it has to be heard of. */
  until = performance.now() + patience

  constructor(socket: Socket, hall: Hall) {
    this.#socket = socket
    this.#hall = hall
    hall.open.add(this)
    socket.on('data', bytes => this.#hear(bytes))
    socket.on('error', () => undefined)
    socket.on('close', () => this.end(false))
  }

  end(isGoodbye: boolean): void {
    if (this.#state === 'gone') return
    this.#state = 'gone'
    this.#hall.open.delete(this)
    this.#socket.destroy()
    this.#served?.leave(isGoodbye)
  }

  #hear(bytes: Buffer): void {
    if (this.#state === 'gone') return
    // It asks and asks, and reads no answer.
    if (this.#socket.writableLength > unreadMost) return this.end(false)
    if (this.#state === 'in') this.until = performance.now() + this.#keepAlive
    this.#cutter.add(bytes)
    this.#read()
  }

  #read(): void {
    try {
      while (this.#state === 'new' || this.#state === 'in') {
        const packet = this.#cutter.next()
        if (!packet) return
        this.#take(packet)
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      this.end(false)
    }
  }

  #take(packet: Packet): void {
    if (this.#served) return this.#served.take(packet)
    if (packet.type !== types.connect) return this.end(false)
    this.#state = 'asking'
    this.#socket.pause()
    void this.#enter(connectOf(packet))
  }

  async #enter(asked: Connect): Promise<void> {
    const { user, client, password } = asked
    if (!asked.isKnown) return this.#refuse(user, 'another_version', refusals.version)
    if (!isTerminal(user) || !password) return this.#refuse(user, 'no_terminal', refusals.secret)
    // Under another's name a device would take over its session, and what waits for it.
    if (client !== user) return this.#refuse(user, 'another_name', refusals.name)
    const isAdmitted = await this.#hall.admits(user, password).catch(() => null)
    if (this.#state === 'gone') return
    if (isAdmitted === null) return this.#refuse(user, 'not_now', refusals.notNow)
    if (!isAdmitted) return this.#refuse(user, 'wrong_secret', refusals.secret)
    this.#hall.here.get(user)?.end(false)
    this.#state = 'in'
    this.#keepAlive = asked.keepAlive > 0 ? asked.keepAlive * 1_500 : Infinity
    this.until = performance.now() + this.#keepAlive
    this.#hall.here.set(user, this)
    this.#served = serve(this.#socket, this.#hall, asked, this)
    this.#socket.resume()
    this.#read()
  }

  #refuse(user: string, why: string, code: number): void {
    // What stands in the place of a name may be a secret: only what looks like a terminal is written down.
    this.#hall.log('mqtt_refused', { device: isTerminal(user) ? user : '?', why })
    this.#state = 'gone'
    this.#hall.open.delete(this)
    this.#socket.write(connack(false, code))
    this.#socket.destroySoon()
  }
}
