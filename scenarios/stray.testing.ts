/** Somebody pays straight into the custody account: the bank tells us, and it stands in suspense. */
import { setTimeout as sleep } from 'node:timers/promises'
import { listSuspense } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import type { House } from './house.testing.ts'

export async function strayIn(house: House, yuan = '88.00', name = '成都茶叶行'): Promise<string> {
  const reference = `货款 ${newId('x').slice(-8)}`
  house.sandbox.credit(cny(yuan), { name, account: '6222001234567890' }, reference)
  for (let left = 200; left > 0; left--) {
    const [row] = await listSuspense(house.books, { q: reference })
    if (row) return row.id
    await sleep(50)
  }
  throw new Error('The bank’s notice did not come in ten seconds')
}
