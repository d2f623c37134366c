/**
 * A broker inside our own process: MQTT 3.1.1, nothing to install. A device is its terminal's id and the secret that
 * it was given; it may hear its own prompts and say its own words, and nothing else is there for it.
 */
import { createServer, type AddressInfo } from 'node:net'
import type { Carrier, Log } from './carrier.ts'
import { Connection } from './connection.ts'
import type { Hall } from './served.ts'

export type Broker = Carrier & Readonly<{ port: number; connected(): number }>

type Admits = (device: string, secret: string) => Promise<boolean>
type Options = Readonly<{ port: number; host?: string; admits: Admits; log: Log }>

const lookEvery = 1_000

export async function startBroker({ port, host, admits, log }: Options): Promise<Broker> {
  const listeners: Parameters<Carrier['listen']>[0][] = []
  const hall: Hall = {
    ...{ here: new Map(), sessions: new Map(), kept: new Map(), open: new Set(), admits, log },
    hear(device, what, payload) {
      for (const heard of listeners) heard(device, what, payload)
    },
  }
  const server = createServer({ noDelay: true }, socket => void new Connection(socket, hall))
  await new Promise<void>((listening, failed) =>
    server.once('error', failed).listen(port, host ?? '0.0.0.0', listening),
  )
  // One clock for all: of thousands that are written to, a timer each would be set anew at every word.
  const watch = setInterval(() => {
    const now = performance.now()
    for (const one of hall.open) if (one.until < now) one.end(false)
  }, lookEvery)
  watch.unref()
  return {
    port: (server.address() as AddressInfo).port,
    connected: () => hall.here.size,
    send: async (device, what, payload, isKept) => tell(hall, device, what, payload, isKept),
    listen: heard => void listeners.push(heard),
    drop: device => hall.here.get(device)?.end(false),
    async close() {
      clearInterval(watch)
      const closed = new Promise<void>(done => server.close(() => done()))
      // Our own end says nobody's last will: they come again.
      for (const one of hall.open) one.end(true)
      await closed
    },
  }
}

function tell(
  { here, sessions, kept, log }: Hall,
  ...[device, what, payload, isKept]: Parameters<Carrier['send']>
): void {
  const message = { what, payload, isKept: false }
  const session = sessions.get(device)
  if (isKept && payload.length > 0) kept.set(device, message)
  else if (isKept) {
    kept.delete(device)
    session?.forget(what)
  }
  if (!session || session.tell(message)) return
  // It lets them lie. What it has not had it asks for when it comes again: hello names its place.
  log('mqtt_overrun', { device })
  here.get(device)?.end(false)
  sessions.delete(device)
}
