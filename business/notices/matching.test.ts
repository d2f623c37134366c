import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cny } from '@bursar/money'
import { nearest, type Matchable } from './matching.ts'
import type { Evidence } from './words.ts'

const noon = new Date('2026-11-30T04:00:00Z')
const evidence: Evidence = {
  ...{ merchant: 'mer_a', source: 'phone', terminal: 'trm_a', id: 'n-1', text: null, app: null },
  ...{ platform: 'alipay', kind: 'payment', orders: [], amount: cny('5.00'), payer: null },
  ...{ payee: null, way: null, at: noon, outlet: 'out_a', till: 'til_a' },
}
const notice: Matchable = {
  ...{ id: 'ntc_a', kind: 'payment', platform: 'alipay', sum: 500n, currency: 'CNY' },
  ...{ payer: null, outlet: 'out_a', till: null, at: noon, grade: 'A', rehearsal: false },
  ...{ weak: false, voices: [{ source: 'callback', terminal: null, second: 0 }] },
}

test('P4-I3 the same sum at two tills of one outlet is two payments; at no till it may be either', () => {
  const finds = (till: Matchable['till'], its = evidence.till) =>
    nearest({ ...evidence, till: its }, [{ ...notice, till }]) !== undefined
  assert.ok(finds('til_a') && finds(null) && finds('til_b', null))
  assert.ok(!finds('til_b'))
})
