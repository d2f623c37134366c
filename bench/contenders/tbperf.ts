/**
 * softwaremill/tb-perf, scripts/init-postgresql.sql, in its three ways: a function that selects for
 * update, one that updates under a condition, and one that takes what has gathered over one connection
 * (as its own client does: 8,190 at most, the next batch while this one commits).
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { connected, pooled, type Server } from '../server.ts'
import { fenEach, type Contender } from './contender.ts'

type Asked = Readonly<{
  from: number
  to: number
  fen: bigint
  done: () => void
  failed: (why: unknown) => void
}>
const batchMost = 8190

export async function tbperf(
  server: Server,
  checkout: string,
  accounts: number,
): Promise<Contender[]> {
  const sql = readFileSync(join(checkout, 'scripts/init-postgresql.sql'), 'utf8')
  const ways = {
    forupdate: (url: string) => single(url, 'select transfer($1, $2, $3) as said'),
    atomic: (url: string) => single(url, 'select transfer_atomic($1, $2, $3) as said'),
    batched: (url: string) => batched(url),
  }
  const all: Contender[] = []
  for (const [way, open] of Object.entries(ways)) {
    const url = await server.create(`tbperf_${way}`)
    await using client = await connected(url)
    await client.query(sql)
    await client.query('insert into accounts select i, $1 from generate_series(1, $2::int) i', [
      fenEach,
      accounts,
    ])
    await client.query('vacuum analyze')
    const gathers = way === 'batched' ? ({ gathers: true } as const) : {}
    all.push({ name: `tbperf-${way}`, open: open(url), ...gathers })
  }
  return all
}

const single = (url: string, text: string) => async (connections: number) => {
  const pool = pooled(url, connections)
  const transfer = async (from: number, to: number, fen: bigint) => {
    const { rows } = await pool.query({ name: 'transfer', text, values: [from + 1, to + 1, fen] })
    if (rows[0].said !== 'success') throw new Error(rows[0].said)
  }
  return { transfer, close: () => pool.end() }
}

const batched = (url: string) => async () => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const waiting: Asked[] = []
  let busy = false

  async function send(): Promise<void> {
    busy = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchMost)
      try {
        const codes = await post(client, batch)
        batch.forEach((one, i) =>
          codes[i] === 0 ? one.done() : one.failed(new Error(`${codes[i]}`)),
        )
      } catch (error) {
        for (const one of batch) one.failed(error)
      }
    }
    busy = false
  }
  const transfer = (from: number, to: number, fen: bigint) =>
    new Promise<void>((done, failed) => {
      waiting.push({ from, to, fen, done, failed })
      if (!busy) setImmediate(() => void (busy || send()))
    })
  return { transfer, close: () => client.end() }
}

async function post(client: pg.Client, batch: readonly Asked[]): Promise<number[]> {
  const column = (of: (one: Asked) => number | bigint) => `{${batch.map(of).join(',')}}`
  const { rows } = await client.query({
    name: 'batch',
    text: 'select batch_transfers($1::bigint[], $2::bigint[], $3::bigint[]) as codes',
    values: [column(one => one.from + 1), column(one => one.to + 1), column(one => one.fen)],
  })
  return rows[0].codes
}
