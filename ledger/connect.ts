/** Connections to PostgreSQL, and SQL by tagged template over them. */
import { createHash } from 'node:crypto'
import pg from 'pg'
import type { Sql } from './types.ts'

export type Connect = Readonly<{
  url: string
  /** Connections at most; a caller that finds none free waits for five seconds at most. */
  max?: number
}>

const int8 = 20
/** bigint where PostgreSQL has bigint; everything else as the driver has it. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8 ? BigInt : pg.types.getTypeParser(oid, format as 'text'),
} as unknown as pg.CustomTypesConfig

/** Whoever does not wait for an answer before the next statement has both on their way: they are done in their order. */
export function connect({ url, max = 10 }: Connect): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    connectionTimeoutMillis: 5_000,
    // To connect, and to plan every statement anew, is 50 ms of processor: the driver's ten seconds are short.
    idleTimeoutMillis: 60_000,
    application_name: 'bursar',
    pipeline: true,
    keepAlive: true,
  })
  // An idle connection that breaks is dropped by the pool; without a listener it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', client => client.on('error', () => undefined))
  return pool
}

type Asked = Readonly<{
  query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<Row>>
}>

/** Wrong values, broken rules, missing rights, and what functions raise: they say nothing of the connection. */
const ofTheStatement = /^(22|23|42|P0)/

/** The pool's own `query` lets its connection go for whatever was refused; here it stays where the statement was at fault. */
export const anyOf = (pool: pg.Pool): Asked => ({
  async query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig) {
    const client = await pool.connect()
    let broken: Error | undefined
    try {
      return await client.query<Row>(statement)
    } catch (error) {
      if (!ofTheStatement.test(sqlState(error) ?? '')) broken = error as Error
      throw error
    } finally {
      client.release(broken)
    }
  },
})

const prepared = new WeakMap<TemplateStringsArray, { name: string; text: string }>()

/** Each template is one text, prepared once per connection under a name made of it. */
export const sqlOver =
  (on: Asked): Sql =>
  async <Row extends object>(parts: TemplateStringsArray, ...values: readonly unknown[]) => {
    let statement = prepared.get(parts)
    if (!statement) {
      statement = named(parts.reduce((text, part, place) => `${text}$${place}${part}`))
      prepared.set(parts, statement)
    }
    const { rows } = await on.query<Row & pg.QueryResultRow>({ ...statement, values: [...values] })
    return rows
  }

type Named = Readonly<{ name: string; text: string }>
const names = new Map<string, Named>()

/** A statement's text under a name that is made of it. A program has only so many. */
export function named(text: string): Named {
  let statement = names.get(text)
  if (!statement) {
    const name = createHash('sha256').update(text).digest('base64url').slice(0, 40)
    names.set(text, (statement = { name, text }))
  }
  return statement
}

/** SQLSTATE of an error that the server answered; undefined when the connection itself failed. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined

/**
 * Whether the server said no, and so undid everything: then the outcome is known. Classes 08 and 57
 * (connection, operator intervention) can come with a commit under way, so they do not count.
 */
export const refusedBy = (error: unknown): boolean => {
  const state = sqlState(error)
  return state !== undefined && !state.startsWith('08') && !state.startsWith('57')
}

/** Deadlock, serialization, lock time-out: nothing was wrong with the command; it may run again. */
export const lostRace = (error: unknown): boolean =>
  ['40001', '40P01', '55P03'].includes(sqlState(error) ?? '')

/**
 * The connection failed, so what became of its last statement is unknown. A refusal, a mistake of our
 * own or an error that the server answered is not this.
 */
export function brokenOff(error: unknown): boolean {
  if (refusedBy(error) || !(error instanceof Error)) return false
  if (sqlState(error) !== undefined) return true
  const { code } = error as { code?: unknown }
  return (
    (typeof code === 'string' && /^E[A-Z]+$/.test(code)) ||
    /connection|terminated|timeout/i.test(error.message)
  )
}
