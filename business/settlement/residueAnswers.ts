/**
 * The bank's word on a residue, by notice, by query, or by closing: compared, and taken once.
 *
 *   paid      the pend settles, and transit out → custody; without the custody to show for it: unbooked, tried again
 *   bounced   the pend is voided; after it was paid: custody → purse; a purse that cannot take it: returning, tried again
 *   closed    as bounced: the bank will never execute it
 *
 * A word that does not fit moves nothing, and is a break for people to see.
 */
import { freeSource } from '@bursar/custody'
import { transferId, type Books, type Transaction } from '@bursar/kernel'
import { custody, transitOut } from './accounts.ts'
import { agree, differ, type Word } from './breaks.ts'
import { compare, day, reasonOf, seconds, type Heard, type Result } from './hearing.ts'
import {
  findResidue,
  holdOf,
  holdResidue,
  purseOf,
  recordResidue,
  type Residue,
  type ResidueId,
} from './residues.ts'

export type ResidueHearing = Heard & Readonly<{ residue: ResidueId }>
/** `barred`: the books cannot take what the bank has done, so that is written down instead. */
type Settling = ResidueHearing & Readonly<{ barred: boolean }>

export async function settleResidue(tx: Transaction, settling: Settling): Promise<Result> {
  const { residue: id, word, at } = settling
  if (!(await findResidue(tx.sql, id))) return 'unknown_payout'
  const held = await holdResidue(tx, id)
  const { state } = held
  const untold = state === 'submitted' || state === 'withdrawn' || state === 'rejected'
  const seen = {
    ...{ attempt: held.attempt, amount: held.amount, state: untold ? null : state },
    ...{ closed: held.closedAt !== null, broken: held.differs !== null },
  }
  return await compare(settling, seen, {
    differ: kind => differ(tx, { about: id, kind, word, at }),
    agree: () => agree(tx, id, at),
    askSoon: () => askSoon(tx, id, at),
    follow: () => (word.state === 'paid' ? pay(tx, settling, held) : bounce(tx, settling, held)),
  })
}

async function askSoon({ sql }: Transaction, id: ResidueId, at: Date): Promise<void> {
  await sql`
    update settlement.residue set ask_at = ${at}
    where id = ${id} and state in ('unbooked', 'paid', 'returning', 'bounced')`
}

async function pay(tx: Transaction, settling: Settling, held: Residue): Promise<Result> {
  const { word, by, at, barred } = settling
  const { id, book, amount } = held
  const serial = 'serial' in word ? word.serial : held.serial
  if (barred && held.state === 'unbooked') return 'known'
  const [state, moved] = [barred ? 'unbooked' : 'paid', transferId(id, 'pay')]
  await tx.sql`
    update settlement.residue set state = ${state}, serial = ${serial}, reason = null,
      ask_at = ${seconds(day, at)}, ended_at = ${barred ? null : at}::timestamptz,
      moved = ${barred ? null : moved}::uuid
    where id = ${id}`
  await agree(tx, id, at)
  if (barred) {
    await differ(tx, { about: id, kind: 'unbooked', word, at })
    return 'unbooked'
  }
  await recordResidue(tx.sql, id, { step: 'pay', by, at })
  const why = { event: 'residue_paid', subject: id, amount }
  tx.append(
    book,
    { kind: 'settle', id: transferId(id, 'send'), pend: holdOf(id), ...why },
    { kind: 'post', id: moved, debit: transitOut, credit: custody, ...why },
  )
  return 'taken'
}

async function bounce(tx: Transaction, settling: Settling, held: Residue): Promise<Result> {
  const { word, by, at, barred } = settling
  const { id, book, part, amount } = held
  if (barred && held.state === 'returning') return 'known'
  const serial = 'serial' in word ? word.serial : held.serial
  const [reason, moved] = [reasonOf(word, held), transferId(id, 'bounce')]
  const paid = await tx.sql`
    select from settlement.residue_step where residue = ${id} and name = 'pay'`
  await tx.sql`
    update settlement.residue set state = ${barred ? 'returning' : 'bounced'}, reason = ${reason},
      serial = ${serial}, ask_at = ${seconds(day, at)}, ended_at = ${at},
      closed_at = ${word.state === 'closed' ? at : null}::timestamptz,
      moved = case when ${paid.length > 0 && !barred} then ${moved}::uuid else moved end
    where id = ${id}`
  await agree(tx, id, at)
  // The bank has it back all the same; the money stays pended, or out of the books, until the purse can take it.
  if (barred) return 'taken'
  await recordResidue(tx.sql, id, { step: 'bounce', by, at, reason })
  await freeSource(tx, part, amount.minor)
  const why = { id: moved, event: 'residue_bounced', subject: id }
  if (paid.length)
    tx.append(book, { kind: 'post', debit: custody, credit: purseOf(held), amount, ...why })
  else tx.append(book, { kind: 'void', pend: holdOf(id), ...why })
  return 'taken'
}

/** What the bank has done and the books could not take: tried again. Answers how many went. */
export async function bookResidues(
  books: Books,
  hear: (heard: ResidueHearing) => Promise<Result>,
  { limit = 100, at = new Date() }: { limit?: number; at?: Date } = {},
): Promise<number> {
  const waiting = await books.sql<{ id: ResidueId; gateway: string }>`
    select id, gateway from settlement.residue where state in ('unbooked', 'returning')
    order by asked_at, id limit ${limit}`
  let booked = 0
  for (const { id, gateway: by } of waiting) {
    const { state, amount, serial: known, reason } = (await findResidue(books.sql, id))!
    const serial = known ?? ''
    const word: Word =
      state === 'unbooked'
        ? { state: 'paid', amount, serial }
        : { state: 'bounced', amount, serial, reason: reason! }
    if ((await hear({ residue: id, word, by, at })) === 'taken') booked++
  }
  return booked
}
