/**
 * A book as CSV (RFC 4180): a line of titles, a line for each entry, every column of it. Amounts have the
 * currency's decimals. A word of the caller's that a spreadsheet would take for a formula gets a ' before it.
 */
import { format, money } from '@bursar/money'
import { barredOf } from './bars.ts'
import type { Head, Told, ToldSide } from './journal.entries.ts'

const sideColumns = ['account', 'posted', 'out', 'in', 'floor', 'ceiling', 'state'] as const
const titles = [
  ...['seq', 'id', 'kind', 'at', 'event', 'subject', 'currency', 'amount', 'pend', 'pended'],
  'expires_at',
  'bars',
  ...sideColumns.map(column => `debit_${column}`),
  ...sideColumns.map(column => `credit_${column}`),
  'hash',
]

export function csvOf({ currency }: Head) {
  const sum = (minor: bigint | null) => (minor === null ? '' : format(money(minor, currency)))
  const side = (held: ToldSide | null) =>
    held
      ? [
          cell(held.account),
          ...[held.posted, held.out, held.in, held.floor, held.ceiling].map(sum),
          held.state,
        ]
      : sideColumns.map(() => '')
  const each = (entry: Told) =>
    `${[
      entry.seq,
      entry.id,
      entry.kind,
      entry.at,
      cell(entry.event),
      cell(entry.subject ?? ''),
      currency,
      sum(entry.minor),
      entry.pend ?? '',
      sum(entry.pended),
      entry.expiresAt ?? '',
      barred(entry.bars, currency),
      ...side(entry.debit),
      ...side(entry.credit),
      entry.hash,
    ].join(',')}\r\n`
  return { begin: `${titles.join(',')}\r\n`, each }
}

function barred(number: bigint | null, currency: string): string {
  const bars = number === null ? '' : barredOf(number, currency)
  return typeof bars === 'string' ? bars : format(bars)
}

function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
