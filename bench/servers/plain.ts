/**
 * What one would write first: Fastify and pg, a session looked up by its hash, the purse and the merchant
 * locked, the balances updated, the spend inserted under its key, committed.
 */
import { createHash, randomUUID } from 'node:crypto'
import fastify, { type FastifyRequest } from 'fastify'
import pg from 'pg'
import { pooled } from '../server.ts'
import { tellParent } from './serve.ts'

type Spend = { Params: { purse: string }; Body: { merchant: string; fen: string; note: string } }
const text = { type: 'string', maxLength: 100 } as const
const schema = {
  params: { type: 'object', properties: { purse: text }, required: ['purse'] },
  body: {
    type: 'object',
    additionalProperties: false,
    properties: {
      merchant: text,
      fen: { type: 'string', pattern: '^[1-9][0-9]{0,14}$' },
      note: text,
    },
    required: ['merchant', 'fen', 'note'],
  },
}
const sql = {
  session: 'select person from plain.session where hash = $1 and ends_at > now()',
  purse: 'select person, merchant, minor from plain.purse where id = $1 for update',
  merchant: 'select earned from plain.merchant where id = $1 for update',
  spend: `insert into plain.spend (id, purse, merchant, minor, note, key, purse_after, merchant_after)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (purse, key) do nothing returning id`,
  known: 'select id, minor, note, purse_after from plain.spend where purse = $1 and key = $2',
  pay: 'update plain.purse set minor = $2 where id = $1',
  earn: 'update plain.merchant set earned = $2 where id = $1',
}
const pool = pooled(process.env['BENCH_URL'] ?? '', Number(process.env['BENCH_POOL']))
const say = async (on: pg.ClientBase, name: keyof typeof sql, ...values: unknown[]) =>
  (await on.query({ name, text: sql[name], values })).rows[0]

async function personOf(request: FastifyRequest): Promise<string | undefined> {
  const token = /session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
  const hash = createHash('sha256').update(token).digest()
  const { rows } = await pool.query({ name: 'session', text: sql.session, values: [hash] })
  return rows[0]?.person
}

async function spend(on: pg.ClientBase, person: string, request: FastifyRequest<Spend>) {
  const { params, body, headers } = request
  const fen = BigInt(body.fen)
  const purse = await say(on, 'purse', params.purse)
  if (purse?.person !== person || purse.merchant !== body.merchant) return { status: 404 }
  const left = BigInt(purse.minor) - fen
  if (left < 0n) return { status: 409 }
  const merchant = await say(on, 'merchant', body.merchant)
  const earned = BigInt(merchant.earned) + fen
  const key = headers['idempotency-key']
  const id = randomUUID()
  const row = [id, params.purse, body.merchant, fen, body.note, key, left, earned]
  if (!(await say(on, 'spend', ...row))) {
    const known = await say(on, 'known', params.purse, key)
    return known.minor === body.fen ? { status: 201, ...known } : { status: 422 }
  }
  await say(on, 'pay', params.purse, left)
  await say(on, 'earn', body.merchant, earned)
  return { status: 201, id, minor: body.fen, note: body.note, purse_after: `${left}` }
}

const app = fastify()
app.post<Spend>('/purses/:purse/spends', { schema }, async (request, reply) => {
  const person = await personOf(request)
  if (!person) return reply.code(401).send({})
  const on = await pool.connect()
  try {
    await on.query('begin')
    const { status, ...said } = await spend(on, person, request)
    await on.query(status === 201 ? 'commit' : 'rollback')
    return reply.code(status).send(said)
  } finally {
    on.release()
  }
})
tellParent(await app.listen({ port: 0, host: '127.0.0.1' }))
