/** A counter at a shop, with its owner's screen, and something that was told there. */
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { actions, fields, makeTerminal, putCounter, rehearse } from '@bursar/notices'
import type { House, Shop } from './house.testing.ts'

export async function openCounter({ books }: House, { id: merchant, owner }: Shop) {
  const counter = newId('ctr')
  const settings = { threshold: 'A', patience: 60, lateSpoken: true, open: true } as const
  const none = { outlet: null, large: null, quiet: null }
  await putCounter(books, { ...settings, ...none, id: counter, merchant, name: '前台' })
  const terminal = newId('trm')
  const unlimited = { from: null, to: null, outlets: null, tills: null, hours: null, until: null }
  await makeTerminal(books, {
    ...{ id: terminal, merchant, kind: 'main', name: '前台屏幕', by: owner.id },
    ...{ ways: ['text', 'voice'], language: 'zh-CN', zone: null, speaks: true },
    permission: { fields, actions, ...unlimited },
  })
  const { notice } = await rehearse(books, { merchant, counter, amount: cny('38.00') })
  return { terminal, notice }
}
