/** A merchant that confirms each spend says yes or no to it, once, within three minutes. */
import { Refusal, transferId, type Books, type PersonId, type Transaction } from '@bursar/kernel'
import { readSpend, type Receipt, type SpendId } from './receipts.ts'
import type { Refused } from './refused.ts'

export type Answer = Readonly<{ spend: SpendId; by: PersonId; step: 'accept' | 'decline' }>
type Row = Readonly<{ book: number; state: string; expiresAt: Date | null }>

/** The whole of it: what ends the wait, and how. */
const steps = {
  accept: { to: 'done', kind: 'settle' },
  decline: { to: 'declined', kind: 'void' },
} as const

export async function answerSpend(books: Books, { spend, by, step }: Answer): Promise<Receipt> {
  const { to, kind } = steps[step]
  await books
    .write(async tx => {
      const { book, state, expiresAt } = await held(tx, spend)
      if (state === to && expiresAt !== null) return
      if (state !== 'waiting')
        throw new Refusal<Refused>('spend_already_answered', { spend, state })
      await tx.sql`
      update custody.spend set state = ${to}, answered_by = ${by}, answered_at = now()
      where book = ${book} and id = ${spend}`
      // The book knows whether the three minutes have passed: then it answers `pend_ended`.
      const pend = transferId(spend, 'spend')
      tx.append(book, {
        kind,
        id: transferId(spend, step),
        event: `spend_${to}`,
        subject: spend,
        pend,
      })
    })
    .catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'pend_ended')
        throw new Refusal<Refused>('spend_already_answered', { spend, state: 'expired' })
      throw error
    })
  return readSpend(books, spend)
}

async function held(tx: Transaction, spend: SpendId): Promise<Row> {
  const [row] = await tx.sql<Row>`
    select s.book, s.state, s.expires_at as "expiresAt"
    from custody.pool p join custody.spend s on s.book = p.book
    where s.id = ${spend} for update of s`
  if (!row) throw new Refusal<Refused>('no_such_spend', { spend })
  return row
}
