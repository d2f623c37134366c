/**
 * Migrations are plain SQL files, numbered, each applied once and for ever, in one transaction with the
 * row that remembers it: killed half-way, a file is applied or it is not, and the next start goes on.
 * An advisory lock makes servers that start together take turns. A file that was edited or taken away
 * after it was applied is refused: the database would no longer be what the files say.
 */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { connected, inTransaction, type Connection } from './connect.ts'
import { Hindrance } from './hindrance.ts'

export type Folder = Readonly<{ name: string; path: string }>
export type MigrateOptions = Readonly<{ folders?: readonly Folder[]; grants?: string }>

const root = fileURLToPath(new URL('..', import.meta.url))
const promise = (name: string) => ({ name, path: `${root}business/${name}/migrations` })

/** In this order: who stands later may refer to who stands earlier. */
export const migrationFolders: readonly Folder[] = [
  { name: 'ledger', path: `${root}ledger/migrations` },
  { name: 'kernel', path: `${root}kernel/migrations` },
  promise('parties'),
  promise('custody'),
  promise('settlement'),
  promise('integrators'),
]
const grantsFile = `${root}database/grants.sql`

type File = Readonly<{ folder: string; name: string; sha256: string; text: string }>
type Applied = Omit<File, 'text'>

/** Brings the owner's database up to date. Answers the files that it applied, as folder/name. */
export async function migrate(ownerUrl: string, options: MigrateOptions = {}): Promise<string[]> {
  const files = readFiles(options.folders ?? migrationFolders)
  const grants = fs.readFileSync(options.grants ?? grantsFile, 'utf8')
  return await connected(ownerUrl, async on => {
    await on.sql`select pg_advisory_lock(hashtext('bursar/migrate'))`
    await on.script(`set lock_timeout = '10s'`) // a change that waits stops everybody behind it
    await on.script(remember)
    const pending = compare(files, await readApplied(on))
    for (const file of pending) await apply(on, file)
    await inTransaction(on, () => on.script(grants))
    return pending.map(fullName)
  })
}

/** What is not applied yet, seen with any role's eyes. */
export async function pendingMigrations(
  url: string,
  folders: readonly Folder[] = migrationFolders,
): Promise<string[]> {
  return await connected(url, async on => {
    const [{ known } = { known: false }] = await on.sql<{ known: boolean }>`
      select to_regclass('database.migration') is not null as known`
    return compare(readFiles(folders), known ? await readApplied(on) : []).map(fullName)
  })
}

/** Says in one value what all the SQL is: the test template and the schema page are known by it. */
export function fingerprint(folders: readonly Folder[] = migrationFolders): string {
  const hash = createHash('sha256')
  for (const file of readFiles(folders)) hash.update(`${fullName(file)} ${file.sha256}\n`)
  return hash.update(fs.readFileSync(grantsFile)).digest('hex')
}

const remember = `
  create schema if not exists database;
  create table if not exists database.migration (
    folder     text        not null,
    name       text        not null,
    sha256     text        not null,
    applied_at timestamptz not null default now(),
    primary key (folder, name)
  );`

const readApplied = (on: Connection): Promise<Applied[]> =>
  on.sql<Applied>`select folder, name, sha256 from database.migration`

function readFiles(folders: readonly Folder[]): File[] {
  return folders.flatMap(folder => {
    if (!fs.existsSync(folder.path)) return []
    const names = fs.readdirSync(folder.path).filter(name => name.endsWith('.sql'))
    return names.sort().map(name => {
      const text = fs.readFileSync(path.join(folder.path, name), 'utf8')
      const sha256 = createHash('sha256').update(text).digest('hex')
      return { folder: folder.name, name, sha256, text }
    })
  })
}

const fullName = ({ folder, name }: Applied) => `${folder}/${name}`

function compare(files: readonly File[], applied: readonly Applied[]): File[] {
  const known = new Map(applied.map(one => [fullName(one), one]))
  for (const one of applied) {
    const file = files.find(file => fullName(file) === fullName(one))
    if (!file) throw new Hindrance(`Migration ${fullName(one)} ${vanished}`)
    if (file.sha256 !== one.sha256) throw new Hindrance(`Migration ${fullName(one)} ${edited}`)
  }
  const pending = files.filter(file => !known.has(fullName(file)))
  for (const file of pending) {
    const later = applied.find(one => one.folder === file.folder && one.name > file.name)
    if (later) throw new Hindrance(`Migration ${fullName(file)} ${late(later.name)}`)
  }
  return pending
}

const vanished =
  'was applied to this database, and its file is gone. Put the file back, or use the newer release that made this database.'
const edited =
  'was changed after it was applied. Put it back as it was, and write the change as a new file.'
const late = (later: string) => `comes before ${later}, which is applied already. Number it later.`

async function apply(on: Connection, file: File): Promise<void> {
  try {
    await inTransaction(on, async () => {
      await on.script(file.text)
      await on.sql`
        insert into database.migration (folder, name, sha256)
        values (${file.folder}, ${file.name}, ${file.sha256})`
    })
  } catch (error) {
    const { message } = error as Error
    throw new Hindrance(
      `Migration ${fullName(file)} failed, and nothing of it was kept: ${message}.`,
      {
        cause: error,
      },
    )
  }
}
