/** A refund that the platform refuses, and what its guest asks to a bank account, without the pages. */
import { withdraw } from '@bursar/custody'
import { newId, type PurseId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { askResidue, listRefused, type ResidueId } from '@bursar/settlement'
import type { House, Who } from './house.testing.ts'

export const account = '6222 0210 0101 2345 671'

/** The next refund is. */
export const refuse = ({ sandbox }: House) =>
  fetch(new URL('/control', sandbox.walletUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ on: 'wallet', fault: 'declined' },
      ...{ call: 'refund.make', code: 'account_closed' },
    }),
  })

export async function refusedOf(house: House, { id: by }: Who, purse: PurseId, yuan: string) {
  await refuse(house)
  const ask = { id: newId('wdr'), purse, amount: cny(yuan), by }
  await withdraw(house.books, [house.wallet], ask)
  return (await listRefused(house.books, purse))[0]!
}

export async function askedOf(house: House, who: Who, purse: PurseId): Promise<ResidueId> {
  const { part, left: amount } = await refusedOf(house, who, purse, '30.00')
  const payee = { bank: '工商银行', account, name: who.name }
  return (
    await askResidue(house.books, { id: newId('rsd'), purse, part, amount, payee, by: who.id })
  ).id
}
