/**
 * Approved residues go to the bank, each under its own id for its whole life, which the bank pays once. As payouts do
 * (payouts.ts): what is unknown is asked for, never paid again; after a "no" the bank first closes the reference.
 */
import type { Books } from '@bursar/kernel'
import type { Bank } from './bank.ts'
import { orBarred, seconds, type Result } from './hearing.ts'
import { bookResidues, settleResidue, type ResidueHearing } from './residueAnswers.ts'
import { findResidue, purseOf, type ResidueId } from './residues.ts'

type Run = Readonly<{ limit?: number; at?: Date }>
type Due = Readonly<{ id: ResidueId; attempt: number; at: Date }>

/** Much longer than a call may take: within it, nobody else asks. */
const lease = 60
/** A bounce can come days after the payment; a notice of it can be lost. */
const watchedFor = 3 * 86_400

const hear = (books: Books, heard: ResidueHearing): Promise<Result> =>
  orBarred(barred => books.write(tx => settleResidue(tx, { ...heard, barred })))

/** Sends what is approved, asks about what is unknown, books what waited. Answers how many became definite. */
export async function payResidues(
  books: Books,
  bank: Bank,
  { limit = 20, at = new Date() }: Run = {},
): Promise<number> {
  const due = await books.sql<Omit<Due, 'at'>>`
    update settlement.residue set attempt = attempt + 1, ask_at = ${seconds(lease, at)},
      gateway = ${bank.gateway}
    where id in (
      select r.id from settlement.residue r join custody.pool p on p.book = r.book
      where r.ask_at <= ${at} and coalesce(r.gateway, ${bank.gateway}) = ${bank.gateway}
        and coalesce(p.account, ${bank.account}) = ${bank.account}
      order by r.ask_at limit ${limit} for update of r skip locked)
    returning id, attempt`
  const answers = await Promise.all(due.map(one => ask(books, bank, { ...one, at })))
  const booked = await bookResidues(books, heard => hear(books, heard), { at })
  return answers.filter(Boolean).length + booked
}

async function ask(books: Books, bank: Bank, due: Due): Promise<boolean> {
  const { id, attempt, at } = due
  const held = (await findResidue(books.sql, id))!
  if (held.state === 'closing') return await close(books, bank, due)
  // Before the first attempt the bank was never spoken to.
  const said = attempt === 1 ? 'none' : await bank.query(id)
  const told = held.endedAt !== null || held.state === 'unbooked'
  if (said === 'none' && !told && !held.differs) {
    await instruct(books, bank, due)
    return false
  }
  if (said !== 'unknown') {
    const word = said === 'none' ? ({ state: said } as const) : said
    const result = await hear(books, { residue: id, attempt, word, by: bank.gateway, at })
    if (result === 'taken' || result === 'unbooked') return true
  }
  if (told) await watch(books, due, held.endedAt)
  else await later(books, due)
  return false
}

/** One instruction, always under the same reference. A "no" ends nothing: an earlier one may still be on its way. */
async function instruct(books: Books, bank: Bank, due: Due): Promise<void> {
  const { id, attempt } = due
  const held = (await findResidue(books.sql, id))!
  const { amount, payee } = held
  // An authority's order came while it waited: what may not leave the purse is not paid out of it.
  const side = await books.balance(held.book, purseOf(held))
  if (side?.state === 'no_debits' || side?.state === 'sealed') return await later(books, due)
  const answer = await bank.pay({ payout: id, amount, payee, remark: id })
  if (answer === 'unknown') return await later(books, due)
  if (answer === 'accepted') return await later(books, due, 'accepted')
  const closing = await books.sql`
    update settlement.residue set state = 'closing', reason = ${answer.refused.slice(0, 500)}
    where id = ${id} and attempt = ${attempt} and state in ('sending', 'accepted') returning id`
  if (closing.length) await close(books, bank, due)
}

/** The bank is to refuse the reference from now on. Until it says so, nothing is given up and nothing sent. */
async function close(books: Books, bank: Bank, due: Due): Promise<boolean> {
  const { id: residue, attempt, at } = due
  const word = await bank.close(residue)
  if (typeof word === 'object') {
    const result = await hear(books, { residue, attempt, word, by: bank.gateway, at })
    if (result === 'taken' || result === 'unbooked') return true
    await later(books, due)
  } else await later(books, due, word === 'accepted' ? word : null)
  return false
}

/** Asked again after 5 s, then 10, 20 … up to ten minutes; unless a notice comes first. */
async function later(
  books: Books,
  { id, attempt, at }: Due,
  state: 'accepted' | null = null,
): Promise<void> {
  const pause = Math.min(600, 5 * 2 ** Math.min(attempt - 1, 8))
  await books.sql`
    update settlement.residue
    set state = coalesce(${state}::text, state), ask_at = ${seconds(pause, at)}
    where id = ${id} and attempt = ${attempt} and state in ('sending', 'closing', 'accepted')`
}

/** One that has ended is asked about once a day for three days; with a difference, until that ends. */
async function watch(books: Books, { id, attempt, at }: Due, endedAt: Date | null): Promise<void> {
  const over = endedAt !== null && seconds(watchedFor, endedAt) <= at
  await books.sql`
    update settlement.residue set ask_at = case
      when ${over} and state <> 'returning' and not exists (
        select from settlement.break where residue = ${id} and ended_at is null) then null
      else ${seconds(86_400, at)}::timestamptz end
    where id = ${id} and attempt = ${attempt} and state in ('unbooked', 'paid', 'returning', 'bounced')`
}
