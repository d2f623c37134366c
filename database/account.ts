/**
 * PostgreSQL refuses to run as root. For a normal user this page does nothing: the server runs as that
 * user. As root, it finds (or makes) an account without rights, and a place which that account can reach:
 * a checkout under /root (0700) is closed to everybody else, so the data then stands in /var/lib/bursar.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { Hindrance } from './hindrance.ts'

export type Account = Readonly<{ uid: number; gid: number }>

const systemFolder = '/var/lib/bursar'
const accountName = 'bursar-postgres'

/** The account to run PostgreSQL as; undefined when that is ourselves. */
export function unprivileged(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  if (!passwd(accountName)) spawnSync('useradd', systemUser.concat(accountName))
  const found = passwd(accountName) ?? passwd('nobody') // /etc may be read-only
  if (!found) throw new Hindrance('There is no account without rights to run PostgreSQL as.')
  return found
}

const systemUser = [
  '--system',
  '--user-group',
  '--no-create-home',
  '--home-dir=/nonexistent',
  '--shell=/usr/sbin/nologin',
]

function passwd(name: string): Account | undefined {
  const rows = fs.readFileSync('/etc/passwd', 'utf8').split('\n')
  const [, , uid, gid] = rows.find(row => row.startsWith(`${name}:`))?.split(':') ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined
}

/** Where a checkout keeps its data: var/ inside it, or a folder of its own under /var/lib. */
export function dataFolder(checkout: string): string {
  const account = unprivileged()
  if (reaches(account, checkout)) return path.join(checkout, 'var')
  const name = createHash('sha256').update(fs.realpathSync(checkout)).digest('hex').slice(0, 12)
  return path.join(systemFolder, name)
}

export function reaches(account: Account | undefined, folder: string): boolean {
  return !account || spawnSync('test', ['-x', folder], { ...account, cwd: '/' }).status === 0
}

/**
 * The folder with PostgreSQL's programs: the npm package itself, or, where the account cannot run them
 * there, a copy (60 MB, once per version and machine).
 */
export function programs(account: Account | undefined, native: string): string {
  hydrate(native)
  if (runs(account, native)) return path.join(native, 'bin')
  if (!account) throw new Hindrance(`PostgreSQL does not run on this machine: ${why(native)}`)
  const { version } = JSON.parse(fs.readFileSync(path.join(native, '../package.json'), 'utf8'))
  const copy = path.join(systemFolder, `postgres-${version}`)
  if (!runs(account, copy)) copyWhole(native, copy)
  if (!runs(account, copy))
    throw new Hindrance(`PostgreSQL does not run on this machine: ${why(copy, account)}`)
  return path.join(copy, 'bin')
}

function version(folder: string, account?: Account) {
  const program = path.join(folder, 'bin/postgres')
  return spawnSync(program, ['--version'], { ...account, cwd: '/', encoding: 'utf8' })
}
const runs = (account: Account | undefined, folder: string) => version(folder, account).status === 0
const why = (folder: string, account?: Account) => version(folder, account).stderr?.trim()

/** Under another name first: a copy that was cut off half-way never looks like a whole one. */
function copyWhole(from: string, to: string): void {
  const half = `${to}.${process.pid}`
  fs.mkdirSync(path.dirname(to), { recursive: true, mode: 0o755 })
  fs.cpSync(from, half, { recursive: true, verbatimSymlinks: true })
  try {
    fs.renameSync(half, to)
  } catch {
    // Somebody who started together with us was faster.
    fs.rmSync(half, { recursive: true, force: true })
  }
}

/** npm does not keep symbolic links; the package's install script would make them, if it may run. */
function hydrate(native: string): void {
  const list = fs.readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(native, '..', target)
    try {
      fs.symlinkSync(path.relative(path.dirname(target), source), link)
    } catch {
      // There already, or the folder is read-only: whether it runs is tried next.
    }
  }
  for (const name of ['initdb', 'pg_ctl', 'postgres']) {
    const program = path.join(native, 'bin', name)
    if (!(fs.statSync(program).mode & 0o001)) fs.chmodSync(program, 0o755)
  }
}
