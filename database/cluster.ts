/**
 * The folder that PostgreSQL keeps its files in: making it once, and clearing away what a crash left.
 *
 * Made under another name and renamed, so that a killed start never leaves half a database. A postmaster
 * that outlived its parent is stopped; the pid file of a process that is not ours is removed, because
 * after a power loss, or in a container, that number belongs to somebody else.
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from './account.ts'
import { Hindrance } from './hindrance.ts'

export const administrator = 'bursar_administrator'
const passwordFile = 'administrator.password'

export type Place = Readonly<{ folder: string; bin: string; account: Account | undefined }>
export const environment = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

export const clusterIn = (folder: string) => path.join(folder, 'postgres')
export const passwordIn = (folder: string) =>
  fs.readFileSync(path.join(folder, passwordFile), 'utf8').trim()

/** Makes the cluster if there is none yet. Checksums on every page; passwords never in clear. */
export function initialise(place: Place, { durable }: { durable: boolean }): void {
  const cluster = clusterIn(place.folder)
  if (fs.existsSync(path.join(cluster, 'PG_VERSION'))) return sameMajor(place, cluster)
  const [half, passwordHalf] = [`${cluster}.half`, `${cluster}.password`]
  fs.rmSync(half, { recursive: true, force: true })
  fs.rmSync(passwordHalf, { force: true })
  fs.mkdirSync(half, { mode: 0o700 })
  const password = randomBytes(24).toString('base64url')
  fs.writeFileSync(passwordHalf, password, { mode: 0o600 })
  if (place.account) {
    const { uid, gid } = place.account
    for (const name of [half, passwordHalf]) fs.chownSync(name, uid, gid)
  }
  const made = spawnSync(path.join(place.bin, 'initdb'), initdb(half, passwordHalf, durable), {
    ...place.account,
    env: environment,
    cwd: '/',
    encoding: 'utf8',
  })
  fs.rmSync(passwordHalf)
  if (made.signal)
    throw new Hindrance('Stopped while the database was made; the next start begins again.')
  if (made.status !== 0) throw initFailed(place.folder, made.error?.message ?? made.stderr)
  fs.writeFileSync(path.join(place.folder, passwordFile), password, { mode: 0o600, flush: durable })
  fs.renameSync(half, cluster)
}

const initdb = (folder: string, passwords: string, durable: boolean): string[] => [
  `--pgdata=${folder}`,
  `--username=${administrator}`,
  `--pwfile=${passwords}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  '--data-checksums',
  '--no-instructions',
  ...(durable ? [] : ['--no-sync']),
]

function initFailed(folder: string, said: string): Hindrance {
  const full = /no space left/i.test(said)
  if (full) return new Hindrance(`The disk that holds ${folder} is full.`)
  return new Hindrance(`The database could not be made in ${folder}: ${lastLine(said)}`)
}

const lastLine = (text: string) =>
  text
    .trim()
    .split('\n')
    .findLast(line => line) ?? 'no reason given'

function sameMajor({ bin, account }: Place, cluster: string): void {
  const kept = fs.readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim()
  const told = spawnSync(path.join(bin, 'postgres'), ['--version'], {
    ...account,
    cwd: '/',
    encoding: 'utf8',
  })
  const ours = /\) (\d+)/.exec(told.stdout)?.[1]
  if (kept === ours) return
  throw new Hindrance(
    `The data in ${cluster} is of PostgreSQL ${kept}; this is PostgreSQL ${ours}.`,
  )
}

/** Call it only while holding the folder's lock: any postmaster found here is then an orphan. */
export async function clearAway(cluster: string): Promise<void> {
  const file = path.join(cluster, 'postmaster.pid')
  const pid = Number(readOr(file, '0').split('\n')[0])
  if (!pid) return
  const alive = () => readOr(`/proc/${pid}/cmdline`, '').includes(cluster)
  if (alive()) process.kill(pid, 'SIGINT')
  for (let i = 0; i < 600 && alive(); i++) {
    if (i === 300) process.kill(pid, 'SIGQUIT') // 30 s: stop without the farewell, and recover
    await sleep(100)
  }
  if (alive()) throw new Hindrance(`PostgreSQL ${pid} still runs on ${cluster} and does not stop.`)
  fs.rmSync(file, { force: true })
}

function readOr(file: string, otherwise: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}
