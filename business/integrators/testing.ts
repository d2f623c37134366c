/** A merchant with an endpoint, and a member with money, in a database of the test file's own. */
import { useTown } from '@bursar/custody/testing'
import { newId, type MerchantId, type PersonId, type PurseId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { spend } from '@bursar/custody'
import { eventTypes, type EventType } from './bodies.ts'
import type { Courier } from './courier.ts'
import { makeEndpoint } from './endpoints.ts'
import { createOrder, type OrderAsk } from './orders.ts'
import { openVault } from './secrets.ts'

export const vault = openVault(Buffer.alloc(32, 7))
/** Takes every address, and carries nothing. */
const nobody: Courier = { takes: () => true, send: async () => ({ error: 'not_reached' }) }

type Shop = { merchant: MerchantId; person: PersonId; purse: PurseId }

export function useShop() {
  const town = useTown()

  async function shop(yuan = '100.00', more: { confirms?: boolean } = {}): Promise<Shop> {
    const merchant = await town.merchant(more)
    return { merchant, ...(await town.member(merchant, yuan)) }
  }
  const listen = async (
    merchant: MerchantId,
    url = 'http://127.0.0.1:9/',
    events: readonly EventType[] = eventTypes,
  ) => {
    const ask = { merchant, url, events, by: await town.person() }
    return makeEndpoint(town.books, { courier: nobody, vault }, ask)
  }
  const order = (merchant: MerchantId, more: Partial<OrderAsk> = {}) =>
    createOrder(town.books, {
      ...{ id: newId('ord'), merchant, amount: cny('12.00'), by: newId('key'), minutes: 60 },
      ...{ subject: '龙井一壶', reference: 'A-1', ...more },
    })
  const pay = ({ merchant, person: by, purse }: Shop, yuan: string, more = {}) =>
    spend(town.books, { id: newId('spd'), merchant, purse, by, amount: cny(yuan), ...more })
  return { town, shop, listen, order, pay }
}
