/** The real process, as a person starts it, with a data folder of its own. */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import { fileURLToPath } from 'node:url'
import { leastBuffers } from '@bursar/database'
import { newScratch } from '@bursar/database/testing'

const program = fileURLToPath(new URL('../../start.mjs', import.meta.url))

export type Started = Readonly<{
  pid: number
  /** All that the console has shown so far. */
  shown(): string
  /** Resolves when the console has shown this. */
  shows(what: RegExp): Promise<RegExpExecArray>
  ended: Promise<number | null>
  kill(signal: NodeJS.Signals): void
}>

export function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  account: Readonly<{ uid?: number; gid?: number }> = {},
): Started {
  const { PATH = '', NODE_OPTIONS = '' } = process.env
  // To fill in what describes a quarter of the memory is most of what a start of PostgreSQL costs.
  const BURSAR_BUFFERS = `${leastBuffers}`
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH, NODE_OPTIONS, BURSAR_BUFFERS, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...account,
  })
  let text = ''
  const heard = new Set<() => void>()
  for (const out of [child.stdout, child.stderr])
    out.on('data', (bytes: Buffer) => {
      text += bytes.toString()
      for (const one of heard) one()
    })
  const ended = new Promise<number | null>(resolve => child.once('close', code => resolve(code)))

  const shows = (what: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = what.exec(text)
        if (found) resolve(found)
      }
      heard.add(look)
      look()
      void ended.then(code => reject(new Error(`It ended with ${code} and had shown: ${text}`)))
    })
  const kill = (signal: NodeJS.Signals) => void child.kill(signal)
  return { pid: child.pid!, shown: () => text, shows, ended, kill }
}

export const newFolder = (): string => newScratch('bursar-start-')

/** A port that is free, and the next one too: the played bank takes that. */
export function aPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port < 60_000 ? port : port - 5_000))
    })
  })
}

/** The processes that work on a folder: PostgreSQL's name it on their command line. */
export function processesOn(folder: string): string[] {
  const names = fs.readdirSync('/proc').filter(name => /^\d+$/.test(name))
  return names.filter(name => {
    try {
      const line = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8')
      return line.includes(`${folder}/`) || line.split('\0').includes(folder)
    } catch {
      return false
    }
  })
}
