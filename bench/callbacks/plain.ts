/**
 * What one would write first: verify, keep the notice under its id, lock the order, compare, mark it, add to
 * the balance, commit; over the number of connections that it is fastest with.
 */
import type { Wallet } from '@bursar/custody/wallet'
import type pg from 'pg'
import { connected, pooled, type Server } from '../server.ts'
import type { Told } from './notices.ts'

const tables = `
  create schema plain;
  create table plain.purse (id text primary key, minor bigint not null check (minor >= 0));
  create table plain.top_up (id text primary key, purse text not null references plain.purse,
    minor bigint not null check (minor > 0), state text not null default 'waiting', trade_no text unique);
  create table plain.inbox (event text primary key, body bytea not null, at timestamptz not null default now())`
const sql = {
  keep: 'insert into plain.inbox (event, body) values ($1, $2) on conflict do nothing returning event',
  order: 'select purse, minor, state from plain.top_up where id = $1 for update',
  mark: `update plain.top_up set state = 'credited', trade_no = $2 where id = $1`,
  add: 'update plain.purse set minor = minor + $2 where id = $1',
}
const say = async (on: pg.ClientBase, name: keyof typeof sql, ...values: unknown[]) =>
  (await on.query({ name, text: sql[name], values })).rows[0]

async function hear(pool: pg.Pool, wallet: Wallet, { headers, rawBody }: Told): Promise<void> {
  const { id, order, amount, tradeNo } = await wallet.verify(headers, rawBody)
  const on = await pool.connect()
  try {
    await on.query('begin')
    if (await say(on, 'keep', id, rawBody)) {
      const known = await say(on, 'order', order)
      if (known?.state !== 'waiting' || BigInt(known.minor) !== amount.minor)
        throw new Error(`${order} is not as it was ordered`)
      await say(on, 'mark', order, tradeNo)
      await say(on, 'add', known.purse, amount.minor)
    }
    await on.query('commit')
  } finally {
    on.release()
  }
}

export async function openPlain(
  server: Server,
  wallet: Wallet,
  purses: number,
  write: (count: number) => Told[],
) {
  const url = await server.create('plain')
  await using client = await connected(url)
  await client.query(tables)
  await client.query(
    `insert into plain.purse select 'pur_' || n, 0 from generate_series(0, $1::int - 1) as n`,
    [purses],
  )
  async function expect(told: readonly Told[]): Promise<void> {
    await using one = await connected(url)
    await one.query(
      `insert into plain.top_up (id, purse, minor)
       select id, 'pur_' || (no % $2::int), 1 from unnest($1::text[]) with ordinality as t (id, no)`,
      [told.map(({ order }) => order), purses],
    )
  }

  const tried: { connections: number; perSecond: number }[] = []
  for (const connections of [4, 8, 16, 32]) {
    const [told, pool] = [write(400), pooled(url, connections)]
    await expect(told)
    const start = performance.now()
    await Promise.all(told.map(one => hear(pool, wallet, one)))
    const perSecond = Math.round(400_000 / (performance.now() - start))
    tried.push({ connections, perSecond })
    await pool.end()
  }
  const best = tried.toSorted((a, b) => b.perSecond - a.perSecond)[0]!.connections
  const all = tried.map(one => `${one.connections}: ${one.perSecond}/s`).join(', ')
  console.log(`plain is fastest with ${best} connections to the database (${all})`)
  const pool = pooled(url, best)
  const before = BigInt(400 * tried.length)
  return {
    name: 'plain',
    expect,
    hear: (told: Told) => hear(pool, wallet, told),
    async credited() {
      const { rows } = await pool.query('select sum(minor)::text as fen from plain.purse')
      return BigInt(rows[0].fen) - before
    },
    stop: () => pool.end(),
  }
}
