/** One durable PostgreSQL in a temp folder for the length of a measurement, and what it runs on. */
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { availableParallelism, cpus, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@bursar/database'
import pg from 'pg'

export type Server = Readonly<{
  url: string
  /** A new, empty database. */
  create(name: string): Promise<string>
  stop(): Promise<void>
}>

const durability = ['fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method']
const memoryFolder = 0x01021994

export async function startServer(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'bursar-bench-'))
  chmodSync(folder, 0o755)
  const postgres = await startPostgres({ folder })
  async function stop(): Promise<void> {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  async function create(name: string): Promise<string> {
    await using client = await connected(postgres.url)
    await client.query(`create database ${name}`)
    return databaseUrl(postgres.url, name)
  }
  return { url: postgres.url, create, stop }
}

export function databaseUrl(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}

/** A connection that ends with the block it is used in. */
export async function connected(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

/** Connections that are shared; a late word on one that is being closed is no error. */
export function pooled(url: string, connections: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: connections })
  pool.on('error', () => undefined)
  return pool
}

/** The lines that a figure is worth nothing without. */
export async function circumstances(url: string): Promise<string[]> {
  await using client = await connected(url)
  const { rows } = await client.query(
    `select name, coalesce(current_setting(name, true), 'unknown') as value from unnest($1::text[]) as name`,
    [[...durability, 'shared_buffers', 'huge_pages_status', 'max_wal_size']],
  )
  const { rows: version } = await client.query('show server_version')
  const memory = Math.round(totalmem() / 2 ** 30)
  const inMemory = statfsSync(tmpdir()).type === memoryFolder
  return [
    `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${memory} GB, Linux ${release()}, Node ${process.version}`,
    `PostgreSQL ${version[0].server_version}: ${rows.map(({ name, value }) => `${name} ${value}`).join(', ')}`,
    ...(inMemory ? [`${tmpdir()} is memory: nothing here reaches a disk`] : []),
  ]
}
