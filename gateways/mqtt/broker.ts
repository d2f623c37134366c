/**
 * A broker inside our own process: MQTT 3.1.1, nothing to install. A device is its terminal's id and the secret that
 * it was given; it may hear its own prompts and say its own words, and nothing else is there for it.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { Aedes, type AuthenticateError, type Client } from 'aedes'
import type { Carrier, Log } from './carrier.ts'
import { down, isTerminal, partsOf, topicOf, up } from './topics.ts'

export type Broker = Carrier & Readonly<{ port: number; connected(): number }>

/** What a device says is small. */
const mostBytes = 1_024
/** So many prompts are at the broker at once; the others wait their turn here. */
const atOnce = 100
/** 4: user name or password, 2: not under this name. */
const refusal = (message: string, returnCode: 2 | 4 | 3) =>
  Object.assign(new Error(message), { returnCode }) as AuthenticateError

type Admits = (device: string, secret: string) => Promise<boolean>
type Options = Readonly<{ port: number; host?: string; admits: Admits; log: Log }>

export async function startBroker({ port, host, admits, log }: Options): Promise<Broker> {
  // Its own queue of what waits is emptied by a call within a call: some thousands overflow the stack. None waits there.
  const broker = await Aedes.createBroker({
    ...{ connectTimeout: 10_000, queueLimit: 1_000, concurrency: 0 },
  })
  const enter = gate(atOnce)
  const here: Here = { names: new WeakMap(), clients: new Map() }
  admitOnly(broker, here, admits, log)
  keepToOwn(broker, here, log)
  broker.on('clientDisconnect', client => {
    const name = here.names.get(client)
    if (name && here.clients.get(name) === client) here.clients.delete(name)
  })
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket.setNoDelay(true).on('close', () => sockets.delete(socket)))
    broker.handle(socket)
  })
  await new Promise<void>((listening, failed) =>
    server.once('error', failed).listen(port, host ?? '0.0.0.0', listening),
  )
  return {
    port: (server.address() as AddressInfo).port,
    connected: () => broker.connectedClients,
    async send(device, what, payload, retain) {
      await enter()
      const topic = topicOf(device, what)
      try {
        await new Promise<void>((sent, failed) =>
          broker.publish({ cmd: 'publish', topic, payload, qos: 1, retain, dup: false }, error =>
            error ? failed(error) : sent(),
          ),
        )
      } finally {
        enter.next()
      }
    },
    listen(heard) {
      broker.on('publish', (packet, client) => {
        const parts = partsOf(packet.topic)
        // A last will comes without its client: the broker itself says it.
        if (!parts || !(client || parts.what === 'offline')) return
        if ((up as readonly string[]).includes(parts.what))
          heard(parts.device, parts.what as (typeof up)[number], packet.payload.toString())
      })
    },
    drop(device) {
      here.clients.get(device)?.close()
    },
    async close() {
      server.close()
      await new Promise<void>(closed => broker.close(closed))
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Lets so many in at once; whoever waits is let in by whoever leaves, in their order. */
function gate(most: number) {
  let [inside, from]: [number, number] = [0, 0]
  let waiting: (() => void)[] = []
  const next = () => {
    const first = waiting[from++]
    if (first) return first()
    ;[waiting, from] = [[], 0]
    inside--
  }
  const enter = () =>
    inside < most ? Promise.resolve(void inside++) : new Promise<void>(go => waiting.push(go))
  return Object.assign(enter, { next })
}

/** Who is there: the terminal that a connection has shown itself to be, and its connection. */
type Here = Readonly<{ names: WeakMap<Client, string>; clients: Map<string, Client> }>

function admitOnly(broker: Aedes, { names, clients }: Here, admits: Admits, log: Log): void {
  broker.authenticate = (client, user = '', password, done) => {
    const refuse = (why: string, code: 2 | 4) => {
      // What stands in the place of a name may be a secret: only what looks like a terminal is written down.
      log('mqtt_refused', { device: isTerminal(user) ? user : '?', why })
      done(refusal('refused', code), null)
    }
    if (!isTerminal(user) || !password) return refuse('no_terminal', 4)
    // Under another's name a device would take over its session, and what waits for it.
    if (client.id !== user) return refuse('another_name', 2)
    const decide = async () => {
      const isAdmitted = await admits(user, password.toString()).catch(() => null)
      if (isAdmitted === null) return done(refusal('not now', 3), null)
      if (!isAdmitted) return refuse('wrong_secret', 4)
      names.set(client, user)
      clients.set(user, client)
      done(null, true)
    }
    void decide()
  }
}

/** Its own topics, and nothing else. */
function keepToOwn(broker: Aedes, { names }: Here, log: Log): void {
  const mayNot = (client: Client, topic: string, why: string) => {
    log('mqtt_refused', { device: names.get(client) ?? '?', why, topic: topic.slice(0, 80) })
    return new Error(why)
  }
  const isOwn = (client: Client, topic: string, what: readonly string[]) => {
    const parts = partsOf(topic)
    return parts !== undefined && parts.device === names.get(client) && what.includes(parts.what)
  }
  broker.authorizePublish = (client, packet, done) => {
    if (!client || (isOwn(client, packet.topic, up) && packet.payload.length <= mostBytes))
      return done(null)
    done(mayNot(client, packet.topic, 'foreign_topic'))
  }
  broker.authorizeSubscribe = (client, subscription, done) => {
    if (isOwn(client, subscription.topic, down)) return done(null, subscription)
    mayNot(client, subscription.topic, 'foreign_topic')
    // Refused in the answer (0x80); the connection, and what else it may hear, stay.
    done(null, null)
  }
  broker.authorizeForward = (client, packet) => (isOwn(client, packet.topic, down) ? packet : null)
}
