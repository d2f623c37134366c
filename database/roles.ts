/**
 * Who may do what in PostgreSQL:
 *
 *   bursar_owner   owns everything, migrates; not used by the running server
 *   bursar_app     the server: reads, inserts, updates named columns (grants.sql), changes no table
 *   bursar_report  reads
 *
 * Roles belong to the cluster, the database is one of perhaps several. Preparing twice is preparing once.
 */
import { randomBytes } from 'node:crypto'
import { at, connected, type Connection } from './connect.ts'

export const roles = ['bursar_owner', 'bursar_app', 'bursar_report'] as const
export type Role = (typeof roles)[number]
export type Passwords = Readonly<Record<Role, string>>

export const newPasswords = (): Passwords => ({
  bursar_owner: randomBytes(24).toString('base64url'),
  bursar_app: randomBytes(24).toString('base64url'),
  bursar_report: randomBytes(24).toString('base64url'),
})

/** A forgotten client must not hold rows or the log's tail: the server waits no longer than this. */
const patience: Partial<Record<Role, readonly string[]>> = {
  bursar_app: [
    `statement_timeout = '15s'`,
    `lock_timeout = '5s'`,
    `idle_in_transaction_session_timeout = '15s'`,
  ],
  bursar_report: [`statement_timeout = '60s'`, `default_transaction_read_only = on`],
}

/** With an administrator's address: makes the roles (with these passwords) and the database. */
export async function prepare(
  administratorUrl: string,
  { database, passwords }: { database: string; passwords: Passwords },
): Promise<void> {
  await connected(administratorUrl, async on => {
    for (const role of roles) await makeRole(on, role, passwords[role])
    await makeDatabase(on, database)
  })
}

/** Making a role that is there gives it a new password: whoever used the old one is locked out. */
export const rolesExist = (administratorUrl: string): Promise<boolean> =>
  connected(administratorUrl, async on => {
    const known = await on.sql`select from pg_roles where rolname = any(${[...roles]})`
    return known.length > 0
  })

async function makeRole(on: Connection, role: Role, password: string): Promise<void> {
  const [known] = await on.sql`select from pg_roles where rolname = ${role}`
  const rights = `login nocreatedb nocreaterole password ${literal(password)}`
  await on.script(`${known ? 'alter' : 'create'} role ${role} with ${rights}`)
  for (const setting of patience[role] ?? []) await on.script(`alter role ${role} set ${setting}`)
}

async function makeDatabase(on: Connection, database: string): Promise<void> {
  const [known] = await on.sql`select from pg_database where datname = ${database}`
  const name = identifier(database)
  if (!known) {
    // A managed server's administrator is no superuser, and must be a member to give a database away.
    const [{ superuser } = { superuser: true }] = await on.sql<{ superuser: boolean }>`
      select rolsuper as superuser from pg_roles where rolname = current_user`
    if (!superuser) await on.script('grant bursar_owner to current_user')
    await on.script(`create database ${name} owner bursar_owner`)
  }
  await on.script(`revoke all on database ${name} from public`)
  await on.script(`grant connect on database ${name} to bursar_app, bursar_report`)
}

export const urlOf = (url: string, database: string, role: Role, passwords: Passwords) =>
  at(url, { database, user: role, password: passwords[role] })

export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`
