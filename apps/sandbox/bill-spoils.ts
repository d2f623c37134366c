/**
 * A bill that is wrong in one row, on demand, and sound in everything else: its sums and its hash agree, as a
 * platform's own mistake would. Of either platform; a refund's row is named by the refund's number.
 *
 *   missing   the row is not there        twice   it is there twice      stranger   a payment of nobody's besides
 *   amount    one fen more                fee     one fen more is kept
 */
import type { Change, World } from './world.ts'

const all = ['missing', 'twice', 'amount', 'fee', 'stranger'] as const
type SpoilName = (typeof all)[number]
export type Spoil = Readonly<{ day: string; order: string; spoil: SpoilName }>
/** What of a bill's row can be spoiled. */
export type BillCells = Readonly<{
  order: string
  tradeNo: string
  minor: bigint
  fee: bigint
  refund?: string
}>

export const kept = (one: Spoil): Change => ['spoil', `${one.day}/${one.order}`, one]

/** Whether it was understood. */
export function spoilBill(world: World, day: string, order: string, wished: string): boolean {
  const spoil = all.find(one => one === wished)
  if (!spoil || !day || !order) return false
  world.put(kept({ day, order, spoil }))
  return true
}

/** The rows of a day, each with its cells, as the bill tells them. */
export function* spoiled<Row>(
  world: World,
  day: string,
  rows: Iterable<readonly [Row, BillCells]>,
): Generator<readonly [Row, BillCells]> {
  const wished = world.all<Spoil>('spoil').filter(one => one.day === day)
  let last: readonly [Row, BillCells] | undefined
  for (const one of rows) {
    const [row, cells] = (last = one)
    const name = cells.refund ?? cells.order
    const spoil = wished.find(({ order }) => order === name)?.spoil
    if (spoil === 'missing') continue
    if (spoil === 'twice') yield one
    if (spoil === 'amount') yield [row, { ...cells, minor: cells.minor + 1n }]
    else if (spoil === 'fee') yield [row, { ...cells, fee: cells.fee + 1n }]
    else yield one
  }
  for (const { order, spoil } of wished)
    if (spoil === 'stranger' && last)
      yield [last[0], { ...last[1], order, tradeNo: `stray-${order}` }]
}
