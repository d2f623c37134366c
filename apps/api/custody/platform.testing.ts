/** For tests over a platform's own wire: a pool, a member, and what is asked of either side until it is so. */
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { admitMerchant, listSuspense, openPool, pollTopUps } from '@bursar/custody'
import type { Wallet } from '@bursar/custody/wallet'
import { newId } from '@bursar/kernel'
import { foundInstitution } from '@bursar/parties'
import type { Sandbox } from '@bursar/sandbox'
import type { Client, TestApi } from '../testing.ts'

/** A busy machine's server says for seconds that it has no time: as the real ones do, the platform tells it again for longer. */
export const retry = [20, 20, 20, ...Array.from({ length: 50 }, () => 200)]

export const until = async (done: () => Promise<boolean>) => {
  for (let left = 200; !(await done()); left--) {
    assert.ok(left > 0, 'It did not happen in four seconds.')
    await sleep(20)
  }
}

export function usePlatform(api: TestApi, sandbox: Sandbox, wallet: Wallet) {
  const pool = newId('pol')
  before(async () => {
    await api.ready
    const [bank, supervisor] = [newId('ins'), newId('ins')]
    await foundInstitution(api.books, { id: bank, kind: 'bank', name: '存管银行' })
    await foundInstitution(api.books, { id: supervisor, kind: 'supervisor', name: '市场监管局' })
    const pooled = { id: pool, book: 1, name: '资金池', currency: 'CNY', bank, supervisor }
    await openPool(api.books, pooled)
  })
  after(() => sandbox.stop())

  const control = (wish: object) =>
    fetch(`${sandbox.url}/control`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(wish),
    })
  async function member() {
    const { id } = await api.merchant()
    await admitMerchant(api.books, { merchant: id, pool })
    const who = await api.as('consumer')
    const { id: purse } = (await who.put(`/v1/custody/memberships/${id}`, {})).json()
    return { who, purse: purse as string }
  }
  const state = async (who: Client, id: string) =>
    (await who.get(`/v1/custody/top-ups/${id}`)).json().state
  const credited = (who: Client, id: string) =>
    until(async () => (await state(who, id)) === 'credited')
  /** As the worker does it: what has no answer is asked about again. */
  const polled = (who: Client, id: string, wanted: string, now = new Date()) =>
    until(async () => {
      await pollTopUps(api.books, wallet, { olderThanMs: 0, now })
      return (await state(who, id)) === wanted
    })
  const suspended = async (id: string) =>
    (await listSuspense(api.books, {})).find(({ about }) => about === id)
  return { control, member, state, credited, polled, suspended }
}
