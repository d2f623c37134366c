/**
 * Merchants come in by application, and somebody else decides.
 *
 *   applicant → active ⇄ suspended → closed
 *   applicant → rejected
 *
 * Each step, its hand and its reason stay in `merchant_step` for ever.
 */
import {
  Refusal,
  type Books,
  type MerchantId,
  type PersonId,
  type Sql,
  type Transaction,
} from '@bursar/kernel'
import type { Refused } from './refusal.ts'
import { insertSeat } from './seats.ts'

export const trades = [
  'hair',
  'fitness',
  'bathhouse',
  'teahouse',
  'netcafe',
  'carwash',
  'tutoring',
  'laundry',
  'nursery',
  'restaurant',
  'onecard',
] as const
export type Trade = (typeof trades)[number]
export type MerchantState = 'applicant' | 'active' | 'suspended' | 'closed' | 'rejected'
/** Where settled money goes. */
export type Payee = Readonly<{ bank: string; account: string; name: string }>
export type Merchant = Readonly<{
  id: MerchantId
  name: string
  trade: Trade
  licence: string
  representative: string
  address: string
  payee: Payee
  /** Each spend waits for the merchant's yes. */
  confirmsSpends: boolean
  state: MerchantState
  appliedBy: PersonId
  appliedAt: Date
}>
export type Step = keyof typeof steps
export type MerchantStep = Readonly<{
  name: Step | 'apply' | 'change'
  state: MerchantState
  takenBy: PersonId
  reason: string | null
  takenAt: Date
}>
type Rule = Readonly<{
  from: readonly MerchantState[]
  to: MerchantState
  reason?: true
  own?: true
}>

/** The whole life of a merchant. A step missing from this table cannot be taken. */
const steps = {
  approve: { from: ['applicant'], to: 'active' },
  reject: { from: ['applicant'], to: 'rejected', reason: true },
  suspend: { from: ['active'], to: 'suspended', reason: true },
  resume: { from: ['suspended'], to: 'active' },
  close: { from: ['active', 'suspended'], to: 'closed', reason: true },
} satisfies Record<string, Rule>

export type Application = Readonly<{
  id: MerchantId
  by: PersonId
  name: string
  trade: Trade
  licence: string
  representative: string
  address: string
  payee: Payee
  at?: Date
}>

/** The applicant becomes the owner, and waits. */
export async function applyMerchant(books: Books, ask: Application): Promise<Merchant> {
  const { id, by, name, trade, licence, representative, address, payee, at = new Date() } = ask
  return await books.write(async tx => {
    const added = await tx.sql`
      insert into parties.merchant (id, name, trade, licence, representative, address,
        payee_bank, payee_account, payee_name, applied_by, applied_at)
      values (${id}, ${name}, ${trade}, ${licence}, ${representative}, ${address},
        ${payee.bank}, ${payee.account}, ${payee.name}, ${by}, ${at})
      on conflict do nothing returning id`
    if (!added.length) return await same(tx.sql, ask)
    await takeStep(tx.sql, {
      merchant: id,
      name: 'apply',
      state: 'applicant',
      by,
      appliedBy: by,
      at,
    })
    await insertSeat(tx.sql, { organisation: id, person: by, role: 'owner', by, at })
    return (await read(tx.sql, id))!
  })
}

/** The same id must mean the same application; another id with this licence is somebody else's. */
async function same(sql: Sql, ask: Application): Promise<Merchant> {
  const known = await read(sql, ask.id)
  if (!known) throw new Refusal<Refused>('licence_taken', { field: 'licence' })
  const alike =
    known.appliedBy === ask.by &&
    (['name', 'trade', 'licence', 'representative', 'address'] as const).every(
      k => known[k] === ask[k],
    ) &&
    (['bank', 'account', 'name'] as const).every(k => known.payee[k] === ask.payee[k])
  if (!alike) throw new Refusal<Refused>('id_already_used', { id: ask.id })
  return known
}

export type Decision = Readonly<{
  merchant: MerchantId
  by: PersonId
  step: Step
  reason?: string
  at?: Date
}>

/** Takes one step. Taking it again changes nothing, so a lost answer may be asked for again. */
export async function decideMerchant(books: Books, ask: Decision): Promise<Merchant> {
  const { merchant, by, step, at = new Date() } = ask
  const rule: Rule = steps[step]
  const reason = ask.reason?.trim() || null
  return await books.write(async tx => {
    const held = await hold(tx, merchant)
    if (await isTheirOwn(tx.sql, held, by)) throw new Refusal<Refused>('own_merchant', { merchant })
    if (held.state === rule.to) return held
    if (!rule.from.includes(held.state))
      throw new Refusal<Refused>('step_out_of_order', { step, state: held.state })
    if (rule.reason && !reason) throw new Refusal<Refused>('reason_missing', { field: 'reason' })
    await tx.sql`update parties.merchant set state = ${rule.to} where id = ${merchant}`
    const appliedBy = held.appliedBy
    await takeStep(tx.sql, { merchant, name: step, state: rule.to, by, appliedBy, reason, at })
    return { ...held, state: rule.to }
  })
}

/** Nobody decides what they applied for, nor a place where they have a seat. */
async function isTheirOwn(sql: Sql, merchant: Merchant, person: PersonId): Promise<boolean> {
  if (merchant.appliedBy === person) return true
  const seated = await sql`
    select from parties.seat
    where organisation = ${merchant.id} and person = ${person} and ended_at is null`
  return seated.length > 0
}

export type Change = Readonly<{
  merchant: MerchantId
  by: PersonId
  confirmsSpends?: boolean
  address?: string
  at?: Date
}>

/** What an owner may change alone. Name, licence and payee were reviewed, so they stay. */
export async function changeMerchant(books: Books, ask: Change): Promise<Merchant> {
  const { merchant, by, at = new Date() } = ask
  return await books.write(async tx => {
    const held = await hold(tx, merchant)
    const { confirmsSpends = held.confirmsSpends, address = held.address } = ask
    if (confirmsSpends === held.confirmsSpends && address === held.address) return held
    await tx.sql`
      update parties.merchant set confirms_spends = ${confirmsSpends}, address = ${address}
      where id = ${merchant}`
    const { state, appliedBy } = held
    const reason = `confirmsSpends=${confirmsSpends} address=${address}`
    await takeStep(tx.sql, { merchant, name: 'change', state, by, appliedBy, reason, at })
    return { ...held, confirmsSpends, address }
  })
}

export async function merchantOf(books: Books, id: MerchantId): Promise<Merchant> {
  const merchant = await read(books.sql, id)
  if (!merchant) throw new Refusal<Refused>('no_such_merchant', { id })
  return merchant
}

/** Who took which step, and why: oldest first. */
export async function stepsOf(books: Books, merchant: MerchantId): Promise<MerchantStep[]> {
  return await books.sql<MerchantStep>`
    select name, state, taken_by as "takenBy", reason, taken_at as "takenAt"
    from parties.merchant_step where merchant = ${merchant} order by n`
}

/** Reads a merchant and holds it: nobody else can move it until this transaction ends. */
async function hold(tx: Transaction, id: MerchantId): Promise<Merchant> {
  await tx.sql`select from parties.merchant where id = ${id} for update`
  const held = await read(tx.sql, id)
  if (!held) throw new Refusal<Refused>('no_such_merchant', { id })
  return held
}

async function read(sql: Sql, id: MerchantId): Promise<Merchant | undefined> {
  const [merchant] = await sql<Merchant>`
    select id, name, trade, licence, representative, address, state,
      jsonb_build_object('bank', payee_bank, 'account', payee_account, 'name', payee_name) as payee,
      confirms_spends as "confirmsSpends", applied_by as "appliedBy", applied_at as "appliedAt"
    from parties.merchant where id = ${id}`
  return merchant
}

type Taken = Readonly<{
  merchant: MerchantId
  name: MerchantStep['name']
  state: MerchantState
  by: PersonId
  appliedBy: PersonId
  reason?: string | null
  at: Date
}>

async function takeStep(
  sql: Sql,
  { merchant, name, state, by, appliedBy, reason = null, at }: Taken,
) {
  await sql`
    insert into parties.merchant_step (merchant, n, name, state, taken_by, applied_by, reason, taken_at)
    select ${merchant}, coalesce(max(n), 0) + 1, ${name}, ${state}, ${by}, ${appliedBy}, ${reason},
      ${at}::timestamptz
    from parties.merchant_step where merchant = ${merchant}`
}
