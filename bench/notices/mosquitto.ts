/**
 * A bare Mosquitto that fans the same messages out: the bound for `bench:notices`. No database, no permission, no
 * place in a stream: a publisher in our process, where the house's receipts come from, a broker of C, and the same
 * program of clients.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'

export const topic = 'prompts'
export type Mosquitto = Readonly<{
  url: string
  /** So many at once, of so many bytes each; ends when the broker has answered for all. */
  publish(count: number, bytes: number): Promise<void>
  stop(): Promise<void>
}>

/** As many on their way to a client as our broker has. */
const settingsAt = (port: number) =>
  [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'max_queued_messages 0',
    'max_inflight_messages 100',
    'set_tcp_nodelay true',
  ].join('\n')

/** Undefined where Mosquitto is not on the machine. */
export async function startMosquitto(): Promise<Mosquitto | undefined> {
  if (spawnSync('mosquitto', ['-h']).error) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'))
  const port = await freePort()
  writeFileSync(join(folder, 'settings'), `${settingsAt(port)}\n`)
  const child = spawn('mosquitto', ['-c', join(folder, 'settings')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  for await (const line of child.stderr) if (String(line).includes('running')) break
  const url = `mqtt://127.0.0.1:${port}`
  const publisher = await connectAsync(url, { protocolVersion: 4 })
  return {
    url,
    async publish(count, bytes) {
      const payload = Buffer.alloc(bytes, 0x61)
      const sent = Array.from({ length: count }, () =>
        publisher.publishAsync(topic, payload, { qos: 1 }),
      )
      await Promise.all(sent)
    },
    async stop() {
      await publisher.endAsync(true)
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
