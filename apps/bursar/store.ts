/**
 * The database that this process works on:
 *
 *   built in   PostgreSQL in the data folder; its roles' passwords lie beside it (0600)
 *   another    DATABASE_URL, entered as the app role; DATABASE_OWNER_URL to bring it up to date
 *
 * A new built-in database becomes a demo, or bare, and stays what it became: real money never goes
 * where a month may be lived in seconds. Another PostgreSQL is never made a demo.
 */
import fs from 'node:fs'
import path from 'node:path'
import { checkSettings, connected, Hindrance, migrate, newPasswords } from '@bursar/database'
import { pendingMigrations, prepare, startPostgres, urlOf } from '@bursar/database'
import type { Passwords, Postgres, PostgresOptions } from '@bursar/database'

export type Store = Readonly<{
  /** The app role's. */
  url: string
  demo: boolean
  /** Whether the database is what this program needs, asked again now. */
  ready(): Promise<Readonly<Record<string, boolean>>>
  /** Ends only when the database is lost for good, with the reason. */
  lost: Promise<string>
  stop(): Promise<void>
}>

type Log = (line: string) => void
type Options = Readonly<{ folder: string; bare: boolean; buffers: number | undefined; log: Log }>

export function openStore(options: Options, environment: NodeJS.ProcessEnv): Promise<Store> {
  const url = environment['DATABASE_URL']
  return url ? openAnother(url, environment['DATABASE_OWNER_URL']) : openBuiltIn(options)
}

async function openBuiltIn({ folder, bare, buffers, log }: Options): Promise<Store> {
  const supervised = await supervise({ folder, log, ...(buffers && { buffers }) })
  try {
    const kind = kindOf(folder, bare)
    const passwords = passwordsIn(folder)
    const { url } = supervised.server
    await prepare(url, { database: 'bursar', passwords })
    const [app, owner] = [
      urlOf(url, 'bursar', 'bursar_app', passwords),
      urlOf(url, 'bursar', 'bursar_owner', passwords),
    ]
    await migrate(owner)
    if (kind === 'demo')
      await connected(
        owner,
        on => on.sql`insert into ledger.demo default values on conflict do nothing`,
      )
    await checkSettings(app)
    const { lost, stop } = supervised
    return { url: app, demo: kind === 'demo', ready: () => ready(app), lost, stop }
  } catch (error) {
    await supervised.stop()
    throw error
  }
}

async function openAnother(url: string, ownerUrl: string | undefined): Promise<Store> {
  for (const [name, value] of Object.entries({ DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl }))
    if (value !== undefined && !/^postgres(ql)?:\/\/[^/]/.test(value))
      throw new Hindrance(`${name} is not an address like postgres://user:password@host:5432/name.`)
  await checkSettings(url)
  if (ownerUrl) await migrate(ownerUrl)
  const pending = await pendingMigrations(url)
  if (pending.length)
    throw new Hindrance(
      `The database lacks ${pending.length} migrations, from ${pending[0]} on. ` +
        'Set DATABASE_OWNER_URL so that they can be applied.',
    )
  const demo = await connected(url, on => on.sql`select from ledger.demo`)
  const never = new Promise<string>(() => {})
  return { url, demo: demo.length > 0, ready: () => ready(url), lost: never, stop: async () => {} }
}

async function ready(url: string) {
  const no = () => false
  const [settings, migrations] = await Promise.all([
    checkSettings(url).then(() => true, no),
    pendingMigrations(url).then(pending => pending.length === 0, no),
  ])
  return { settings, migrations }
}

/** Written before the first table is made: a start that was killed half-way goes on as what it was. */
function kindOf(folder: string, bare: boolean): 'demo' | 'bare' {
  const file = path.join(folder, 'kind')
  if (!fs.existsSync(file)) fs.writeFileSync(file, bare ? 'bare' : 'demo')
  const kind = fs.readFileSync(file, 'utf8').trim() === 'bare' ? 'bare' : 'demo'
  if (bare && kind === 'demo')
    throw new Hindrance(
      `${folder} holds a demo. "npm run reset" empties it; --data names another folder.`,
    )
  return kind
}

function passwordsIn(folder: string): Passwords {
  const file = path.join(folder, 'passwords.json')
  if (!fs.existsSync(file)) {
    fs.writeFileSync(`${file}.half`, JSON.stringify(newPasswords()), { mode: 0o600, flush: true })
    fs.renameSync(`${file}.half`, file)
  }
  return JSON.parse(fs.readFileSync(file, 'utf8')) as Passwords
}

type Supervised = Readonly<{ server: Postgres; lost: Promise<string>; stop(): Promise<void> }>

/** Whole restarts within a minute; more than that is not an accident. */
const restartsAllowed = 5

/** Starts PostgreSQL again, at the same address, when somebody killed it. */
async function supervise(how: PostgresOptions & { log: Log }): Promise<Supervised> {
  const { log } = how
  let server = await startPostgres(how)
  let stopping = false
  const first = server
  const restarts: number[] = []

  async function watch(): Promise<string> {
    for (;;) {
      const why = await server.ended
      if (stopping) return await new Promise(() => {})
      const recent = restarts.filter(at => at > Date.now() - 60_000)
      if (recent.length >= restartsAllowed) return `PostgreSQL ended again and again (${why}).`
      restarts.push(Date.now())
      log(`PostgreSQL ended (${why}); starting it again`)
      try {
        server = await startPostgres({ ...how, port: first.port })
      } catch (error) {
        return (error as Error).message
      }
      if (stopping) await server.stop()
    }
  }

  const lost = watch()
  const stop = async () => {
    stopping = true
    await server.stop()
  }
  return { server: first, lost, stop }
}
