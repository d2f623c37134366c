/**
 * A consumer's money comes in, through a platform:
 *
 *   start     the order, then the platform's page where the consumer pays     nothing moves
 *   notice    the platform says "paid", signed (inbox.ts)                     transit in → purse
 *   poll      nobody said anything: we ask, and close what nobody pays        the same
 *   cancel    nobody ever learned how to pay it: it is ended early            nothing
 *
 * The order is written before the platform is called and no transaction waits for the network, so a lost
 * answer leaves an order that the poller resolves. Orders that wait count against the purse's ceiling.
 */
import {
  Refusal,
  type Books,
  type Id,
  type MerchantId,
  type PersonId,
  type PurseId,
  type Transaction,
} from '@bursar/kernel'
import { equal, type Money } from '@bursar/money'
import { purseAccount } from './accounts.ts'
import { arrive } from './arrivals.ts'
import { lookUp } from './lookUps.ts'
import { directoryOf, mustBeOpen } from './directory.ts'
import { alone } from './hitches.ts'
import type { Refused } from './refused.ts'
import { explainLicence, mustBeLawful } from './scope.ts'
import type { Offer, Wallet, Way } from './wallet.ts'

export type TopUpId = Id<'top'>
export type TopUpState = 'waiting' | 'credited' | 'closed' | 'expired'
export type TopUp = Readonly<{
  id: TopUpId
  purse: PurseId
  merchant: MerchantId
  amount: Money
  by: PersonId
  gateway: string
  state: TopUpState
  /** How the consumer gets to the payment. Null until the platform has answered. */
  offer: Offer | null
  createdAt: Date
  expiresAt: Date
  endedAt: Date | null
  /** What of it has gone back to its source, or is on its way there. */
  returned: Money
}>
export type TopUpAsk = Readonly<{
  id: TopUpId
  purse: PurseId
  amount: Money
  by: PersonId
  /** How the consumer pays. Default `phone`. */
  way?: Way
  ip?: string
  returnUrl: string
  at?: Date
}>

const minutes = 15
/** Who has no answer by then does not wait for it any more; asked again it would have been there. */
const bareMinutes = 2

export async function startTopUp(books: Books, wallet: Wallet, ask: TopUpAsk): Promise<TopUp> {
  const directory = directoryOf(books)
  const facts = await directory.purse(ask.purse)
  const { person, merchant } = facts
  if (person !== ask.by) throw new Refusal<Refused>('no_such_purse', { purse: ask.purse })
  const standing = await directory.merchant(merchant)
  const lawful = await directory.lawful(facts.scope)
  const order = await placed(books, async tx => {
    await tx.sql`select from custody.purse where id = ${ask.purse} for no key update`
    const known = await find(tx.sql, ask.id)
    if (known) return same(ask, known, wallet)
    mustBeOpen(standing)
    mustBeLawful(facts, lawful)
    await payerMustBeLawful(tx.sql, ask.purse, wallet)
    if (ask.way === 'inside') await payerOf(tx.sql, ask.purse, wallet)
    if (!standing.takesTopUps) throw new Refusal<Refused>('merchant_takes_no_top_ups', { merchant })
    await mustFit(tx, ask, standing)
    await tx.sql`
      insert into custody.top_up
        (id, book, purse, minor, currency, gateway, asked_by, created_at, expires_at)
      select ${ask.id}, ${standing.book}, ${ask.purse}, ${ask.amount.minor}, ${ask.amount.currency},
             ${wallet.gateway}, ${ask.by}, at, at + make_interval(mins => ${minutes})
      from (select coalesce(${ask.at ?? null}::timestamptz, now()) as at) as clock`
    return (await find(tx.sql, ask.id))!
  })
  if (order.state !== 'waiting' || order.offer !== null) return order
  const { expiresAt, amount } = order
  const { way = 'phone', ip, returnUrl } = ask
  const payer = way === 'inside' ? await payerOf(books.sql, ask.purse, wallet) : undefined
  const offer = await wallet.create({
    ...{ order: ask.id, amount, subject: standing.name, expiresAt, way, returnUrl },
    ...(payer !== undefined && { payer }),
    ...(ip !== undefined && { ip }),
  })
  await books.sql`
    update custody.top_up set offer = ${JSON.stringify(offer)}::jsonb where id = ${ask.id} and offer is null`
  return readTopUp(books, ask.id)
}

const placed = (books: Books, work: (tx: Transaction) => Promise<TopUp>): Promise<TopUp> =>
  books.write(work).catch(explainLicence)

/** Through an account that is bound for every merchant, only while the operator's licence for that holds. */
async function payerMustBeLawful(
  sql: Books['sql'],
  purse: PurseId,
  { gateway }: Wallet,
): Promise<void> {
  const unlawful = await sql`
    select from custody.payer where purse = ${purse} and gateway = ${gateway} and licensed
      and not parties.platform_scope_is_lawful()`
  if (unlawful.length) throw new Refusal<Refused>('platform_scope_unlicensed', { purse, gateway })
}

/** Within the wallet's own browser the platform wants to know beforehand whose wallet it is: the one that is bound. */
async function payerOf(sql: Books['sql'], purse: PurseId, { gateway }: Wallet): Promise<string> {
  const [bound] = await sql<{ payer: string }>`
    select payer from custody.payer where purse = ${purse} and gateway = ${gateway}`
  if (!bound) throw new Refusal<Refused>('payer_not_bound', { purse, gateway })
  return bound.payer
}

/** What waits is read before the balance, so a payment between the two is counted twice, never not at all. */
async function mustFit(
  tx: Transaction,
  { purse, amount }: TopUpAsk,
  { book, currency, ceiling }: { book: number; currency: string; ceiling: bigint },
): Promise<void> {
  if (amount.minor <= 0n) throw new Refusal('amount_out_of_range', { amount })
  if (amount.currency !== currency) throw new Refusal('other_currency', { amount })
  const [row] = await tx.sql<{ waiting: bigint }>`
    select coalesce(sum(minor), 0)::bigint as waiting from custody.top_up
    where purse = ${purse} and state = 'waiting'`
  const [side] = await tx.sql<{ full: bigint; most: bigint | null }>`
    select posted + in_ as full, ceiling as most
    from ledger.states(${book}, ${[purseAccount(purse)]}::text[])`
  const most = side ? side.most : ceiling
  if (most === null) return
  const left = most - (side?.full ?? 0n) - row!.waiting
  if (amount.minor > left)
    throw new Refusal<Refused>('purse_full', {
      amount,
      room: { minor: left < 0n ? 0n : left, currency },
      ceiling: { minor: most, currency },
    })
}

type Row = Omit<TopUp, 'amount' | 'returned'> & { minor: bigint; currency: string; back: bigint }
const topUpOf = ({ minor, currency, back, ...row }: Row): TopUp => ({
  ...row,
  amount: { minor, currency },
  returned: { minor: back, currency },
})

async function find(sql: Books['sql'], id: TopUpId): Promise<TopUp | undefined> {
  const [row] = await sql<Row>`
    select t.id, t.purse, p.merchant, t.minor, t.currency, t.asked_by as by, t.gateway, t.state,
           t.offer, t.created_at as "createdAt", t.expires_at as "expiresAt",
           t.ended_at as "endedAt", t.returned as back
    from custody.top_up t join custody.purse p on p.id = t.purse where t.id = ${id}`
  return row && topUpOf(row)
}

function same(ask: TopUpAsk, known: TopUp, { gateway }: Wallet): TopUp {
  const mine = known.purse === ask.purse && known.by === ask.by && known.gateway === gateway
  if (!mine || !equal(known.amount, ask.amount))
    throw new Refusal('id_already_used', { id: ask.id })
  return known
}

export async function readTopUp(books: Books, id: TopUpId): Promise<TopUp> {
  const known = await find(books.sql, id)
  if (!known) throw new Refusal<Refused>('no_such_top_up', { topUp: id })
  return known
}

/** Newest first; `cursor` is the last id of the page before. */
export async function listTopUps(
  books: Books,
  { purse, cursor = null, limit = 50 }: { purse: PurseId; cursor?: string | null; limit?: number },
): Promise<TopUp[]> {
  const rows = await books.sql<Row>`
    select t.id, t.purse, p.merchant, t.minor, t.currency, t.asked_by as by, t.gateway, t.state,
           t.offer, t.created_at as "createdAt", t.expires_at as "expiresAt",
           t.ended_at as "endedAt", t.returned as back
    from custody.top_up t join custody.purse p on p.id = t.purse
    where t.purse = ${purse}
      and (${cursor}::text is null or (t.created_at, t.id) <
        (select created_at, id from custody.top_up where id = ${cursor}))
    order by t.created_at desc, t.id desc limit ${limit}`
  return rows.map(topUpOf)
}

export type Polled = Readonly<{
  credited: number
  ended: number
  unknown: number
  /** Which threw, and are asked about again later. */
  failed: number
}>
type Waiting = Readonly<{ id: TopUpId; late: boolean; bare: boolean }>

type Round = Readonly<{ limit?: number; olderThanMs?: number; now?: Date }>

/**
 * Asks the platform about all orders that still wait, oldest first, `limit` at a time: fifty that nobody
 * answers, or that throw, stop none of those beside or behind them.
 */
export async function pollTopUps(books: Books, wallet: Wallet, round: Round = {}): Promise<Polled> {
  const polled = { credited: 0, ended: 0, unknown: 0, failed: 0 }
  for (let after: TopUpId | null = null; ;) {
    const waiting: Waiting[] = await waitingAfter(books, wallet, after, round)
    const answers = await Promise.all(
      waiting.map(order => alone(books, 'top_up', order.id, () => resolve(books, wallet, order))),
    )
    for (const answer of answers) polled[answer ?? 'failed']++
    after = waiting.at(-1)?.id ?? null
    if (after === null) return polled
  }
}

const waitingAfter = (
  books: Books,
  { gateway }: Wallet,
  after: TopUpId | null,
  { limit = 50, olderThanMs = 5000, now }: Round,
): Promise<Waiting[]> =>
  books.sql<Waiting>`
    select id, expires_at <= clock.now as late,
      offer is null and created_at <= clock.now - make_interval(mins => ${bareMinutes}) as bare
    from custody.top_up left join custody.hitch h on h.subject = id,
      (select coalesce(${now ?? null}::timestamptz, now()) as now) as clock
    where state = 'waiting' and gateway = ${gateway} and (h.subject is null or h.next_at <= clock.now)
      and created_at <= clock.now - make_interval(secs => ${olderThanMs / 1000}::float8)
      and (${after}::text is null or (created_at, id) >
        (select created_at, id from custody.top_up where id = ${after}))
    order by created_at, id limit ${limit}`

async function resolve(
  books: Books,
  wallet: Wallet,
  { id, late, bare }: Waiting,
): Promise<'credited' | 'ended' | 'unknown'> {
  const found = await wallet.query(id)
  if (found.state === 'paid') {
    const { state, ...paid } = found
    const { tradeNo } = paid
    const payment = { order: id, ...paid, account: wallet.account }
    const event = `query/${id}/${tradeNo}`
    const body = Buffer.from(JSON.stringify({ order: id, state, tradeNo }))
    const sought = { gateway: wallet.gateway, event, order: id, tradeNo }
    const { order } = await lookUp(books, sought)
    const placed = await arrive(books, wallet, payment, { event, body }, order)
    // Paid, but not into the purse: the money is in suspense, and the order must not wait for ever.
    return placed === 'credit' ? 'credited' : end(books, id, 'closed')
  }
  if (found.state === 'closed') return end(books, id, 'closed')
  if (bare && wallet.cancel) {
    if (!(await ends(books, id, 'expired'))) return 'unknown'
    await wallet.cancel(id)
    return 'ended'
  }
  if (!late) return 'unknown'
  const closed = await wallet.close(id)
  return closed === 'closed' ? end(books, id, 'expired') : 'unknown'
}

/** Only what still waits: a payment that came meanwhile stands. */
export async function end(
  books: Books,
  id: TopUpId,
  state: 'closed' | 'expired',
): Promise<'ended'> {
  await ends(books, id, state)
  return 'ended'
}

/** False where a payment was quicker: what is in a purse is not cancelled. After it, a payment is late money. */
async function ends({ sql }: Books, id: TopUpId, state: 'closed' | 'expired'): Promise<boolean> {
  const ended = await sql`
    update custody.top_up set state = ${state}, ended_at = now()
    where id = ${id} and state = 'waiting' returning id`
  return ended.length > 0
}
