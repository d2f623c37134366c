/** One connection for one piece of work. The application's own pool is the ledger's; this is the house's. */
import pg from 'pg'
import { Hindrance } from './hindrance.ts'

export type Connection = Readonly<{
  /** Values become parameters, never text. */
  sql<Row extends object = Record<string, unknown>>(
    text: TemplateStringsArray,
    ...values: readonly unknown[]
  ): Promise<Row[]>
  /** Several statements from a file of ours, as one transaction unless the text says otherwise. */
  script(text: string): Promise<void>
}>

export async function connected<T>(url: string, work: (on: Connection) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {}) // a server that goes away fails the query under way; once is enough
  try {
    await client.connect()
  } catch (error) {
    throw unreachable(url, error as Error)
  }
  try {
    return await work(over(client))
  } finally {
    await client.end().catch(() => {})
  }
}

const pools = new Map<string, pg.Pool>()

/** For tests: one that waits for the next piece of work, and holds no process. To connect is 0.04 s of processor. */
export function kept(url: string): Connection {
  const pool = pools.get(url) ?? poolOfOne(url)
  pools.set(url, pool)
  return over({
    // The pool's own query lets a connection go whose statement was refused.
    async query(text: string, values?: unknown[]) {
      const client = await pool.connect()
      return await client.query(text, values).finally(() => client.release())
    },
  })
}

function poolOfOne(url: string): pg.Pool {
  const how = { max: 1, idleTimeoutMillis: 0, allowExitOnIdle: true }
  const pool = new pg.Pool({ connectionString: url, ...how })
  pool.on('error', () => {}) // its server was stopped
  return pool
}

type Asked = Readonly<{ query(text: string, values?: unknown[]): Promise<pg.QueryResult> }>

function over(client: Asked): Connection {
  return {
    sql: async <Row extends object>(text: TemplateStringsArray, ...values: readonly unknown[]) => {
      const statement = text.reduce((all, part, i) => `${all}$${i}${part}`)
      return (await client.query(statement, [...values])).rows as Row[]
    },
    script: async text => void (await client.query(text)),
  }
}

/** The address without its password: this sentence reaches consoles and logs. */
export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'that address'
  const bare = new URL(url)
  bare.password = ''
  return bare.href
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its host name cannot be looked up',
  ETIMEDOUT: 'no answer came',
  '28P01': 'the password is wrong',
  '28000': 'it refuses this user',
  '3D000': 'there is no such database',
  '53300': 'it has no connection left',
  '57P03': 'it is starting or stopping',
}

function unreachable(url: string, error: Error): Hindrance {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const why = reasons[code] ?? (error.message || code)
  return new Hindrance(`The database at ${withoutPassword(url)} cannot be used: ${why}.`)
}

export const at = (
  url: string,
  change: Readonly<{ database?: string; user?: string; password?: string }>,
) => {
  const to = new URL(url)
  if (change.database !== undefined) to.pathname = `/${change.database}`
  if (change.user !== undefined) to.username = change.user
  if (change.password !== undefined) to.password = change.password
  return to.href
}
