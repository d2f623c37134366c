/**
 * Breaks: where the bank's word on a payout, or a residue, and the books differ. Each stands until they agree.
 *
 *   unbooked       the bank has paid, and the books have not the custody to show for it yet
 *   wrong_amount   the bank speaks of another sum than was approved
 *   wrong_state    the bank has paid what was given up, or denies what it said it had paid
 *
 * A break moves no money. It ends by itself when the bank, told or asked again, says what the books say.
 */
import type { Books, MerchantId, Transaction } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { Outcome } from './bank.ts'
import type { ResidueId } from './residues.ts'
import type { PayoutId, RequestId } from './steps.ts'

export type BreakKind = 'unbooked' | 'wrong_amount' | 'wrong_state'
/** What the bank says of a payout; `none`: that it knows of none. */
export type Word = Outcome | Readonly<{ state: 'none' }>
export type Break = Readonly<{
  /** One of them, with its request or its guest. */
  payout: PayoutId | null
  residue: ResidueId | null
  kind: BreakKind
  request: RequestId | null
  holder: string | null
  merchant: MerchantId
  merchantName: string
  /** What was approved. */
  amount: Money
  said: Word['state']
  /** The sum of which the bank speaks, and its own number of the payment. */
  saidAmount: Money | null
  serial: string | null
  foundAt: Date
  endedAt: Date | null
}>
export type BreakFilter = Readonly<{
  /** Only of these pools, by their books. */
  within?: readonly number[]
  state?: 'open' | 'ended'
  request?: RequestId
  merchant?: MerchantId
  q?: string
  cursor?: string
  limit?: number
}>

type Found = Readonly<{ about: PayoutId | ResidueId; kind: BreakKind; word: Word; at: Date }>

/** Opens a break, or an ended one again. One that is open keeps the time at which it was found. */
export async function differ(tx: Transaction, { about, kind, word, at }: Found): Promise<void> {
  const { minor, currency } = 'amount' in word ? word.amount : { minor: null, currency: null }
  const serial = 'serial' in word ? word.serial : null
  const [payout, residue] = isResidue(about) ? [null, about] : [about, null]
  await tx.sql`
    insert into settlement.break as known (payout, residue, kind, said, minor, currency, serial, found_at)
    values (${payout}, ${residue}, ${kind}, ${word.state}, ${minor}, ${currency}, ${serial}, ${at})
    on conflict (about, kind) do update
    set said = excluded.said, minor = excluded.minor, currency = excluded.currency,
      serial = excluded.serial, ended_at = null,
      found_at = case when known.ended_at is null then known.found_at else excluded.found_at end`
}

/** The bank and the books say the same. */
export async function agree(tx: Transaction, about: PayoutId | ResidueId, at: Date): Promise<void> {
  await tx.sql`
    update settlement.break set ended_at = ${at} where about = ${about} and ended_at is null`
}

export const isResidue = (reference: string): reference is ResidueId => reference.startsWith('rsd_')

type Row = Omit<Break, 'amount' | 'saidAmount'> &
  Money &
  Readonly<{ saidMinor: bigint | null; saidCurrency: string | null }>

/** Newest first. Words are looked for in the merchant's name, and in the ids and the serial from their beginning. */
export async function listBreaks(
  books: Books,
  filter: BreakFilter,
): Promise<Readonly<{ rows: Break[]; next?: string }>> {
  const { limit = 50, state, request, merchant } = filter
  const [time, about, kind] = filter.cursor?.split('.') ?? [null, null, null]
  const since = time && new Date(Number(time))
  const words = (filter.q ?? '').trim().replace(/[\\%_]/g, letter => `\\${letter}`)
  const within = filter.within ?? null
  const found = await books.sql<Row>`
    select b.payout, b.residue, b.kind, r.id as request, d.holder, m.id as merchant, m.name as "merchantName",
      coalesce(r.minor, d.minor) as minor, coalesce(r.currency, d.currency) as currency,
      b.said, b.minor as "saidMinor", b.currency as "saidCurrency", b.serial,
      b.found_at as "foundAt", b.ended_at as "endedAt"
    from settlement.break b
    left join settlement.payout p on p.id = b.payout
    left join settlement.request r on r.id = p.request
    left join settlement.residue d on d.id = b.residue
    left join custody.purse u on u.id = d.purse
    join parties.merchant m on m.id = coalesce(r.merchant, u.merchant)
    where (${within}::int[] is null or coalesce(r.book, d.book) = any(${within}::int[]))
      and (${state ?? null}::text is null or (b.ended_at is null) = (${state ?? null} = 'open'))
      and (${request ?? null}::text is null or r.id = ${request ?? null})
      and (${merchant ?? null}::text is null or m.id = ${merchant ?? null})
      and (${since}::timestamptz is null
        or (b.found_at, b.about, b.kind) < (${since}::timestamptz, ${about}, ${kind}))
      and (${words} = '' or m.name ilike ${`%${words}%`} or d.holder ilike ${`%${words}%`}
        or r.id like ${`${words}%`} or b.about like ${`${words}%`} or b.serial like ${`${words}%`})
    order by b.found_at desc, b.about desc, b.kind desc limit ${limit + 1}`
  const rows = found.slice(0, limit).map(listed)
  return found.length > limit ? { rows, next: placeOf(rows.at(-1)!) } : { rows }
}

const placeOf = ({ foundAt, payout, residue, kind }: Break): string =>
  `${foundAt.getTime()}.${payout ?? residue}.${kind}`

function listed({ minor, currency, saidMinor, saidCurrency, ...row }: Row): Break {
  const saidAmount = saidMinor === null ? null : { minor: saidMinor, currency: saidCurrency! }
  return { ...row, amount: { minor, currency }, saidAmount }
}

export type OpenBreaks = Readonly<{ kind: BreakKind; count: number; oldest: Date | null }>

/** How many of each kind are open, and since when: for the log and for metrics. */
export async function openBreaks(books: Books): Promise<OpenBreaks[]> {
  const rows = await books.sql<{ kind: BreakKind; count: bigint; oldest: Date | null }>`
    select k.kind, count(b.about) as count, min(b.found_at) as oldest
    from unnest(array['unbooked', 'wrong_amount', 'wrong_state']) as k(kind)
    left join settlement.break b on b.kind = k.kind and b.ended_at is null
    group by k.kind order by k.kind`
  return rows.map(row => ({ ...row, count: Number(row.count) }))
}
