/**
 * The bank's word on a residue, by notice, by query, or by closing: compared, and taken once.
 *
 *   paid      the pend settles, and transit out → custody; without the custody to show for it: unbooked, tried again
 *   bounced   the pend is voided; after it was paid: custody → purse; a purse that cannot take it: returning, tried again
 *   closed    as bounced: the bank will never execute it
 *
 * A word that does not fit moves nothing, and stands at the residue until the bank and the books agree.
 */
import { freeSource } from '@bursar/custody'
import { transferId, type Books, type Transaction } from '@bursar/kernel'
import { equal } from '@bursar/money'
import { custody, transitOut } from './accounts.ts'
import type { Word } from './breaks.ts'
import {
  findResidue,
  holdOf,
  holdResidue,
  purseOf,
  recordResidue,
  type Residue,
  type ResidueId,
  type ResidueState,
} from './residues.ts'

/** What a word led to: as the inbox keeps it. */
export type ResidueResult =
  | 'taken'
  | 'known'
  | 'out_of_order'
  | 'unknown_payout'
  | 'unbooked'
  | NonNullable<Residue['differs']>

type Meaning = 'take' | 'agree' | 'waits' | 'late' | 'wrong_state'
/** What each word means for a residue in each state. `late`: of a notice; an answer to a question is wrong there. */
const meanings = {
  paid: {
    ...whileOpen('take'),
    unbooked: 'take',
    paid: 'agree',
    returning: 'late',
    bounced: 'late',
  },
  bounced: {
    ...whileOpen('take'),
    unbooked: 'take',
    paid: 'take',
    returning: 'take',
    bounced: 'agree',
  },
  closed: {
    ...whileOpen('take'),
    ...{ unbooked: 'wrong_state', paid: 'wrong_state', returning: 'take', bounced: 'agree' },
  },
  none: {
    ...whileOpen('waits'),
    ...{ unbooked: 'wrong_state', paid: 'wrong_state', returning: 'waits', bounced: 'agree' },
  },
} as const satisfies Record<
  Word['state'],
  Record<Exclude<ResidueState, 'submitted' | 'rejected'>, Meaning>
>

function whileOpen<M extends Meaning>(means: M) {
  return { sending: means, closing: means, accepted: means } as const
}

export type ResidueHearing = Readonly<{
  residue: ResidueId
  /** Of a query or a call: dropped if another attempt has begun since. A notice has none. */
  attempt?: number
  word: Word
  by: string
  at: Date
}>
/** `barred`: the books cannot take what the bank has done, so that is written down instead. */
type Settling = ResidueHearing & Readonly<{ barred: boolean }>

export const isResidue = (reference: string): reference is ResidueId => reference.startsWith('rsd_')

export async function settleResidue(tx: Transaction, settling: Settling): Promise<ResidueResult> {
  const { residue: id, attempt, word, at } = settling
  if (!(await findResidue(tx.sql, id))) return 'unknown_payout'
  const held = await holdResidue(tx, id)
  const { state } = held
  if (attempt !== undefined && attempt !== held.attempt) return 'known'
  if ('amount' in word && !equal(word.amount, held.amount))
    return await differ(tx, settling, 'wrong_amount')
  if (state === 'submitted' || state === 'rejected')
    return await differ(tx, settling, 'wrong_state')
  const means: Meaning = meanings[word.state][state]
  if (means === 'waits') return 'known'
  if (means === 'late' && attempt === undefined) {
    await tx.sql`update settlement.residue set ask_at = ${at} where id = ${id}`
    return 'out_of_order'
  }
  if (means === 'late' || means === 'wrong_state') return await differ(tx, settling, 'wrong_state')
  if (means === 'agree') {
    await tx.sql`update settlement.residue set differs = null where id = ${id}`
    return 'known'
  }
  return word.state === 'paid' ? await pay(tx, settling, held) : await bounce(tx, settling, held)
}

async function differ(
  tx: Transaction,
  { residue, at, attempt }: Settling,
  differs: NonNullable<Residue['differs']>,
): Promise<ResidueResult> {
  // A notice is asked about at once.
  await tx.sql`
    update settlement.residue set differs = ${differs},
      ask_at = case when ${attempt ?? null}::int is null and state not in ('submitted', 'rejected')
        then ${at}::timestamptz else ask_at end
    where id = ${residue}`
  return differs
}

const tomorrow = (at: Date) => new Date(at.getTime() + 86_400_000)

async function pay(tx: Transaction, settling: Settling, held: Residue): Promise<ResidueResult> {
  const { word, by, at, barred } = settling
  const { id, book, amount } = held
  const serial = 'serial' in word ? word.serial : held.serial
  if (barred && held.state === 'unbooked') return 'known'
  const state = barred ? 'unbooked' : 'paid'
  await tx.sql`
    update settlement.residue set state = ${state}, serial = ${serial}, differs = null, reason = null,
      ask_at = ${tomorrow(at)}, ended_at = ${barred ? null : at}::timestamptz
    where id = ${id}`
  if (barred) return 'unbooked'
  await recordResidue(tx.sql, id, { step: 'pay', by, at })
  const why = { event: 'residue_paid', subject: id, amount }
  tx.append(
    book,
    { kind: 'settle', id: transferId(id, 'send'), pend: holdOf(id), ...why },
    { kind: 'post', id: transferId(id, 'pay'), debit: transitOut, credit: custody, ...why },
  )
  return 'taken'
}

async function bounce(tx: Transaction, settling: Settling, held: Residue): Promise<ResidueResult> {
  const { word, by, at, barred } = settling
  const { id, book, part, amount } = held
  if (barred && held.state === 'returning') return 'known'
  const serial = 'serial' in word ? word.serial : held.serial
  const said = word.state === 'bounced' ? word.reason : (held.reason ?? 'closed_by_bank')
  const reason = said.slice(0, 500)
  await tx.sql`
    update settlement.residue set state = ${barred ? 'returning' : 'bounced'}, reason = ${reason},
      serial = ${serial}, differs = null, ask_at = ${tomorrow(at)}, ended_at = ${at}
    where id = ${id}`
  // The bank has it back all the same; the money stays pended, or out of the books, until the purse can take it.
  if (barred) return 'taken'
  const paid = await tx.sql`
    select from settlement.residue_step where residue = ${id} and name = 'pay'`
  await recordResidue(tx.sql, id, { step: 'bounce', by, at, reason })
  await freeSource(tx, part, amount.minor)
  const why = { id: transferId(id, 'bounce'), event: 'residue_bounced', subject: id }
  if (paid.length)
    tx.append(book, { kind: 'post', debit: custody, credit: purseOf(held), amount, ...why })
  else tx.append(book, { kind: 'void', pend: holdOf(id), ...why })
  return 'taken'
}

/** What the bank has done and the books could not take: tried again. Answers how many went. */
export async function bookResidues(
  books: Books,
  hear: (heard: ResidueHearing) => Promise<ResidueResult>,
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
