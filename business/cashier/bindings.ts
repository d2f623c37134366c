/**
 * A purse is bound to its owner's own account at a platform, by that platform's own authorisation.
 *
 *   visit    we send the person there, with a word that only this visit has
 *   bind     the person comes back with a code; whose account it is, the platform says
 *   unbind   what is in the purse goes back first, then the binding ends
 *
 * A purse that has money keeps the account it has: another one only at zero, after unbinding, or once the platform
 * has said anew, within the last minutes, that the account that is bound is still the person's. What was paid in by
 * the old one goes back to the old one all the same.
 */
import { createHash, randomBytes } from 'node:crypto'
import { directoryOf, withdraw, type Wallet, type WithdrawalId } from '@bursar/custody'
import {
  idFor,
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
  /** Until when another account may be bound, though there is money; null where nothing was shown anew. */
  openUntil: Date | null
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
  const [known] = await tx.sql<Row & { payer: string }>`
    select id, gateway, name, bound_at as "boundAt", proved_at as "provedAt", payer from cashier.binding
    where person = ${by} and merchant = ${merchant} and gateway = ${gateway} and ended_at is null`
  if (known?.payer === bound.payer) {
    const [proved] = await tx.sql<Row>`
      update cashier.binding set proved_at = now() where id = ${known.id}
      returning id, gateway, name, bound_at as "boundAt", proved_at as "provedAt"`
    return bindingOf(proved!)
  }
  if (known) {
    const { openUntil } = bindingOf(known)
    if (!openUntil || openUntil <= new Date()) await mustBeEmpty(tx.sql, purse)
    await tx.sql`update cashier.binding set ended_at = now() where id = ${known.id}`
  }
  const [made] = await tx.sql<Row>`
    insert into cashier.binding (id, person, merchant, gateway, payer, name)
    values (${id}, ${by}, ${merchant}, ${gateway}, ${bound.payer}, ${bound.name ?? null})
    returning id, gateway, name, bound_at as "boundAt", proved_at as "provedAt"`
  return bindingOf(made!)
}

type Row = Omit<Binding, 'openUntil'> & { provedAt: Date | null }
const bindingOf = ({ id, gateway, name, boundAt, provedAt }: Row): Binding => ({
  ...{ id, gateway, name, boundAt },
  openUntil: provedAt && new Date(provedAt.getTime() + minutes * 60_000),
})

async function mustBeEmpty(
  sql: Sql,
  purse: PurseId,
  refused: Refused = 'balance_not_zero',
): Promise<void> {
  const [side] = await sql<{ posted: bigint; currency: string }>`
    select s.posted, p.currency from custody.purse p,
      ledger.states(p.book, array['purse/' || p.id]) s where p.id = ${purse}`
  if (side && side.posted !== 0n) {
    const amount = { minor: side.posted, currency: side.currency }
    throw new Refusal<Refused>(refused, { purse, amount })
  }
}

/** Where a person's money there is bound to, platform by platform. */
export async function bindingsOf(books: Books, { purse, by }: Own): Promise<Binding[]> {
  const { merchant } = await mustOwn(books, { purse, by })
  const rows = await books.sql<Row>`
    select id, gateway, name, bound_at as "boundAt", proved_at as "provedAt" from cashier.binding
    where person = ${by} and merchant = ${merchant} and ended_at is null order by gateway`
  return rows.map(bindingOf)
}

type Unbinding = Own & { gateway: string; refund: WithdrawalId }
export type Unbound = Readonly<{ ended: Binding; refund: WithdrawalId | null }>

/**
 * Asked again under the same id it answers the same, and goes on where it was: what came in while the rest went back is
 * sent after it, by a withdrawal of its own. What a tab holds must be paid or cancelled first.
 */
export async function unbind(
  books: Books,
  wallets: readonly Wallet[],
  { purse, by, gateway, refund }: Unbinding,
): Promise<Unbound> {
  const { merchant, book, currency } = await mustOwn(books, { purse, by })
  const { binding, endedAt } = await meant(books, { by, merchant, gateway, refund })
  const [first] = await books.sql`select from custody.withdrawal where id = ${refund}`
  if (endedAt) return { ended: binding, refund: first ? refund : null }
  const side = await books.balance(book, `purse/${purse}`)
  if (side && side.out > 0n) {
    const amount = { minor: side.out, currency }
    throw new Refusal<Refused>('money_is_held', { purse, amount })
  }
  const left = side?.posted ?? 0n
  if (left > 0n) {
    const id = first ? await nextAfter(books, by, refund) : refund
    await withdraw(books, wallets, { id, purse, amount: { minor: left, currency }, by })
  }
  await books.write(tx => end(tx, purse, book, binding.id))
  return { ended: binding, refund: left > 0n || first ? refund : null }
}

/** Two who ask at once make the same withdrawal, or one of them is told that the id is taken. */
async function nextAfter({ sql }: Books, by: PersonId, first: WithdrawalId): Promise<WithdrawalId> {
  for (let no = 2; ; no++) {
    const id = idFor('wdr', by, `unbind/${first}`, String(no))
    const [known] = await sql`select from custody.withdrawal where id = ${id}`
    if (!known) return id
  }
}

/** Money that came while the rest went back is not left behind: the binding stays, and it is asked again. */
async function end(tx: Transaction, purse: PurseId, book: number, binding: BindingId) {
  await tx.sql`select from custody.purse where id = ${purse} for no key update`
  const [open] = await tx.sql`
    select from cashier.binding where id = ${binding} and ended_at is null for update`
  if (!open) return
  // Whoever credits holds the book: what is not there yet finds no binding.
  await tx.sql`select from ledger.lock_book(${book})`
  await mustBeEmpty(tx.sql, purse, 'money_came_in')
  await tx.sql`update cashier.binding set ended_at = now() where id = ${binding}`
}

type Meaning = { by: PersonId; merchant: MerchantId; gateway: string; refund: WithdrawalId }
type Meant = Readonly<{ binding: Binding; endedAt: Date | null }>

/** The binding that this unbinding has meant from its first time on; what was bound since is another one. */
async function meant(books: Books, { by, merchant, gateway, refund }: Meaning): Promise<Meant> {
  return await books.write(async ({ sql }) => {
    const [known] = await sql<Row & { endedAt: Date | null; mine: boolean }>`
      select b.id, gateway, name, bound_at as "boundAt", proved_at as "provedAt",
             ended_at as "endedAt", u.id is not null as mine
      from cashier.binding b left join cashier.unbinding u on u.binding = b.id and u.id = ${refund}
      where person = ${by} and merchant = ${merchant} and gateway = ${gateway}
      order by u.id is null, ended_at is null desc, bound_at desc limit 1`
    if (!known) throw new Refusal<Refused>('no_such_binding', { gateway })
    const { endedAt, mine, ...row } = known
    if (!mine)
      await sql`
        insert into cashier.unbinding (id, binding) values (${refund}, ${row.id})
        on conflict (id) do nothing`
    return { binding: bindingOf(row), endedAt }
  })
}

async function mustOwn(books: Books, { purse, by }: Own) {
  const facts = await directoryOf(books).purse(purse)
  if (facts.person !== by) throw new Refusal('no_such_purse', { purse })
  return facts
}
