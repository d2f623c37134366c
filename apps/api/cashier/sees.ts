/** Whose a tab, an order or a docket is: the guest's, and the merchant's people's. */
import * as cashier from '@bursar/cashier'
import type { Role } from '@bursar/contract'
import type { Books, MerchantId, PersonId } from '@bursar/kernel'
import type { Sees } from '../bind.ts'
import { found, sitsOver } from '../guards.ts'

type Parties = Readonly<{ merchant: MerchantId; person: PersonId }>

/** The guest where the route is a consumer's, and whoever of its roles sits at or over the merchant. */
const seen =
  (
    books: Books,
    by: readonly Role[],
    of: (params: Readonly<Record<string, string>>) => Promise<Parties>,
  ): Sees =>
  async ({ params, actor }) => {
    if (!actor) return false
    const parties = await found(of(params))
    if (!parties) return false
    if (by.includes('consumer') && parties.person === actor.person) return true
    return await sitsOver(books, actor, parties.merchant, by)
  }

export const partyToTab = (books: Books, by: readonly Role[]): Sees =>
  seen(books, by, ({ tab }) => cashier.findTab(books.sql, tab as cashier.TabId))

export const partyToOrder = (books: Books, by: readonly Role[]): Sees =>
  seen(books, by, ({ order }) => cashier.tabOf(books.sql, order as cashier.OrderId))

export const partyToDocket = (books: Books, by: readonly Role[]): Sees =>
  seen(books, by, ({ docket }) => cashier.readDocket(books, docket!))
