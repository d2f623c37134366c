/**
 * What a spend has to know beforehand, remembered so that the spend itself is one round trip.
 *
 *   a purse's book, person, merchant, scope     never change: remembered for good (100,000 of them)
 *   a merchant's standing, its codes            change rarely: remembered for one second
 *   whether the operator's licence holds        the same
 *
 * So a suspended merchant may take a payment for one more second, on each process. What must be exact
 * is not decided here: balances, ceilings, bars and the single use of a code are the book's.
 */
import {
  Refusal,
  type Books,
  type Id,
  type MerchantId,
  type OutletId,
  type PersonId,
  type PoolId,
  type PurseId,
  type TillId,
} from '@bursar/kernel'
import { admitMerchant } from './pool.ts'
import type { Refused } from './refused.ts'

export type Scope = 'merchant' | 'platform'
export type PurseFacts = Readonly<{
  id: PurseId
  book: number
  pool: PoolId
  person: PersonId
  merchant: MerchantId
  /** How far it is good: README.md, "Choices". */
  scope: Scope
  currency: string
}>

export type Standing = Readonly<{
  merchant: MerchantId
  name: string
  trade: string
  state: string
  confirmsSpends: boolean
  takesTopUps: boolean
  scope: Scope
  pool: PoolId
  book: number
  currency: string
  /** The ceiling of one purse. */
  ceiling: bigint
  /** The names of its outlets, by their ids. */
  outlets: Readonly<Partial<Record<OutletId, string>>>
  /** Its tills, those that were closed too. */
  tills: Readonly<Partial<Record<TillId, TillFacts>>>
}>
type TillFacts = Readonly<{ outlet: OutletId; name: string; open: boolean }>

export type MerchantCodeFacts = Readonly<{
  id: Id<'mcd'>
  book: number
  merchant: MerchantId
  outlet: OutletId | null
  till: TillId | null
  kind: 'static' | 'dynamic'
  minor: bigint | null
  currency: string
  use: string
  closed: boolean
}>

type Directory = Readonly<{
  purse(id: PurseId): Promise<PurseFacts>
  merchant(id: MerchantId): Promise<Standing>
  merchantCode(id: Id<'mcd'>): Promise<MerchantCodeFacts>
  /** It was changed by this process: nobody here waits a second to see it. */
  forget(id: MerchantId): void
  /** Whether a purse of this scope may be used now. */
  lawful(scope: Scope): Promise<boolean>
}>

const remembered = 100_000
const aSecond = 1000
const directories = new WeakMap<Books, Directory>()

/** The directory of one process over one database. */
export function directoryOf(books: Books): Directory {
  const known = directories.get(books)
  if (known) return known
  const merchants = remember<MerchantId, Standing>(aSecond, id => findMerchant(books, id))
  const made: Directory = {
    purse: remember(Infinity, id => findPurse(books, id)),
    merchant: merchants,
    forget: merchants.forget,
    merchantCode: remember(aSecond, id => findMerchantCode(books, id)),
    lawful: remember(
      aSecond,
      async scope => scope === 'merchant' || (await licensed(books)),
      // Where a licence begins, nobody waits for it.
      lawful => lawful,
    ),
  }
  directories.set(books, made)
  return made
}

/** Callers who ask for the same at the same time share one question. A failure is not remembered, nor what `keeps` denies. */
function remember<Key, Found>(
  forMs: number,
  find: (key: Key) => Promise<Found>,
  keeps: (found: Found) => boolean = () => true,
) {
  const found = new Map<Key, { answer: Promise<Found>; until: number }>()
  const ask = (key: Key): Promise<Found> => {
    const known = found.get(key)
    if (known && performance.now() < known.until) return known.answer
    if (found.size >= remembered) found.clear()
    const answer = find(key)
    found.set(key, { answer, until: performance.now() + forMs })
    answer.then(
      was => keeps(was) || found.delete(key),
      () => found.delete(key),
    )
    return answer
  }
  return Object.assign(ask, { forget: (key: Key) => void found.delete(key) })
}

async function findPurse(books: Books, id: PurseId): Promise<PurseFacts> {
  const [purse] = await books.sql<PurseFacts>`
    select p.id, p.book, p.pool, p.person, p.merchant, p.currency, m.scope
    from custody.purse p join custody.merchant m on m.merchant = p.merchant where p.id = ${id}`
  if (!purse) throw new Refusal<Refused>('no_such_purse', { purse: id })
  return purse
}

async function licensed({ sql }: Books): Promise<boolean> {
  const [row] = await sql<{ holds: boolean }>`select parties.platform_scope_is_lawful() as holds`
  return row!.holds
}

/** A merchant in good standing that no pool has yet comes into the first, when it is first needed. */
async function findMerchant(books: Books, id: MerchantId): Promise<Standing> {
  const known =
    (await standingOf(books, id)) ?? ((await admitted(books, id)) && (await standingOf(books, id)))
  if (!known) throw new Refusal<Refused>('no_such_merchant', { merchant: id })
  return known
}

async function admitted(books: Books, merchant: MerchantId): Promise<boolean> {
  const [first] = await books.sql<{ pool: PoolId }>`
    select p.id as pool from custody.pool p, parties.merchant m
    where m.id = ${merchant} and m.state = 'active' order by p.book limit 1`
  if (first) await admitMerchant(books, { merchant, pool: first.pool })
  return first !== undefined
}

async function standingOf(books: Books, id: MerchantId): Promise<Standing | undefined> {
  const [merchant] = await books.sql<Standing>`
    select c.merchant, m.name, m.trade, m.state, m.confirms_spends as "confirmsSpends",
           c.takes_top_ups as "takesTopUps", c.scope, c.pool, c.book, p.currency, p.ceiling,
           (select coalesce(jsonb_object_agg(o.id, o.name), '{}') from parties.outlet o
            where o.merchant = m.id) as outlets,
           (select coalesce(jsonb_object_agg(t.id, jsonb_build_object('outlet', t.outlet, 'name', t.name,
              'open', t.closed_at is null)), '{}') from parties.till t
            where t.merchant = m.id) as tills
    from custody.merchant c
    join custody.pool p on p.id = c.pool
    join parties.merchant m on m.id = c.merchant
    where c.merchant = ${id}`
  return merchant
}

async function findMerchantCode(books: Books, id: Id<'mcd'>): Promise<MerchantCodeFacts> {
  const [code] = await books.sql<MerchantCodeFacts>`
    select id, book, merchant, outlet, till, kind, minor, currency, use, closed_at is not null as closed
    from custody.merchant_code where id = ${id}`
  if (!code) throw new Refusal<Refused>('no_such_merchant_code', { merchantCode: id })
  return code
}

/** Only a merchant in good standing takes new money. */
export function mustBeOpen({
  merchant,
  name,
  state,
}: Pick<Standing, 'merchant' | 'name' | 'state'>): void {
  if (state !== 'active') throw new Refusal<Refused>('merchant_not_open', { merchant, name, state })
}

/** An issuer has members once its purses are good at more than itself. */
export function mustTakeMembers(standing: Standing): void {
  mustBeOpen(standing)
  const { merchant, trade, scope } = standing
  if (trade === 'onecard' && scope === 'merchant')
    throw new Refusal<Refused>('issuer_not_open', { merchant })
}

export function mustHaveOutlet({ merchant, outlets }: Standing, outlet?: OutletId | null): void {
  if (outlet && outlets[outlet] === undefined)
    throw new Refusal<Refused>('no_such_outlet', { merchant, outlet })
}

type Place = Readonly<{ outlet?: OutletId | null; till?: TillId | null }>

/** A till says its outlet. Answers both, of an open till that stands there. */
export function placeIn(
  standing: Standing,
  { outlet, till }: Place,
): Readonly<{ outlet?: OutletId; till?: TillId }> {
  const { merchant, tills } = standing
  mustHaveOutlet(standing, outlet)
  if (!till) return outlet ? { outlet } : {}
  const known = tills[till]
  if (!known || (outlet && known.outlet !== outlet))
    throw new Refusal<Refused>('no_such_till', { merchant, till })
  if (!known.open) throw new Refusal<Refused>('till_is_closed', { till, name: known.name })
  return { outlet: known.outlet, till }
}
