/**
 * A credit that was not meant for us goes back to who paid it, at our asking.
 *
 * A return's number means the same return for ever; together they are never more than the credit.
 */
import type { Money } from '@bursar/money'
import { money, text, type Said } from './wire.ts'
import type { Change, World } from './world.ts'

/** Who pays: the name, and the account that the money comes from. */
export type BankPayer = Readonly<{ name: string; account: string }>
type Credit = Readonly<{ account: string; minor: bigint; currency: string; payer: string }>
type Return = Readonly<{ credit: string; minor: bigint }>
type Desk = Readonly<{
  world: World
  available(account: string): bigint
  move(account: string, change: Money, reference: string, payer: string): Change[]
}>

/** So that a return finds it: the credit is known by its notice. */
export const credited = (
  notice: string,
  account: string,
  { minor, currency }: Money,
  payer: BankPayer,
): Change => ['credit', notice, { account, minor, currency, payer: payer.name } satisfies Credit]

export function giveBack({ world, available, move }: Desk, said: Said): Said {
  const [account, name, number] = [
    text(said, 'account'),
    text(said, 'credit'),
    text(said, 'return'),
  ]
  const amount = money(said, 'amount')
  const known = world.get<Return>('return', number)
  if (known)
    return known.credit === name && known.minor === amount.minor
      ? { state: 'done' }
      : { refused: 'return_number_used' }
  const credit = world.get<Credit>('credit', name)
  if (credit?.account !== account) return { refused: 'no_such_credit' }
  const before = world.all<Return>('return').filter(one => one.credit === name)
  const left = before.reduce((sum, one) => sum - one.minor, credit.minor)
  if (amount.minor <= 0n || amount.minor > left) return { refused: 'more_than_was_paid' }
  if (available(account) < amount.minor) return { refused: 'insufficient_balance' }
  world.put(
    ['return', number, { credit: name, minor: amount.minor } satisfies Return],
    ...move(account, { ...amount, minor: -amount.minor }, number, credit.payer),
  )
  return { state: 'done' }
}

export function returnOf({ world }: Pick<Desk, 'world'>, said: Said): Said {
  const [name, number] = [text(said, 'credit'), text(said, 'return')]
  const known = world.get<Return>('return', number)
  return { state: known?.credit === name ? 'done' : 'none' }
}
