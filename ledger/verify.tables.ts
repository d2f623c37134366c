/** What the database keeps beside the entries, so as not to add them up each time: it must be what they give. */
import type pg from 'pg'
import { micros, stream } from './stream.ts'
import type { BookVerifier } from './verify.book.ts'
import { milestone, wrong, type Known } from './verify.rules.ts'
import type { Book } from './types.ts'

export async function checkTables(
  on: pg.ClientBase,
  book: Book,
  proof: BookVerifier,
): Promise<void> {
  await checkAccounts(on, book, proof)
  await checkBalances(on, book, proof)
  await checkMilestones(on, book, proof)
  await checkDue(on, book, proof)
}

/** Each opening entry has been given its account's name; here it is seen that there are no others, and none was renamed. */
async function checkAccounts(on: pg.ClientBase, book: Book, proof: BookVerifier): Promise<void> {
  await stream(on, `select account, ref from ledger.account where book = ${book}`, cells => {
    const account = cells.int8()!
    const ref = cells.text()
    proof.check(account, () => {
      const known = proof.accounts.get(account)
      if (!known) wrong('account', 'ledger.account names what no entry opened')
      else if (known.ref !== ref) wrong('account', `is named ${ref}; it was opened as ${known.ref}`)
    })
  })
}

/** The sweeper's list: the open pends and bars that have a time, all of them, and nothing else. */
async function checkDue(on: pg.ClientBase, book: Book, proof: BookVerifier): Promise<void> {
  const due = new Map<bigint, bigint>()
  const bars = [...proof.accounts.values()].flatMap(({ bars: standing }) => [...(standing ?? [])])
  for (const [seq, { expiresAt }] of [...proof.pends, ...bars])
    if (expiresAt !== null) due.set(seq, expiresAt)
  await stream(on, `select pend, expires_at from ledger.due where book = ${book}`, cells => {
    const pend = cells.int8()!
    const at = micros(cells.int8()!)
    proof.check(pend, () => {
      if (due.get(pend) !== at) wrong('due', 'ledger.due has what is not open, or another time')
      due.delete(pend)
    })
  })
  for (const seq of due.keys())
    proof.check(seq, () => wrong('due', 'ledger.due lacks this, which is open'))
}

const columns = ['last', 'entries', 'posted', 'out', 'in', 'floor', 'ceiling', 'state'] as const

/** The present of each account: what its newest entry left. */
async function checkBalances(on: pg.ClientBase, book: Book, proof: BookVerifier): Promise<void> {
  const missing = new Set(proof.accounts.keys())
  const query = `select account, last, nth, posted, out_, in_, floor, ceiling, state::bigint
    from ledger.balance where book = ${book}`
  await stream(on, query, cells => {
    const number = cells.int8()!
    const found = columns.map(() => cells.int8())
    const account = proof.accounts.get(number)
    missing.delete(number)
    proof.check(account?.last ?? number, () => {
      if (!account) return wrong('balance', 'ledger.balance has an account that no entry opened')
      for (const [place, column] of columns.entries())
        if (found[place] !== account[column])
          wrong(`balance.${column}`, differs(account, found[place]!, account[column]))
    })
  })
  for (const number of missing) {
    const { last, ref } = proof.accounts.get(number)!
    proof.check(last, () => wrong('balance', `ledger.balance lacks the account ${ref}`))
  }
}

const differs = ({ ref }: Known, found: bigint | null, should: bigint | null) =>
  `of ${ref} is ${found ?? 'empty'}; its entries give ${should ?? 'nothing'}`

/** Every 64th entry of every account since its opening, if it has one, and nothing else. Which one is wrong is looked up when one is. */
async function checkMilestones(on: pg.ClientBase, book: Book, proof: BookVerifier): Promise<void> {
  const digests = new Map<bigint, string>()
  const query = `select account, seq, nth from ledger.milestone where book = ${book} order by account, seq`
  let [account, nth] = [0n, 0n]
  await stream(on, query, cells => {
    const next = cells.int8()!
    const opened = proof.accounts.get(next)?.opening?.nth ?? 0n
    nth = (next === account ? nth : opened - (opened % 64n)) + 64n
    account = next
    const seq = cells.int8()!
    const right = cells.int8() === nth
    digests.set(account, milestone(digests.get(account) ?? '', right ? seq : -seq))
  })
  for (const [number, { milestones }] of proof.accounts) {
    if ((digests.get(number) ?? '') !== milestones)
      return await nameMilestone(on, book, number, proof)
    digests.delete(number)
  }
  for (const number of digests.keys())
    proof.check(number, () =>
      wrong('milestone', 'ledger.milestone has an account that no entry opened'),
    )
}

async function nameMilestone(on: pg.ClientBase, book: Book, account: bigint, proof: BookVerifier) {
  const kept = new Map<bigint, bigint>()
  const query = `select seq, nth from ledger.milestone where book = ${book} and account = ${account}`
  await stream(on, query, cells => void kept.set(cells.int8()!, cells.int8()!))
  const { ref, opening } = proof.accounts.get(account)!
  let nth = (opening?.nth ?? 1n) - 1n
  const entries = `select seq from ledger.entry
    where book = ${book} and (debit = ${account} or credit = ${account}) and seq >= ${opening?.seq ?? 0n} order by seq`
  await stream(on, entries, cells => {
    const seq = cells.int8()!
    nth++
    const says = kept.get(seq)
    kept.delete(seq)
    proof.check(seq, () => {
      if (says === undefined && nth % 64n === 0n && seq !== opening?.seq)
        wrong('milestone', `ledger.milestone lacks this entry, the ${nth}th of ${ref}`)
      if (says !== undefined && says !== nth)
        wrong('milestone.nth', `of ${ref} is ${says}; its entries give ${nth}`)
    })
  })
  for (const seq of kept.keys())
    proof.check(seq, () =>
      wrong('milestone', `ledger.milestone has this entry, which is none of ${ref}`),
    )
}
