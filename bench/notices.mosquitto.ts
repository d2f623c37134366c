/**
 * A bare Mosquitto that fans the same messages out: the bound for `bench:notices`. No database, no permission, no
 * place in a stream; a publisher, a broker of C, and so many subscribers in one process of ours.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'

export type FanOut = Readonly<{
  /** Messages that arrived, by second, with all subscribers together. */
  rate: number
  /** Publish to arrival, in milliseconds. */
  p50: number
  p99: number
  /** 0: all arrived everywhere. */
  missed: number
}>
type Load = Readonly<{
  subscribers: number
  messages: number
  /** Before them, and not counted. */
  warmUp?: number
  /** Messages by second; none: as fast as they are taken. */
  pace?: number
  /** What is sent; a prompt of a house is about 400 bytes. */
  bytes?: number
  qos?: 0 | 1
}>

/** Undefined where Mosquitto is not on the machine. */
export async function mosquittoFanOut(load: Load): Promise<FanOut | undefined> {
  if (spawnSync('mosquitto', ['-h']).error) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'))
  const port = await freePort()
  const settings = `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nset_tcp_nodelay true\n`
  writeFileSync(join(folder, 'settings'), settings)
  const child = spawn('mosquitto', ['-c', join(folder, 'settings')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  try {
    for await (const line of child.stderr) if (String(line).includes('running')) break
    return await measured(`mqtt://127.0.0.1:${port}`, load)
  } finally {
    child.kill()
    if (child.exitCode === null) await once(child, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measured(url: string, load: Load): Promise<FanOut> {
  const clients = await open(url, load.subscribers)
  const publisher = await connectAsync(url, { protocolVersion: 5 })
  const { warmUp = 0 } = load
  if (warmUp > 0) await fanOut(clients, publisher, { ...load, messages: warmUp })
  const found = await fanOut(clients, publisher, load)
  await Promise.all([...clients, publisher].map(client => client.endAsync(true)))
  return found
}

/** What a broker of ours takes before it has answered. */
const unanswered = 20

async function fanOut(clients: readonly MqttClient[], publisher: MqttClient, load: Load) {
  const { subscribers, messages, pace, bytes = 400, qos = 1 } = load
  const [sent, waits]: [number[], number[]] = [[], []]
  const all = subscribers * messages
  const start = performance.now()
  let patience: NodeJS.Timeout | undefined
  const arrived = new Promise<void>(done => {
    patience = setTimeout(done, 60_000 + (pace ? (messages / pace) * 1_000 : 0))
    for (const client of clients)
      client.removeAllListeners('message').on('message', (_, payload) => {
        waits.push(performance.now() - sent[payload.readUInt32BE(0)]!)
        if (waits.length === all) done()
      })
  })
  const taken: Promise<unknown>[] = []
  for (let i = 0; i < messages; i++) {
    if (pace) await until(start + (i / pace) * 1_000)
    const payload = Buffer.alloc(bytes, 0x61)
    payload.writeUInt32BE(i, 0)
    sent[i] = performance.now()
    taken.push(publisher.publishAsync('prompts', payload, { qos }))
    if (!pace && taken.length === unanswered) await Promise.all(taken.splice(0))
  }
  await Promise.all([arrived, ...taken])
  clearTimeout(patience)
  const seconds = (performance.now() - start) / 1_000
  waits.sort((a, b) => a - b)
  const at = (share: number) =>
    waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? NaN
  return { rate: waits.length / seconds, p50: at(0.5), p99: at(0.99), missed: all - waits.length }
}

/** Fifty at a time: a broker's queue of unanswered connections is short. */
async function open(url: string, count: number): Promise<MqttClient[]> {
  const clients: MqttClient[] = []
  while (clients.length < count) {
    const some = Array.from({ length: Math.min(50, count - clients.length) }, async () => {
      const client = await connectAsync(url, { protocolVersion: 5, keepalive: 300 })
      await client.subscribeAsync('prompts', { qos: 1 })
      return client
    })
    clients.push(...(await Promise.all(some)))
  }
  return clients
}

const until = (time: number) =>
  new Promise<void>(resolve => setTimeout(resolve, Math.max(0, time - performance.now())))

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

if (import.meta.main)
  for (const subscribers of [1, 100, 1_000]) {
    const found = await mosquittoFanOut({ subscribers, messages: 200, pace: 20 })
    if (!found) console.log('mosquitto is not on this machine')
    else console.log(`${subscribers} subscribers, 20 messages/s:`, found)
  }
