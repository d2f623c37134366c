/** What would go back where, before it is asked of custody: newest top-up first, never what a tab holds. */
import { directoryOf, type Wallet } from '@bursar/custody'
import { Refusal, type Books, type Id, type PurseId } from '@bursar/kernel'
import type { Money } from '@bursar/money'

export type RefundPart = Readonly<{
  topUp: Id<'top'>
  number: string
  toppedUpAt: Date
  toppedUp: Money
  amount: Money
}>
export type Preview = Readonly<{
  amount: Money
  most: Money
  /** By open tabs, and by whatever else is pended. */
  held: Money
  /** In the purse, but nothing that a platform pays back stands behind it. */
  residue: Money
  parts: readonly RefundPart[]
}>
type Row = Readonly<{
  topUp: Id<'top'>
  number: string
  toppedUpAt: Date
  minor: bigint
  left: bigint
}>

type Limits = Pick<Wallet, 'gateway' | 'refundable'>

/** The same order and the same limits as custody's withdrawal has. */
export async function previewRefund(
  books: Books,
  { purse, wallets, amount }: { purse: PurseId; wallets: readonly Limits[]; amount?: Money },
): Promise<Preview> {
  const { book, currency } = await directoryOf(books).purse(purse)
  const gateways = wallets.map(({ gateway }) => gateway)
  const days = wallets.map(({ refundable }) => refundable.days)
  const times = wallets.map(({ refundable }) => refundable.times ?? null)
  const rows = await books.sql<Row>`
    select t.id as "topUp", cashier.number_of(d.kind, d.day, d.number) as number,
      t.created_at as "toppedUpAt", t.minor, t.minor - t.returned as left
    from custody.top_up t
    join cashier.docket d on d.subject = t.id
    join unnest(${gateways}::text[], ${days}::int[], ${times}::int[])
      as route (gateway, days, times) on route.gateway = t.gateway
    where t.purse = ${purse} and t.state = 'credited' and t.returned < t.minor
      and t.ended_at > now() - make_interval(days => route.days)
      and (route.times is null or route.times >
        (select count(*) from custody.part p where p.top_up = t.id and p.state <> 'returned'))
    order by t.created_at desc, t.id desc limit 1000`
  const side = await books.balance(book, `purse/${purse}`)
  const [posted, out] = [side?.posted ?? 0n, side?.out ?? 0n]
  const available = posted - out
  const came = rows.reduce((sum, { left }) => sum + left, 0n)
  const most = came < available ? came : available
  const wanted = amount?.minor ?? most
  const money = (minor: bigint): Money => ({ minor, currency })
  if (wanted > most) throw new Refusal('source_short', { amount: money(wanted), most: money(most) })
  return {
    ...{ amount: money(wanted), most: money(most), held: money(out) },
    residue: money(available - most),
    parts: partsOf(rows, wanted, money),
  }
}

function partsOf(
  rows: readonly Row[],
  wanted: bigint,
  money: (minor: bigint) => Money,
): RefundPart[] {
  const parts: RefundPart[] = []
  let rest = wanted
  for (const { topUp, number, toppedUpAt, minor, left } of rows) {
    if (rest === 0n) break
    const some = left < rest ? left : rest
    rest -= some
    parts.push({ topUp, number, toppedUpAt, toppedUp: money(minor), amount: money(some) })
  }
  return parts
}
