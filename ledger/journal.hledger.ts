/**
 * A book as hledger reads it (checked with `hledger check --strict`):
 *
 *   account member:ann
 *   2026-11-20 (8) rent  ; at:2026-11-20T08:00:07.000Z, id:…, subject:lease_7
 *       member:ann       CNY 38.00 = CNY -62.00
 *       owner:bo         CNY -38.00 = CNY -138.00
 *
 * What moves money is a transaction, under its place in the book; everything else is a line of comment in
 * its place. hledger counts debits as positive and we count credits so: every balance there is ours turned
 * round. In names, / becomes :, which no name of ours has. In words of the caller's, what hledger would
 * read as its own (% ; , and line ends) is written as %3B is in an address.
 */
import { format, money } from '@bursar/money'
import { barredOf } from './bars.ts'
import type { Head, Told, ToldSide } from './journal.entries.ts'

export function journalOf({ book, currency, seq, head, opening }: Head) {
  const sum = (minor: bigint) => `${currency} ${format(money(minor, currency))}`
  const places = format(money(0n, currency)).slice(2)
  const begin = [
    `; Book ${book}, ${seq} entries, head ${head}`,
    '; Debits are positive: each balance is the book’s own, turned round.',
    'decimal-mark .',
    `commodity ${currency} 1000.${places}`,
    '',
    opening ? begun(opening, sum) : '',
  ].join('\n')
  return { begin, each: (entry: Told) => lines(entry, sum) }
}

type Sum = (minor: bigint) => string

/** An archived book begins with what its accounts were then, in one transaction: everything adds up to nothing. */
function begun({ seq, at, sides }: NonNullable<Head['opening']>, sum: Sum): string {
  const postings = sides
    .filter(({ posted }) => posted !== 0n)
    .map(side => `    ${nameOf(side)}  ${sum(-side.posted)} = ${sum(-side.posted)}`)
  return [
    ...sides.map(side => `account ${nameOf(side)}`),
    `${at.slice(0, 10)} (${seq}) opening balances  ; what is before lies in the archive`,
    ...postings,
    '',
    '',
  ].join('\n')
}

function lines(entry: Told, sum: Sum): string {
  const { seq, kind, debit, credit, minor } = entry
  if ((kind === 'post' || kind === 'settle') && debit && credit && minor !== null)
    return (
      `${entry.at.slice(0, 10)} (${seq}) ${safe(entry.event)}  ; ${tags(entry)}\n` +
      `    ${posting(debit, minor, sum)}\n    ${posting(credit, -minor, sum)}\n\n`
    )
  const opens = kind === 'open' && debit ? `account ${nameOf(debit)}\n` : ''
  const barred = entry.bars !== null && words(entry.bars, sum)
  const what = [kind, safe(entry.event), minor !== null && sum(minor), barred, between(entry)]
  return `${opens}; (${seq}) ${what.filter(Boolean).join(' ')}, ${tags(entry)}\n\n`
}

function words(bars: bigint, sum: Sum): string {
  const barred = barredOf(bars, '')
  return typeof barred === 'string' ? barred : sum(barred.minor)
}

const nameOf = ({ account }: ToldSide) => account.replaceAll('/', ':')
const posting = (side: ToldSide, minor: bigint, sum: Sum) =>
  `${nameOf(side)}  ${sum(minor)} = ${sum(-side.posted)}`
const between = ({ debit, credit }: Told) =>
  [debit, credit].flatMap(side => (side ? [nameOf(side)] : [])).join(' → ')

function tags({ kind, at, id, subject, pend }: Told): string {
  const all = [`at:${at}`, `id:${id}`]
  if (subject !== null) all.push(`subject:${safe(subject)}`)
  if (kind === 'settle') all.push(`pend:${pend}`)
  if (kind === 'lift' || kind === 'lapse') all.push(`bar:${pend}`)
  return all.join(', ')
}

const safe = (text: string) => text.replaceAll(/[%;,|\p{Cc}\p{Zl}\p{Zp}]/gu, encodeURIComponent)
