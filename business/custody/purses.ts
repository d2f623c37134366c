/** A person becomes a member of a merchant by having a purse there: one, however often asked. */
import {
  newId,
  Refusal,
  transferId,
  type Books,
  type MerchantId,
  type PersonId,
  type PoolId,
  type PurseId,
  type Transaction,
} from '@bursar/kernel'
import type { Side } from '@bursar/ledger'
import type { Money } from '@bursar/money'
import { purseAccount } from './accounts.ts'
import {
  directoryOf,
  mustTakeMembers,
  type PurseFacts,
  type Scope,
  type Standing,
} from './directory.ts'
import type { Refused } from './refused.ts'

export type Purse = Readonly<{
  id: PurseId
  book: number
  pool: PoolId
  person: PersonId
  merchant: MerchantId
  merchantName: string
  trade: string
  /** Whether it is good at its merchant alone, or at every merchant of its pool. */
  scope: Scope
  /** Of platform scope, and no licence holds: what is there can only be taken back. */
  lapsed: boolean
  openedAt: Date
  /** What can be spent now. */
  available: Money
  /** Reserved: by a spend that waits for the merchant, or by an authority. */
  held: Money
  ceiling: Money
}>

type Row = Omit<Purse, 'available' | 'held' | 'ceiling'> & { currency: string; limit: bigint }

export async function join(
  books: Books,
  { person, merchant, at }: { person: PersonId; merchant: MerchantId; at?: Date },
): Promise<Purse> {
  const standing = await directoryOf(books).merchant(merchant)
  const id = await books.write(async tx => {
    const known = await ofPerson(tx, person, merchant)
    if (known) return known
    mustTakeMembers(standing)
    return open(tx, standing, person, at)
  })
  return readPurse(books, id)
}

async function ofPerson(
  tx: Transaction,
  person: PersonId,
  merchant: MerchantId,
): Promise<PurseId | undefined> {
  const [row] = await tx.sql<{ id: PurseId }>`
    select id from custody.purse where person = ${person} and merchant = ${merchant}`
  return row?.id
}

async function open(
  tx: Transaction,
  { merchant, pool, book, currency, ceiling }: Standing,
  person: PersonId,
  at: Date | undefined,
): Promise<PurseId> {
  const id = newId('pur', at?.getTime())
  const [added] = await tx.sql<{ id: PurseId }>`
    insert into custody.purse (id, book, pool, person, merchant, currency, opened_at)
    values (${id}, ${book}, ${pool}, ${person}, ${merchant}, ${currency}, coalesce(${at ?? null}, now()))
    on conflict (person, merchant) do nothing returning id`
  if (!added) return (await ofPerson(tx, person, merchant))!
  const entry = transferId(id, 'open')
  const account = purseAccount(id)
  tx.append(book, {
    kind: 'open',
    id: entry,
    event: 'joined',
    subject: id,
    account,
    floor: 0n,
    ceiling,
  })
  return id
}

const purseOf = ({ limit, currency, ...row }: Row, side: Side | undefined): Purse => {
  const { posted = 0n, out = 0n, floor = 0n } = side ?? {}
  const money = (minor: bigint): Money => ({ minor, currency })
  return {
    ...row,
    available: money(posted - out - (floor ?? 0n)),
    held: money(out),
    ceiling: money(side?.ceiling ?? limit),
  }
}

export async function readPurse(books: Books, id: PurseId): Promise<Purse> {
  const [row] = await books.sql<Row>`
    select p.id, p.book, p.pool, p.person, p.merchant, m.name as "merchantName", m.trade, c.scope,
           c.scope = 'platform' and not parties.platform_scope_is_lawful() as lapsed, p.opened_at as "openedAt", p.currency, l.ceiling as limit
    from custody.purse p
    join custody.pool l on l.id = p.pool
    join custody.merchant c on c.merchant = p.merchant
    join parties.merchant m on m.id = p.merchant
    where p.id = ${id}`
  if (!row) throw new Refusal<Refused>('no_such_purse', { purse: id })
  return purseOf(row, await books.balance(row.book, purseAccount(id)))
}

/**
 * All purses of one person, or those that are good at a merchant now: its own first; of all, what is good everywhere.
 * Then newest first. A person has tens of them at most: 200 are shown.
 */
export async function listPurses(
  books: Books,
  person: PersonId,
  at: MerchantId | null = null,
): Promise<Purse[]> {
  const rows = await books.sql<Row>`
    select p.id, p.book, p.pool, p.person, p.merchant, m.name as "merchantName", m.trade, c.scope,
           c.scope = 'platform' and not parties.platform_scope_is_lawful() as lapsed, p.opened_at as "openedAt",
           p.currency, l.ceiling as limit
    from custody.purse p
    join custody.pool l on l.id = p.pool
    join custody.merchant c on c.merchant = p.merchant
    join parties.merchant m on m.id = p.merchant
    where p.person = ${person}
      and case when ${at}::text is null then true
        when c.scope = 'merchant' then p.merchant = ${at}
        else parties.platform_scope_is_lawful()
          and exists (select from custody.merchant h where h.merchant = ${at} and h.pool = p.pool) end
    order by (c.scope = 'platform') = (${at}::text is null) desc, p.opened_at desc, p.id desc limit 200`
  const sides = await sidesOf(books, rows)
  return rows.map(row => purseOf(row, sides.get(row.id)))
}

/** The present state of many purses: one question per book. */
export async function sidesOf(
  books: Books,
  purses: readonly Pick<PurseFacts, 'id' | 'book'>[],
): Promise<Map<PurseId, Side>> {
  const byBook = Map.groupBy(purses, purse => purse.book)
  const found = await Promise.all(
    [...byBook].map(([book, some]) =>
      books.balances(
        book,
        some.map(({ id }) => purseAccount(id)),
      ),
    ),
  )
  return new Map(found.flat().map(side => [side.account.slice('purse/'.length) as PurseId, side]))
}
