/** pgr0ss/pgledger: a function call per transfer, which locks both accounts in order and updates them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connected, pooled, type Server } from '../server.ts'
import { fenEach, type Contender } from './contender.ts'

const files = [
  'vendor/scoville-pgsql-ulid/ulid-to-uuid.sql',
  'vendor/scoville-pgsql-ulid/uuid-to-ulid.sql',
  'pgledger.sql',
]

export async function pgledger(
  server: Server,
  checkout: string,
  accounts: number,
): Promise<Contender> {
  const url = await server.create('pgledger')
  await using client = await connected(url)
  for (const file of files) await client.query(readFileSync(join(checkout, file), 'utf8'))
  const { rows } = await client.query<{ id: string }>(
    `select (pgledger_create_account('account ' || i, 'CNY', false)).id from generate_series(1, $1) i`,
    [accounts],
  )
  await client.query('update pgledger_accounts set balance = $1', [fenEach])
  await client.query('vacuum full analyze')
  const ids = rows.map(({ id }) => id)

  async function open(connections: number) {
    const pool = pooled(url, connections)
    const statement = {
      name: 'transfer',
      text: 'select id from pgledger_create_transfer($1, $2, $3)',
    }
    const transfer = async (from: number, to: number, fen: bigint) => {
      await pool.query({ ...statement, values: [ids[from], ids[to], fen] })
    }
    return { transfer, close: () => pool.end() }
  }
  return { name: 'pgledger', open }
}
