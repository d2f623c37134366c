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
 *
 * It counts at one merchant, or at every one where the operator has a licence for that.
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
import { covered, coveredBy, lawful, mustBeEmpty, mustBeLawful, type Scope } from './scope.ts'

export type BindingId = Id<'bnd'>
export type Binding = Readonly<{
  id: BindingId
  gateway: string
  scope: Scope
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
  { purse, by, returnUrl, scope = 'merchant' }: Own & { returnUrl: string; scope?: Scope },
): Promise<Readonly<{ url: string }>> {
  const binding = offered(platform)
  await mustOwn(books, { purse, by })
  await mustBeLawful(books.sql, scope)
  const state = randomBytes(24).toString('base64url')
  await books.sql`
    insert into cashier.visit (digest, purse, gateway, scope)
    values (${digestOf(state)}, ${purse}, ${platform.gateway}, ${scope})`
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
  const [visit] = await books.sql<{ scope: Scope }>`
    update cashier.visit set used_at = now()
    where digest = ${digestOf(state)} and purse = ${purse} and gateway = ${platform.gateway}
      and used_at is null and began_at > now() - make_interval(mins => ${minutes}) returning scope`
  if (!visit) throw new Refusal<Refused>('authorisation_unknown', { gateway: platform.gateway })
  const { scope } = visit
  await mustBeLawful(books.sql, scope)
  const bound = await binding.bound(code)
  try {
    return await books.write(tx =>
      write(tx, { id, purse, by, merchant, scope, bound, ...platform }),
    )
  } catch (error) {
    const { constraint } = error as { constraint?: string }
    const refused = constraint && meanings[constraint]
    if (refused) throw new Refusal<Refused>(refused, { gateway: platform.gateway })
    throw error
  }
}

/** The table's no is ours, said later. */
const meanings: Readonly<Record<string, Refused>> = {
  one_platform_account_is_bound_once: 'platform_account_bound',
  a_guest_is_bound_at_one_scope: 'bound_everywhere',
  platform_scope_needs_a_licence: 'platform_scope_unlicensed',
}

type Writing = Own & {
  id: BindingId
  merchant: MerchantId
  scope: Scope
  bound: Bound
  gateway: string
}

async function write(tx: Transaction, writing: Writing): Promise<Binding> {
  const { id, by, merchant, scope, bound, gateway } = writing
  // Top-ups and withdrawals of what it covers take turns with this, and so do the guest's other bindings.
  const all = await coveredBy(tx.sql, { scope: 'platform', by, merchant })
  const known = await tx.sql<Row & { payer: string; at: MerchantId }>`
    select id, gateway, scope, name, bound_at as "boundAt", proved_at as "provedAt", payer, merchant as at
    from cashier.binding
    where person = ${by} and gateway = ${gateway} and ended_at is null
      and (merchant = ${merchant} or 'platform' in (scope, ${scope}))`
  const standing = await stands(tx.sql, known, scope)
  if (standing) {
    if (standing.payer !== bound.payer) {
      if (standing.scope !== scope) throw new Refusal<Refused>('bound_everywhere', { gateway })
    } else {
      const [proved] = await tx.sql<Row>`
        update cashier.binding set proved_at = now() where id = ${standing.id}
        returning id, gateway, scope, name, bound_at as "boundAt", proved_at as "provedAt"`
      return bindingOf(proved!)
    }
  }
  for (const one of known) {
    const { openUntil } = bindingOf(one)
    const free = one.payer === bound.payer || (openUntil && openUntil > new Date())
    if (!free) await mustBeEmpty(tx.sql, covered(all, one))
    await tx.sql`update cashier.binding set ended_at = now() where id = ${one.id}`
  }
  const [made] = await tx.sql<Row>`
    insert into cashier.binding (id, person, merchant, scope, gateway, payer, name)
    values (${id}, ${by}, ${merchant}, ${scope}, ${gateway}, ${bound.payer}, ${bound.name ?? null})
    returning id, gateway, scope, name, bound_at as "boundAt", proved_at as "provedAt"`
  return bindingOf(made!)
}

/** The one that is of the scope that is asked for, or counts there anyway: everywhere, while a licence holds. */
async function stands<One extends Readonly<{ scope: Scope }>>(
  sql: Sql,
  known: readonly One[],
  scope: Scope,
): Promise<One | undefined> {
  const everywhere = known.find(one => one.scope === 'platform')
  if (scope === 'platform') return everywhere
  if (everywhere) return (await lawful(sql)) ? everywhere : undefined
  return known[0]
}

type Row = Omit<Binding, 'openUntil'> & { provedAt: Date | null }
const bindingOf = ({ id, gateway, scope, name, boundAt, provedAt }: Row): Binding => ({
  ...{ id, gateway, scope, name, boundAt },
  openUntil: provedAt && new Date(provedAt.getTime() + minutes * 60_000),
})

/** Where a person's money there is bound to, platform by platform. */
export async function bindingsOf(books: Books, { purse, by }: Own): Promise<Binding[]> {
  const { merchant } = await mustOwn(books, { purse, by })
  const rows = await books.sql<Row>`
    select id, gateway, scope, name, bound_at as "boundAt", proved_at as "provedAt"
    from cashier.binding
    where person = ${by} and (merchant = ${merchant} or scope = 'platform') and ended_at is null
    order by gateway`
  return rows.map(bindingOf)
}

type Unbinding = Own & { gateway: string; refund: WithdrawalId }
export type Unbound = Readonly<{ ended: Binding; refund: WithdrawalId | null }>

/**
 * Asked again under the same id it answers the same, and goes on where it was: what came in while the rest went back is
 * sent after it, by a withdrawal of its own. What a tab holds must be paid or cancelled first; and one that counts
 * everywhere ends only when the guest's other purses are empty, which is looked at before anything goes back.
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
  if (binding.scope === 'platform') {
    const all = await books.sql<{ id: PurseId }>`
      select id from custody.purse where person = ${by} and id <> ${purse}`
    const others = all.map(one => one.id)
    await mustBeEmpty(books.sql, others, 'money_at_another_merchant')
  }
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
  await books.write(tx => end(tx, { by, merchant }, binding))
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
async function end(
  tx: Transaction,
  whose: { by: PersonId; merchant: MerchantId },
  { id: binding, scope }: Binding,
): Promise<void> {
  const all = await coveredBy(tx.sql, { ...whose, scope })
  const [open] = await tx.sql`
    select from cashier.binding where id = ${binding} and ended_at is null for update`
  if (!open) return
  // Whoever credits holds the book: what is not there yet finds no binding.
  const books = [...new Set(all.map(one => one.book))].toSorted((one, two) => one - two)
  for (const book of books) await tx.sql`select from ledger.lock_book(${book})`
  await mustBeEmpty(
    tx.sql,
    all.map(one => one.purse),
    'money_came_in',
  )
  await tx.sql`update cashier.binding set ended_at = now() where id = ${binding}`
}

type Meaning = { by: PersonId; merchant: MerchantId; gateway: string; refund: WithdrawalId }
type Meant = Readonly<{ binding: Binding; endedAt: Date | null }>

/** The binding that this unbinding has meant from its first time on; what was bound since is another one. */
async function meant(books: Books, { by, merchant, gateway, refund }: Meaning): Promise<Meant> {
  return await books.write(async ({ sql }) => {
    const [known] = await sql<Row & { endedAt: Date | null; mine: boolean }>`
      select b.id, gateway, scope, name, bound_at as "boundAt", proved_at as "provedAt",
             ended_at as "endedAt", u.id is not null as mine
      from cashier.binding b left join cashier.unbinding u on u.binding = b.id and u.id = ${refund}
      where person = ${by} and (merchant = ${merchant} or scope = 'platform') and gateway = ${gateway}
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
