/** The desk of those who watch over a pool: the equation, the accounts behind it, their statements. */
import {
  accountStatement,
  addPlatform,
  endPlatform,
  listPlatforms,
  listPools,
  openPool,
  readCustody,
  readEquation,
  readTerm,
} from '@bursar/contract'
import * as custody from '@bursar/custody'
import {
  holds,
  Refusal,
  type Actor,
  type Books,
  type InstitutionId,
  type PoolId,
} from '@bursar/kernel'
import type { Account } from '@bursar/ledger'
import { toWire } from '@bursar/money'
import { listInstitutions, type Refused } from '@bursar/parties'
import type { FastifyInstance } from 'fastify'
import { bind, type Sees } from '../bind.ts'
import type { ApiOptions } from '../options.ts'
import { unknownKey } from '../outcomes.ts'
import { openComparison } from './bank-says.ts'
import { daysOf, pageOf, seqOf } from './pages.ts'
import { cares, ownPool } from './sees.ts'
import { linesView } from './views.ts'

/** In the order of the book's numbers for them. */
const states = ['open', 'no_debits', 'no_credits', 'sealed', 'closed'] as const
/** Shown turned round: what we have, not what we owe. */
const assets: readonly string[] = ['pool/custody', 'pool/transit-in', 'pool/transit-out']

export function poolRoutes(app: FastifyInstance, options: ApiOptions): void {
  const { books } = options
  const mine = ownPool(books)

  bind(app, listPools, async ({ actor, query: { key }, made }) => {
    const seen = await pools(books, actor)
    if (key === undefined) return seen
    const pool = seen.rows.find(({ id }) => id === made('pol', key))
    if (!pool) throw unknownKey()
    return { rows: [pool] }
  })
  bind(app, openPool, async ({ body, id }) => {
    await mustBe(books, body.bank, 'bank')
    await mustBe(books, body.supervisor, 'supervisor')
    const pool = id('pol')
    const book = await custody.nextBook(books, pool)
    const { platform, ...named } = body
    const usual = options.wallets.flatMap(({ payer }) => payer ?? [])
    const { name, currency, bank, supervisor } = await custody.openPool(books, {
      ...named,
      ...{ id: pool, book },
      platforms: platform ? [platform] : usual,
    })
    return { id: pool, name, currency, bank, supervisor }
  })
  bind(
    app,
    readEquation,
    async ({ params }) => {
      const [{ name }, { pool, terms, assets, claims, holds, seq, at }] = await Promise.all([
        custody.readPool(books, params.pool),
        custody.equation(books, params.pool),
      ])
      return {
        ...{ pool, name, assets: toWire(assets), claims: toWire(claims), holds },
        ...{ seq: String(seq), at: at.toISOString() },
        terms: terms.map(one => ({ ...one, amount: toWire(one.amount) })),
      }
    },
    mine,
  )
  whoPaysItOut(app, books, mine)
  whatTheBankSays(app, options, mine)
  whatIsBehind(app, books, mine)
}

function whoPaysItOut(app: FastifyInstance, books: Books, mine: Sees): void {
  const platforms = async (pool: PoolId) => ({
    rows: (await custody.platformsOf(books, pool)).map(({ name, account, since }) => ({
      ...{ name, ...(account !== null && { account }), since: since.toISOString() },
    })),
  })
  bind(app, listPlatforms, ({ params: { pool } }) => platforms(pool), mine)
  for (const [route, change] of [
    [addPlatform, custody.addPlatform],
    [endPlatform, custody.endPlatform],
  ] as const)
    bind(
      app,
      route,
      async ({ params: { pool }, body: payer, actor }) => {
        await change(books, { pool, payer, by: actor.person })
        return await platforms(pool)
      },
      mine,
    )
}

function whatTheBankSays(app: FastifyInstance, { books, bank }: ApiOptions, mine: Sees): void {
  const silent = (err: unknown) => app.log.warn({ err }, 'the bank tells no balance')
  const compare = openComparison({ books, bank, clock: app.house.clock, silent })
  bind(
    app,
    readCustody,
    async ({ params }) => {
      const { books, bank, difference, at } = await compare(params.pool)
      return {
        ...{ books: toWire(books), at: at.toISOString() },
        ...(bank && difference && { bank: toWire(bank), difference: toWire(difference) }),
      }
    },
    mine,
  )
}

/** Behind a figure of the equation: its accounts, and their entries. */
function whatIsBehind(app: FastifyInstance, books: Books, mine: Sees): void {
  bind(
    app,
    readTerm,
    ({ params: { pool, term }, query }) =>
      pageOf(
        query,
        ask => custody.accountsOf(books, pool, term, ask),
        ({ account, owner, amount, out, state }) => ({
          ...{ account, ...(owner !== null && { owner }) },
          ...{ amount: toWire(amount), held: toWire(out), state: states[state] ?? 'open' },
        }),
        row => row.account,
      ),
    mine,
  )
  bind(
    app,
    accountStatement,
    async ({ params, query: { limit = 50, cursor, account, ...days } }) => {
      const { book, currency } = await custody.readPool(books, params.pool)
      const ask = { limit, ...seqOf(cursor), ...daysOf(days) }
      const page = await custody.statementPage(books, book, account as Account, ask)
      return linesView(page, currency, { sign: assets.includes(account) ? -1n : 1n })
    },
    mine,
  )
}

/** A custodian is a bank, a supervisor a supervisor: of another kind, it is as if it were not there. */
async function mustBe(books: Books, id: InstitutionId, kind: 'bank' | 'supervisor'): Promise<void> {
  const found = (await listInstitutions(books)).find(one => one.id === id)
  if (found?.kind !== kind) throw new Refusal<Refused>('no_such_institution', { institution: id })
}

/** The operator's people see all pools; a bank's and a supervisor's see those in their care. */
async function pools(books: Books, actor: Actor) {
  const [all, institutions] = await Promise.all([custody.listPools(books), listInstitutions(books)])
  const names = new Map(institutions.map(one => [one.id, one.name]))
  const rows = all
    .filter(pool => holds(actor, ['admin', 'reviewer']) || cares(actor, pool))
    .map(({ id, name, currency, bank, supervisor }) => {
      const [bankName, supervisorName] = [names.get(bank), names.get(supervisor)]
      return {
        ...{ id, name, currency, bank, supervisor },
        ...(bankName !== undefined && { bankName }),
        ...(supervisorName !== undefined && { supervisorName }),
      }
    })
  return { rows }
}
