/**
 * A purse is bound to its owner's own account at a platform, by that platform's own authorisation.
 *
 *   visit    we send the person there, with a word that only this visit has
 *   bind     the person comes back with a code; whose account it is, the platform says
 *   unbind   what is in the purse goes back first, then the binding ends
 *
 * A purse that has money keeps the account it has: another one only at zero, or after unbinding.
 */
import { createHash, randomBytes } from 'node:crypto'
import { directoryOf, withdraw, type Wallet, type WithdrawalId } from '@bursar/custody'
import {
  Refusal,
  type Books,
  type Id,
  type MerchantId,
  type PersonId,
  type PurseId,
  type Sql,
  type Transaction,
} from '@bursar/kernel'
import type { Authorisation, Bound } from './authorisation.ts'
import type { Refused } from './refused.ts'

export type BindingId = Id<'bnd'>
export type Binding = Readonly<{
  id: BindingId
  gateway: string
  name: string | null
  boundAt: Date
}>
type Own = Readonly<{ purse: PurseId; by: PersonId }>

const minutes = 15
const digestOf = (state: string) => createHash('sha256').update(state).digest('hex')

const offered = ({ gateway, binding }: Authorisation) => {
  if (!binding) throw new Refusal<Refused>('binding_not_offered', { gateway })
  return binding
}

/** Where to go. Each visit has a word of its own, which is kept as its digest. */
export async function startVisit(
  books: Books,
  platform: Authorisation,
  { purse, by, returnUrl }: Own & { returnUrl: string },
): Promise<Readonly<{ url: string }>> {
  const binding = offered(platform)
  await mustOwn(books, { purse, by })
  const state = randomBytes(24).toString('base64url')
  await books.sql`
    insert into cashier.visit (digest, purse, gateway)
    values (${digestOf(state)}, ${purse}, ${platform.gateway})`
  return { url: binding.bind({ state, returnUrl }) }
}

/** Forgets the visits of yesterday: they bound whom they bound, or nobody came back. */
export async function forgetVisits({ sql }: Books): Promise<number> {
  const gone = await sql`
    delete from cashier.visit where began_at < now() - interval '1 day' returning digest`
  return gone.length
}

/** The platform is asked outside of any transaction. Its code is good once, so a visit is too. */
export async function bind(
  books: Books,
  platform: Authorisation,
  { id, purse, by, state, code }: Own & { id: BindingId; state: string; code: string },
): Promise<Binding> {
  const binding = offered(platform)
  const { merchant } = await mustOwn(books, { purse, by })
  const [visit] = await books.sql`
    update cashier.visit set used_at = now()
    where digest = ${digestOf(state)} and purse = ${purse} and gateway = ${platform.gateway}
      and used_at is null and began_at > now() - make_interval(mins => ${minutes}) returning digest`
  if (!visit) throw new Refusal<Refused>('authorisation_unknown', { gateway: platform.gateway })
  const bound = await binding.bound(code)
  try {
    return await books.write(tx => write(tx, { id, purse, by, merchant, bound, ...platform }))
  } catch (error) {
    const { constraint } = error as { constraint?: string }
    if (constraint === 'one_platform_account_is_bound_once')
      throw new Refusal<Refused>('platform_account_bound', { gateway: platform.gateway })
    throw error
  }
}

type Writing = Own & { id: BindingId; merchant: MerchantId; bound: Bound; gateway: string }

async function write(tx: Transaction, writing: Writing): Promise<Binding> {
  const { id, purse, by, merchant, bound, gateway } = writing
  // Top-ups and withdrawals of the purse take turns with this.
  await tx.sql`select from custody.purse where id = ${purse} for no key update`
  const [known] = await tx.sql<Binding & { payer: string }>`
    select id, gateway, name, bound_at as "boundAt", payer from cashier.binding
    where person = ${by} and merchant = ${merchant} and gateway = ${gateway} and ended_at is null`
  if (known?.payer === bound.payer) {
    const { payer: _, ...same } = known
    return same
  }
  if (known) {
    await mustBeEmpty(tx.sql, purse)
    await tx.sql`update cashier.binding set ended_at = now() where id = ${known.id}`
  }
  const [made] = await tx.sql<Binding>`
    insert into cashier.binding (id, person, merchant, gateway, payer, name)
    values (${id}, ${by}, ${merchant}, ${gateway}, ${bound.payer}, ${bound.name ?? null})
    returning id, gateway, name, bound_at as "boundAt"`
  return made!
}

async function mustBeEmpty(sql: Sql, purse: PurseId): Promise<void> {
  const [side] = await sql<{ posted: bigint; currency: string }>`
    select s.posted, p.currency from custody.purse p,
      ledger.states(p.book, array['purse/' || p.id]) s where p.id = ${purse}`
  if (side && side.posted !== 0n) {
    const amount = { minor: side.posted, currency: side.currency }
    throw new Refusal<Refused>('balance_not_zero', { purse, amount })
  }
}

/** Where a person's money there is bound to, platform by platform. */
export async function bindingsOf(books: Books, { purse, by }: Own): Promise<Binding[]> {
  const { merchant } = await mustOwn(books, { purse, by })
  return await books.sql<Binding>`
    select id, gateway, name, bound_at as "boundAt" from cashier.binding
    where person = ${by} and merchant = ${merchant} and ended_at is null order by gateway`
}

type Unbinding = Own & { gateway: string; refund: WithdrawalId }
export type Unbound = Readonly<{ ended: Binding; refund: WithdrawalId | null }>

/** Asked again under the same id it answers the same; what a tab holds must be paid or cancelled first. */
export async function unbind(
  books: Books,
  wallets: readonly Wallet[],
  { purse, by, gateway, refund }: Unbinding,
): Promise<Unbound> {
  const { merchant, book, currency } = await mustOwn(books, { purse, by })
  const last = await lastBinding(books, { by, merchant, gateway })
  const [sent] = await books.sql`select from custody.withdrawal where id = ${refund}`
  if (last.endedAt && !sent) return { ended: last.binding, refund: null }
  const side = await books.balance(book, `purse/${purse}`)
  if (side && side.out > 0n) {
    const amount = { minor: side.out, currency }
    throw new Refusal<Refused>('money_is_held', { purse, amount })
  }
  const left = side?.posted ?? 0n
  if (left > 0n && !sent)
    await withdraw(books, wallets, { id: refund, purse, amount: { minor: left, currency }, by })
  await books.write(tx => end(tx, purse, book, last.binding.id))
  return { ended: last.binding, refund: left > 0n || sent ? refund : null }
}

/** Money that came while the rest went back is not left behind: the binding stays, and it is asked again. */
async function end(tx: Transaction, purse: PurseId, book: number, binding: BindingId) {
  await tx.sql`select from custody.purse where id = ${purse} for no key update`
  const [open] = await tx.sql`
    select from cashier.binding where id = ${binding} and ended_at is null for update`
  if (!open) return
  // Whoever credits holds the book: what is not there yet finds no binding.
  await tx.sql`select from ledger.lock_book(${book})`
  await mustBeEmpty(tx.sql, purse)
  await tx.sql`update cashier.binding set ended_at = now() where id = ${binding}`
}

async function lastBinding(
  { sql }: Books,
  { by, merchant, gateway }: { by: PersonId; merchant: MerchantId; gateway: string },
) {
  const [row] = await sql<Binding & { endedAt: Date | null }>`
    select id, gateway, name, bound_at as "boundAt", ended_at as "endedAt" from cashier.binding
    where person = ${by} and merchant = ${merchant} and gateway = ${gateway}
    order by ended_at is null desc, bound_at desc limit 1`
  if (!row) throw new Refusal<Refused>('no_such_binding', { gateway })
  const { endedAt, ...binding } = row
  return { binding, endedAt }
}

async function mustOwn(books: Books, { purse, by }: Own) {
  const facts = await directoryOf(books).purse(purse)
  if (facts.person !== by) throw new Refusal('no_such_purse', { purse })
  return facts
}
