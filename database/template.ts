/**
 * A template for tests: one database with every migration and grant, made once per server and known by
 * the fingerprint of all the SQL. Each test file gets a clone of it.
 */
import { createHash } from 'node:crypto'
import { at, connected, kept } from './connect.ts'
import { fingerprint, migrate } from './migrate.ts'
import { prepare, roles, urlOf, type Passwords, type Role } from './roles.ts'

/** Every process of a test run must know them: they follow from the throw-away server's own password. */
export function testPasswords(serverUrl: string): Passwords {
  const { password } = new URL(serverUrl)
  const of = (role: Role) => createHash('sha256').update(`${role} ${password}`).digest('hex')
  const [owner, app, report] = roles
  return { [owner]: of(owner), [app]: of(app), [report]: of(report) }
}

const made = new Map<string, Promise<string>>()

/** Asked for again in the same process, it is there: a question would cost a connection. */
export function makeTemplate(serverUrl: string): Promise<string> {
  const known = made.get(serverUrl) ?? make(serverUrl)
  made.set(serverUrl, known)
  return known
}

async function make(serverUrl: string): Promise<string> {
  const name = `bursar_template_${fingerprint().slice(0, 16)}`
  const half = `${name}_half`
  const passwords = testPasswords(serverUrl)
  await connected(serverUrl, async on => {
    await on.sql`select pg_advisory_lock(hashtext('bursar/template'))`
    const [known] = await on.sql`select from pg_database where datname = ${name}`
    if (known) return
    await on.script(`drop database if exists ${half} with (force)`)
    await prepare(serverUrl, { database: half, passwords })
    await migrate(urlOf(serverUrl, half, 'bursar_owner', passwords))
    await on.script(`alter database ${half} rename to ${name}`)
    // The first connection to a database writes its catalogue's summary: this one does it for all clones.
    await connected(at(serverUrl, { database: name }), on => on.sql`select`)
  })
  return name
}

/** Roles' rights to connect belong to the database and are not cloned. */
export async function cloneTemplate(
  serverUrl: string,
  template: string,
  name: string,
): Promise<void> {
  const on = kept(serverUrl)
  await on.script(
    `create database ${name} template ${template} owner bursar_owner strategy file_copy`,
  )
  await on.script(`revoke all on database ${name} from public`)
  await on.script(`grant connect on database ${name} to bursar_app, bursar_report`)
}

export const dropDatabase = (serverUrl: string, name: string): Promise<void> =>
  kept(at(serverUrl, { database: 'postgres' })).script(
    `drop database if exists ${name} with (force)`,
  )
