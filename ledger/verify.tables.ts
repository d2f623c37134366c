/** What the database keeps beside the entries, so as not to add them up each time: it must be what they give. */
import type pg from 'pg'
import { micros, stream } from './stream.ts'
import type { BookVerifier } from './verify.book.ts'
import { wrong } from './verify.rules.ts'
import type { Book } from './types.ts'

export async function checkTables(
  on: pg.ClientBase,
  book: Book,
  proof: BookVerifier,
): Promise<void> {
  await checkAccounts(on, book, proof)
  await checkDue(on, book, proof)
}

/** Each opening entry has been given its account's name; here it is seen that there are no others. */
async function checkAccounts(on: pg.ClientBase, book: Book, proof: BookVerifier): Promise<void> {
  await stream(on, `select account from ledger.account where book = ${book}`, cells => {
    const account = cells.int8()!
    proof.check(account, () => {
      if (!proof.accounts.has(account))
        wrong('account', 'ledger.account names what no entry opened')
    })
  })
}

/** The sweeper's list: the open pends that have a time, all of them, and nothing else. */
async function checkDue(on: pg.ClientBase, book: Book, proof: BookVerifier): Promise<void> {
  const due = new Map<bigint, bigint>()
  for (const [seq, { expiresAt }] of proof.pends) if (expiresAt !== null) due.set(seq, expiresAt)
  await stream(on, `select pend, expires_at from ledger.due where book = ${book}`, cells => {
    const pend = cells.int8()!
    const at = micros(cells.int8()!)
    proof.check(pend, () => {
      if (due.get(pend) !== at)
        wrong('due', 'ledger.due has a pend that is not open, or another time')
      due.delete(pend)
    })
  })
  for (const seq of due.keys())
    proof.check(seq, () => wrong('due', 'ledger.due lacks this open pend'))
}
