/**
 * What a platform refused to take back goes to the guest's own account at a bank:
 *
 *   ask        the guest names it, in the guest's own name      pended: purse → transit out
 *   withdraw   the guest takes that back, before a decision     voided
 *   approve    somebody else agrees                             nothing moves; the bank is next (residuePayouts.ts)
 *   reject     somebody else does not, and says why             voided
 *
 * The money stays the purse's until the bank says that it has paid (residueAnswers.ts). residueReviews.ts has the steps
 * that follow the asking.
 */
import { claimSource, holdRefusedPart, type PartId } from '@bursar/custody'
import {
  Refusal,
  transferId,
  type Id,
  type Books,
  type PersonId,
  type PurseId,
  type Sql,
  type Transaction,
} from '@bursar/kernel'
import { equal, type Money } from '@bursar/money'
import { transitOut } from './accounts.ts'
import { isPlausible } from './accountNumbers.ts'
import type { Payee } from './bank.ts'
import type { Refused } from './refused.ts'

export type ResidueId = Id<'rsd'>
export type ResidueState =
  | 'submitted'
  | 'withdrawn'
  | 'rejected'
  | 'sending'
  | 'accepted'
  | 'closing'
  | 'unbooked'
  | 'paid'
  | 'returning'
  | 'bounced'
export type Residue = Readonly<{
  id: ResidueId
  book: number
  part: PartId
  purse: PurseId
  amount: Money
  payee: Payee
  state: ResidueState
  askedBy: PersonId
  askedAt: Date
  reviewedBy: PersonId | null
  reason: string | null
  attempt: number
  serial: string | null
  /** What the bank says that the books do not: until they agree, nothing is sent. */
  differs: 'wrong_amount' | 'wrong_state' | null
  /** Since when the bank refuses the reference for good. */
  closedAt: Date | null
  endedAt: Date | null
}>
export type ResidueAsk = Readonly<{
  id: ResidueId
  /** Whose part it is. */
  purse: PurseId
  part: PartId
  amount: Money
  payee: Payee
  by: PersonId
  at?: Date
}>
export const holdOf = (id: ResidueId) => transferId(id, 'hold')
export const purseOf = ({ purse }: Pick<Residue, 'purse'>) => `purse/${purse}` as const

/** Sets the sum aside. The caller chooses the id, so asking twice is asking once. */
export async function askResidue(books: Books, ask: ResidueAsk): Promise<Residue> {
  const { id, by, amount, at = new Date() } = ask
  const payee = tidied(ask.payee)
  return await books.write(async tx => {
    const part = await holdRefusedPart(tx, ask.part)
    if (part.person !== by || part.purse !== ask.purse)
      throw new Refusal('no_such_part', { part: part.id })
    const known = await findResidue(tx.sql, id)
    if (known) return same({ ...ask, payee }, known)
    const { book, purse, minor, currency } = part
    if (amount.minor < 1n) throw new Refusal<Refused>('amount_out_of_range', { id })
    if (amount.currency !== currency) throw new Refusal('other_currency', { amount })
    if (payee.name !== part.personName.trim().normalize('NFKC'))
      throw new Refusal<Refused>('holder_differs', { field: 'holder', name: part.personName })
    if (!isPlausible(payee.account))
      throw new Refusal<Refused>('account_mistyped', { field: 'account' })
    const left = minor - (await askedOf(tx.sql, part.id))
    if (amount.minor > left)
      throw new Refusal<Refused>('residue_exceeds_part', {
        amount,
        most: { minor: left, currency },
      })
    await claimSource(tx, part, amount.minor)
    await tx.sql`
      insert into settlement.residue (id, book, part, purse, minor, currency, bank, account, holder,
        asked_by, asked_at, hold)
      values (${id}, ${book}, ${part.id}, ${purse}, ${amount.minor}, ${currency}, ${payee.bank},
        ${payee.account}, ${part.personName}, ${by}, ${at}, ${holdOf(id)})`
    await recordResidue(tx.sql, id, { step: 'submit', by, at })
    tx.append(book, {
      ...({ kind: 'pend', id: holdOf(id), event: 'residue_asked', subject: id } as const),
      ...{ debit: purseOf(part), credit: transitOut, amount },
    })
    return (await findResidue(tx.sql, id))!
  })
}

const tidied = ({ bank, account, name }: Payee): Payee => ({
  bank: bank.trim(),
  account: account.replaceAll(/[\s-]/g, ''),
  name: name.trim().normalize('NFKC'),
})

async function askedOf(sql: Sql, part: PartId): Promise<bigint> {
  const [row] = await sql<{ minor: bigint }>`
    select coalesce(sum(minor), 0)::bigint as minor from settlement.residue
    where part = ${part} and state not in ('withdrawn', 'rejected', 'bounced')`
  return row!.minor
}

type Taking = Readonly<{
  step: 'submit' | 'withdraw' | 'approve' | 'reject' | 'pay' | 'bounce'
  /** A person, or the gateway whose word it was. */
  by: string
  at: Date
  reason?: string | null
}>

export async function recordResidue(
  sql: Sql,
  id: ResidueId,
  { step, by, at, reason = null }: Taking,
): Promise<void> {
  await sql`
    insert into settlement.residue_step (residue, name, taken_by, taken_at, reason)
    values (${id}, ${step}, ${by}, ${at}, ${reason})`
}

/** Nobody else can move it until this transaction ends. */
export async function holdResidue(tx: Transaction, id: ResidueId): Promise<Residue> {
  await tx.sql`select from settlement.residue where id = ${id} for update`
  const found = await findResidue(tx.sql, id)
  if (!found) throw new Refusal<Refused>('no_such_residue', { id })
  return found
}

export async function findResidue(sql: Sql, id: ResidueId): Promise<Residue | undefined> {
  const [row] = await sql<Omit<Residue, 'amount'> & Money>`
    select id, book, part, purse, minor, currency, state, asked_by as "askedBy",
      asked_at as "askedAt", reviewed_by as "reviewedBy", reason, attempt, serial,
      (select max(b.kind) from settlement.break b where b.residue = residue.id and b.kind <> 'unbooked'
        and b.ended_at is null) as differs,
      closed_at as "closedAt", ended_at as "endedAt",
      jsonb_build_object('bank', bank, 'account', account, 'name', holder) as payee
    from settlement.residue where id = ${id}`
  if (!row) return undefined
  const { minor, currency, ...rest } = row
  return { ...rest, amount: { minor, currency } }
}

/** The same id must mean the same wish. */
function same(ask: ResidueAsk, known: Residue): Residue {
  const { bank, account, name } = known.payee
  const alike =
    ask.part === known.part &&
    ask.by === known.askedBy &&
    equal(ask.amount, known.amount) &&
    ask.payee.bank === bank &&
    ask.payee.account === account &&
    ask.payee.name === name.trim().normalize('NFKC')
  if (!alike) throw new Refusal<Refused>('id_already_used', { id: ask.id })
  return known
}
