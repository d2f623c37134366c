/** The house's migrations: which folders, in which order, and every grant after them. The ledger runs them. */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  applyFolders,
  fingerprintOf,
  grantsTo,
  inTransaction,
  ledgerFolder,
  MigrationFault,
  pendingIn,
  type Folder,
} from '@bursar/ledger/migrate'
import { connected, type Connection } from './connect.ts'
import { Hindrance } from './hindrance.ts'

export type { Folder }
export type MigrateOptions = Readonly<{ folders?: readonly Folder[]; grants?: string }>

const root = fileURLToPath(new URL('..', import.meta.url))
const promise = (name: string) => ({ name, path: `${root}business/${name}/migrations` })

/** In this order: who stands later may refer to who stands earlier. */
export const migrationFolders: readonly Folder[] = [
  ledgerFolder,
  { name: 'kernel', path: `${root}kernel/migrations` },
  promise('parties'),
  promise('custody'),
  promise('cashier'),
  promise('reconciliation'),
  promise('settlement'),
  promise('integrators'),
  promise('notices'),
]

/** The house's page of grants takes everything back first; then the ledger gives out what is its own. */
const houseGrants = () =>
  fs.readFileSync(`${root}database/grants.sql`, 'utf8') +
  grantsTo({ writer: 'bursar_app', reader: 'bursar_report' })

/** Brings the owner's database up to date. Answers the files that it applied, as folder/name. */
export async function migrate(ownerUrl: string, options: MigrateOptions = {}): Promise<string[]> {
  const grants = options.grants ? fs.readFileSync(options.grants, 'utf8') : houseGrants()
  return await hindered(ownerUrl, async on => {
    const applied = await applyFolders(on, options.folders ?? migrationFolders)
    await inTransaction(on, () => on.script(grants))
    return applied
  })
}

/** What is not applied yet, seen with any role's eyes. */
export const pendingMigrations = (
  url: string,
  folders: readonly Folder[] = migrationFolders,
): Promise<string[]> => hindered(url, on => pendingIn(on.sql, folders))

/** Says in one value what all the SQL is: the test template and the schema page are known by it. */
export const fingerprint = (folders: readonly Folder[] = migrationFolders): string =>
  createHash('sha256').update(fingerprintOf(folders)).update(houseGrants()).digest('hex')

/** What stops the ledger's runner stops the house, and is told at its console. */
const hindered = <T>(url: string, work: (on: Connection) => Promise<T>): Promise<T> =>
  connected(url, work).catch((error: unknown) => {
    throw error instanceof MigrationFault ? new Hindrance(error.message, { cause: error }) : error
  })
