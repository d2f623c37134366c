/**
 * For tests: shops in a pool, members with money in their purses, and the played platform behind them.
 * Its notices come in over HTTP, as in life.
 */
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { admitMerchant, openPool } from '@bursar/custody'
import { walletOverHttp } from '@bursar/gateway-payments'
import { newId, type MerchantId, type PurseId } from '@bursar/kernel'
import { foundInstitution } from '@bursar/parties'
import { makeKeys, startSandbox } from '@bursar/sandbox'
import { origin, useApi, type Client } from '../testing.ts'

const keys = makeKeys()
export const cny = (amount: string) => ({ amount, currency: 'CNY' })
export const wish = () => ({ key: crypto.randomUUID() })
const until = async (done: () => Promise<boolean>) => {
  for (let left = 150; !(await done()); left--) {
    assert.ok(left > 0, 'It did not happen in three seconds.')
    await sleep(20)
  }
}

/** `const shops = await useShops()` at the top of a test file. */
export async function useShops() {
  const sandbox = await startSandbox({ keys, retry: [20, 20, 20] })
  const [ours, theirs] = [{ id: 'operator-1', privateKey: keys.operator.privateKey }, keys.wallet]
  const line = { gateway: 'wallet', account: 'pool', url: sandbox.walletUrl }
  const wallet = walletOverHttp({ ...line, ours, theirs })
  const api = useApi(() => ({ wallets: [wallet] }))
  const [pool, bank, watcher] = [newId('pol'), newId('ins'), newId('ins')]

  before(async () => {
    await api.ready
    const url = await api.app.listen({ port: 0, host: '127.0.0.1' })
    sandbox.notify({ wallet: `${url}/v1/gateways/wallet/notify` })
    await foundInstitution(api.books, { id: bank, kind: 'bank', name: '存管银行' })
    await foundInstitution(api.books, { id: watcher, kind: 'supervisor', name: '市场监管局' })
    const pooled = { id: pool, book: 1, name: '资金池', currency: 'CNY', bank, supervisor: watcher }
    await openPool(api.books, pooled)
  })
  after(() => sandbox.stop())

  async function shop() {
    const { id } = await api.merchant()
    await admitMerchant(api.books, { merchant: id, pool })
    return { id, till: await api.as('staff', { merchant: id }) }
  }

  /** A member, with that much topped up through the platform's own page. */
  async function member(merchant: MerchantId, yuan?: string) {
    const who = await api.as('consumer')
    const joined = await who.put(`/v1/custody/memberships/${merchant}`, {})
    const purse: PurseId = joined.json().id
    if (yuan) {
      const body = { amount: cny(yuan), returnUrl: `${origin}/custody/top-ups` }
      const order = await who.post(`/v1/custody/purses/${purse}/top-ups`, body, wish())
      const { id } = order.json()
      sandbox.pay(id)
      await until(
        async () => (await who.get(`/v1/custody/top-ups/${id}`)).json().state === 'credited',
      )
    }
    return { who, purse }
  }
  return { api, pool, watcher, shop, member }
}

export const pay = (
  who: Client,
  purse: string,
  merchant: string,
  yuan: string,
  more = {},
  key = wish(),
) => who.post(`/v1/custody/purses/${purse}/spends`, { merchant, amount: cny(yuan), ...more }, key)

export const left = async (who: Client, purse: string): Promise<string> =>
  (await who.get(`/v1/custody/purses/${purse}`)).json().available.amount
