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
import pg from 'pg'
import { sqlOver } from './connect.ts'
import type { Sql } from './types.ts'

/** A folder of migrations, and the name under which its files are remembered. */
export type Folder = Readonly<{ name: string; path: string }>

/** Why a database cannot be brought up to date, as one sentence. Nothing half-done was kept. */
export class MigrationFault extends Error {
  override readonly name = 'MigrationFault'
}

/** A connection of the schema's owner. */
export type Owner = Readonly<{
  sql: Sql
  /** Several statements from a file, as one transaction unless the text says otherwise. */
  script(text: string): Promise<void>
}>

/** Roles that exist. The writer is the server's; the reader is for reports. */
export type Roles = Readonly<{ writer: string; reader?: string }>

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** The ledger's own migrations. */
export const ledgerFolder: Folder = { name: 'ledger', path: here('migrations') }

/**
 * Makes the ledger's schema in a database, or brings it up to date. `url` is its owner's address; with
 * `roles` the server's role may read, and write through the ledger's functions alone. Answers the files
 * that it applied; doing it again applies none. Other schemas in the database are left alone.
 */
export async function migrate(url: string, roles?: Roles): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined) // the query under way is told; once is enough
  await client.connect()
  const script = async (text: string) => void (await client.query(text))
  const on = { sql: sqlOver(client), script }
  try {
    const applied = await applyFolders(on, [ledgerFolder], 'beside others')
    if (roles) await inTransaction(on, () => script(grantsTo(roles)))
    return applied
  } finally {
    await client.end()
  }
}

/** Applies what is not applied yet, folder by folder. Answers the files, as folder/name. */
export async function applyFolders(
  on: Owner,
  folders: readonly Folder[],
  alone: 'alone' | 'beside others' = 'alone',
): Promise<string[]> {
  const files = readFiles(folders)
  await on.sql`select pg_advisory_lock(hashtext('bursar/migrate'))`
  await on.script(`set lock_timeout = '10s'`) // a change that waits stops everybody behind it
  await on.script(remember)
  const ours = new Set(folders.map(({ name }) => name))
  const applied = await readApplied(on.sql)
  const pending = compare(
    files,
    applied.filter(one => alone === 'alone' || ours.has(one.folder)),
  )
  for (const file of pending) await apply(on, file)
  return pending.map(fullName)
}

/** What is not applied yet, seen with any role's eyes. */
export async function pendingIn(sql: Sql, folders: readonly Folder[]): Promise<string[]> {
  const [{ known } = { known: false }] = await sql<{ known: boolean }>`
    select to_regclass('database.migration') is not null as known`
  return compare(readFiles(folders), known ? await readApplied(sql) : []).map(fullName)
}

/** Says in one value what all the SQL is. */
export function fingerprintOf(folders: readonly Folder[]): string {
  const hash = createHash('sha256')
  for (const file of readFiles(folders)) hash.update(`${fullName(file)} ${file.sha256}\n`)
  return hash.digest('hex')
}

/** What the roles may do, as SQL. Without a reader the writer stands for both. */
export function grantsTo({ writer, reader = writer }: Roles): string {
  const names: Record<string, string> = { $writer: quoted(writer), $reader: quoted(reader) }
  const text = fs.readFileSync(here('grants.sql'), 'utf8')
  return text.replaceAll(/\$writer|\$reader/g, name => names[name]!)
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** A work in one transaction. */
export async function inTransaction<T>(on: Pick<Owner, 'script'>, work: () => Promise<T>) {
  await on.script('begin')
  try {
    const result = await work()
    await on.script('commit')
    return result
  } catch (error) {
    await on.script('rollback').catch(() => {})
    throw error
  }
}

type File = Readonly<{ folder: string; name: string; sha256: string; text: string }>
type Applied = Omit<File, 'text'>

const remember = `
  create schema if not exists database;
  create table if not exists database.migration (
    folder     text        not null,
    name       text        not null,
    sha256     text        not null,
    applied_at timestamptz not null default now(),
    primary key (folder, name)
  );`

const readApplied = (sql: Sql): Promise<Applied[]> =>
  sql<Applied>`select folder, name, sha256 from database.migration`

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
    if (!file) throw new MigrationFault(`Migration ${fullName(one)} ${vanished}`)
    if (file.sha256 !== one.sha256) throw new MigrationFault(`Migration ${fullName(one)} ${edited}`)
  }
  const pending = files.filter(file => !known.has(fullName(file)))
  for (const file of pending) {
    const later = applied.find(one => one.folder === file.folder && one.name > file.name)
    if (later) throw new MigrationFault(`Migration ${fullName(file)} ${late(later.name)}`)
  }
  return pending
}

const vanished =
  'was applied to this database, and its file is gone. Put the file back, or use the newer release that made this database.'
const edited =
  'was changed after it was applied. Put it back as it was, and write the change as a new file.'
const late = (later: string) => `comes before ${later}, which is applied already. Number it later.`

async function apply(on: Owner, file: File): Promise<void> {
  try {
    await inTransaction(on, async () => {
      await on.script(file.text)
      await on.sql`
        insert into database.migration (folder, name, sha256)
        values (${file.folder}, ${file.name}, ${file.sha256})`
    })
  } catch (error) {
    const { message } = error as Error
    throw new MigrationFault(
      `Migration ${fullName(file)} failed, and nothing of it was kept: ${message}.`,
      { cause: error },
    )
  }
}
