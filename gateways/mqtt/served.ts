/**
 * A device that was let in: it may hear its own topics and say its own words, and nothing else is there for it.
 *
 *   subscribe   another's topic is refused in the answer, and the connection stays
 *   publish     heard, then acknowledged; another's topic, or a long word, ends the connection
 */
import type { Socket } from 'node:net'
import type { Log } from './carrier.ts'
import {
  connack,
  idOf,
  pingresp,
  puback,
  pubcomp,
  publishOf,
  pubrec,
  suback,
  subscribeOf,
  types,
  unsuback,
  unsubscribeOf,
  type Connect,
  type Packet,
} from './packets.ts'
import { Session, type Message } from './session.ts'
import { down, partsOf, topicOf, up, type Up } from './topics.ts'

type Ends = Readonly<{ end(isGoodbye: boolean): void }>
/** What there is at the broker: who is connected and who is let in, what is on its way, what is kept. */
export type Hall = Readonly<{
  open: Set<Ends & Readonly<{ until: number }>>
  here: Map<string, Ends>
  sessions: Map<string, Session>
  /** The last prompt of each, for whoever subscribes. */
  kept: Map<string, Message>
  admits(device: string, secret: string): Promise<boolean>
  hear(device: string, what: Up, payload: string): void
  log: Log
}>

/** What a device says is small, and it holds back little. */
const [mostBytes, heldMost] = [1_024, 100]
const refused = 0x80

/** The last part of one of its own topics. */
function ownOf<What extends string>(device: string, topic: string, known: readonly What[]) {
  const parts = partsOf(topic)
  return parts?.device === device ? known.find(what => what === parts.what) : undefined
}

export function serve(socket: Socket, hall: Hall, asked: Connect, connection: Ends) {
  const { user: device, isClean, will } = asked
  const before = hall.sessions.get(device)
  const session = before && !before.isClean && !isClean ? before : new Session(device, isClean)
  hall.sessions.set(device, session)
  socket.write(connack(session === before, 0))
  session.come(socket)
  const place: Place = { socket, hall, device, session }
  return {
    take(packet: Packet): void {
      if (packet.type === types.disconnect) connection.end(true)
      else if (!heard(place, packet)) connection.end(false)
    },
    leave(isGoodbye: boolean): void {
      session.leave()
      hall.here.delete(device)
      if (session.isClean) hall.sessions.delete(device)
      if (will && !isGoodbye) say(place, will.topic, will.payload)
    },
  }
}

type Place = Readonly<{
  socket: Socket
  hall: Hall
  device: string
  session: Session
}>

/** False: it may not go on. */
function heard(place: Place, packet: Packet): boolean {
  const { socket, session } = place
  switch (packet.type) {
    case types.puback:
      session.acknowledged(idOf(packet))
      return true
    case types.publish:
      return publish(place, packet)
    case types.pubrel:
      session.held.delete(idOf(packet))
      socket.write(pubcomp(idOf(packet)))
      return true
    case types.subscribe:
      subscribe(place, packet)
      return true
    case types.unsubscribe:
      unsubscribe(place, packet)
      return true
    case types.pingreq:
      socket.write(pingresp())
      return true
    default:
      return false
  }
}

function mayNot({ hall, device }: Place, topic: string): void {
  hall.log('mqtt_refused', { device, why: 'foreign_topic', topic: topic.slice(0, 80) })
}

function say(place: Place, topic: string, payload: Buffer): boolean {
  const { hall, device } = place
  const what = payload.length <= mostBytes ? ownOf(device, topic, up) : undefined
  if (what) hall.hear(device, what, payload.toString())
  else mayNot(place, topic)
  return what !== undefined
}

function publish(place: Place, packet: Packet): boolean {
  const { socket, session } = place
  const { held } = session
  const { topic, qos, id, payload } = publishOf(packet)
  const isNew = qos < 2 || !held.has(id)
  if (isNew && qos === 2 && held.size === heldMost) return false
  if (isNew && !say(place, topic, payload)) return false
  if (qos === 2) held.add(id)
  if (qos > 0) socket.write(qos === 1 ? puback(id) : pubrec(id))
  return true
}

function subscribe(place: Place, packet: Packet): void {
  const { socket, hall, device, session } = place
  const { id, wanted } = subscribeOf(packet)
  const granted = wanted.map(({ topic, qos }) => {
    const what = ownOf(device, topic, down)
    if (!what) return (mayNot(place, topic), refused)
    const least = qos === 0 ? 0 : 1
    session.heard.set(what, least)
    return least
  })
  socket.write(suback(id, granted))
  const kept = hall.kept.get(device)
  if (kept && wanted.some(({ topic }) => topic === topicOf(device, kept.what)))
    session.tell({ ...kept, isKept: true })
}

function unsubscribe({ socket, device, session }: Place, packet: Packet): void {
  const { id, topics } = unsubscribeOf(packet)
  for (const topic of topics) {
    const what = ownOf(device, topic, down)
    if (what) session.heard.delete(what)
  }
  socket.write(unsuback(id))
}
