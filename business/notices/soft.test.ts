import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { decide } from './decide.ts'
import type { Counter, Evidence } from './words.ts'

const merchant = 'mer_shop'
const noon = new Date('2026-11-30T04:00:00Z')
const counter: Counter = {
  ...{ id: newId('ctr'), merchant, outlet: null, name: '前台', threshold: 'A', patience: 60 },
  ...{ lateSpoken: false, large: null, quiet: null, open: true, zone: 'Asia/Shanghai' },
  openedAt: noon,
}
/** What a phone shows, so many seconds after it happened. */
const shown = (seconds: number, at: Partial<Counter> = {}) => {
  const counters = new Map([[merchant, [{ ...counter, ...at }]]] as const)
  const facts = { places: new Map(), counters, notices: [], named: [], heard: new Map() }
  const word: Evidence = {
    ...{ merchant, source: 'phone', terminal: 'trm_main', id: 'e1', outlet: null, till: null },
    ...{ text: null, app: null, platform: 'alipay', kind: 'payment', orders: ['A1'], payer: null },
    ...{
      amount: cny('20.00'),
      payee: null,
      way: null,
      at: new Date(noon.getTime() - seconds * 1000),
    },
  }
  return decide(facts, [word], noon).prompts.map(one => [one.class, one.loud, one.soft])
}

test('P4-18 P4-29 what is unverified is heard softly; in quiet hours, and late where late ones are only shown, not at all', () => {
  assert.deepEqual(shown(0), [['seen', false, true]])
  assert.deepEqual(shown(0, { quiet: { from: 22 * 60, to: 13 * 60 } }), [['seen', false, false]])
  assert.deepEqual(shown(61), [['seen', false, false]])
  assert.deepEqual(shown(61, { lateSpoken: true }), [['seen', false, true]])
})
