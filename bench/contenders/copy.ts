/**
 * The bound: the rows that our ledger wrote, copied into tables with the same columns, constraints and
 * indexes. Nothing that keeps these rows on this server can be faster than COPY with all else for free.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import copyStreams from 'pg-copy-streams'
import { figures, type Figures } from '../load.ts'
import { connected } from '../server.ts'

const rowsAtOnce = 8_192
const rowsMost = 400_000
const entries = `select * from ledger.entry where event = 'spend' order by seq`
const spends = `select s.* from bench.spend s join ledger.entry e on e.subject = s.id order by e.seq`

/** The time of one COPY is that of so many rows, committed together. */
export async function copyBound(url: string): Promise<Figures> {
  await using client = await connected(url)
  const tables = {
    'bench.entry_copy': await lines(client, `${entries} limit ${rowsMost}`),
    'bench.spend_copy': await lines(client, `${spends} limit ${rowsMost}`),
  }
  await client.query('create table bench.entry_copy (like ledger.entry including all)')
  await client.query('create table bench.spend_copy (like bench.spend including all)')
  await client.query('checkpoint')

  const rows = tables['bench.entry_copy'].length
  const times: number[] = []
  const start = performance.now()
  for (let at = 0; at < rows; at += rowsAtOnce) {
    const begun = performance.now()
    await client.query('begin')
    for (const [table, all] of Object.entries(tables))
      await copyIn(client, table, all.slice(at, at + rowsAtOnce))
    await client.query('commit')
    times.push(performance.now() - begun)
  }
  const seconds = (performance.now() - start) / 1000
  return { ...figures(times, seconds), perSecond: Math.round(rows / seconds) }
}

async function lines(client: pg.Client, query: string): Promise<string[]> {
  const pieces: Buffer[] = []
  const stream = client.query(copyStreams.to(`copy (${query}) to stdout`))
  for await (const piece of stream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString().split('\n').slice(0, -1)
}

async function copyIn(client: pg.Client, table: string, rows: readonly string[]): Promise<void> {
  const stream = client.query(copyStreams.from(`copy ${table} from stdin`))
  await pipeline(Readable.from([Buffer.from(`${rows.join('\n')}\n`)]), stream)
}
