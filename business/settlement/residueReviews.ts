/** What follows the asking: the guest takes it back, or somebody else decides. residues.ts tells the story. */
import { freeSource } from '@bursar/custody'
import {
  Refusal,
  transferId,
  type Books,
  type PersonId,
  type PurseId,
  type Sql,
  type Transaction,
} from '@bursar/kernel'
import type { Refused } from './refused.ts'
import {
  findResidue,
  holdOf,
  holdResidue,
  recordResidue,
  type Residue,
  type ResidueId,
} from './residues.ts'

export type ResidueReview = Readonly<{
  id: ResidueId
  by: PersonId
  step: 'approve' | 'reject'
  /** A rejection must have one. */
  reason?: string
  at?: Date
}>

/** Deciding again the same way changes nothing, so a lost answer may be asked for again. */
export async function reviewResidue(books: Books, ask: ResidueReview): Promise<Residue> {
  const { id, by, step, at = new Date() } = ask
  const reason = ask.reason?.trim() || null
  return await books.write(async tx => {
    const held = await holdResidue(tx, id)
    if (by === held.askedBy || (await sitsAtHome(tx.sql, held.purse, by)))
      throw new Refusal<Refused>('own_residue', { id, by })
    if (held.state !== 'submitted') {
      const decided = held.state === 'rejected' ? 'reject' : 'approve'
      if (decided === step && held.reviewedBy === by) return held
      throw new Refusal<Refused>('residue_decided', { id, state: held.state })
    }
    if (step === 'reject' && !reason)
      throw new Refusal<Refused>('reason_missing', { field: 'reason' })
    const rejected = step === 'reject'
    await tx.sql`
      update settlement.residue
      set state = ${rejected ? 'rejected' : 'sending'}, reviewed_by = ${by}, reason = ${reason},
        ask_at = ${rejected ? null : at}::timestamptz, ended_at = ${rejected ? at : null}::timestamptz
      where id = ${id}`
    await recordResidue(tx.sql, id, { step, by, at, reason })
    if (rejected) await release(tx, held, 'reject')
    else
      tx.append(held.book, {
        ...({ kind: 'memo', id: transferId(id, 'approve'), event: 'residue_approved' } as const),
        subject: id,
      })
    return (await findResidue(tx.sql, id))!
  })
}

export type ResidueWithdrawal = Readonly<{ id: ResidueId; purse: PurseId; by: PersonId; at?: Date }>

/** The guest takes it back, as long as nobody has decided. Again, it changes nothing. */
export async function withdrawResidue(books: Books, ask: ResidueWithdrawal): Promise<Residue> {
  const { id, purse, by, at = new Date() } = ask
  return await books.write(async tx => {
    const held = await holdResidue(tx, id)
    if (held.askedBy !== by || held.purse !== purse)
      throw new Refusal<Refused>('no_such_residue', { id })
    if (held.state === 'withdrawn') return held
    if (held.state !== 'submitted')
      throw new Refusal<Refused>('residue_decided', { id, state: held.state })
    await tx.sql`
      update settlement.residue set state = 'withdrawn', ended_at = ${at} where id = ${id}`
    await recordResidue(tx.sql, id, { step: 'withdraw', by, at })
    await release(tx, held, 'withdraw')
    return (await findResidue(tx.sql, id))!
  })
}

const events = { reject: 'residue_rejected', withdraw: 'residue_withdrawn' } as const

/** The money is the purse's again, and its top-up's. */
async function release(tx: Transaction, held: Residue, step: keyof typeof events): Promise<void> {
  const { id, book, part, amount } = held
  await freeSource(tx, part, amount.minor)
  tx.append(book, {
    ...({ kind: 'void', id: transferId(id, step), event: events[step] } as const),
    ...{ subject: id, pend: holdOf(id) },
  })
}

async function sitsAtHome(sql: Sql, purse: PurseId, person: PersonId): Promise<boolean> {
  const seats = await sql`
    select from custody.purse u join parties.seat s on s.organisation = u.merchant
    where u.id = ${purse} and s.person = ${person} and s.ended_at is null`
  return seats.length > 0
}
