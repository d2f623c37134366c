/** A server in a process of its own: the parent hears its port, and ends it. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export type Served = Readonly<{ port: number; stop(): Promise<void> }>

export async function serve(name: string, settings: Record<string, string>): Promise<Served> {
  const file = join(import.meta.dirname, `${name}.ts`)
  const child = fork(file, { env: { ...process.env, ...settings } })
  const [port] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${name} ended before it listened`))),
  ])) as [number]
  async function stop(): Promise<void> {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return { port, stop }
}

/** In the server's process, once it listens. */
export function tellParent(address: string): void {
  process.send?.(Number(new URL(address).port))
  for (const end of ['SIGTERM', 'disconnect']) process.once(end, () => process.exit(0))
}
