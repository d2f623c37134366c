import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cny } from '@bursar/money'
import fc from 'fast-check'
import { viewFor } from './view.ts'
import { actions, fields, type Permission, type Prompt, type Terminal } from './words.ts'

const noon = new Date('2026-11-30T04:00:00Z')
const none: Permission = {
  ...{
    fields,
    actions,
    from: null,
    to: null,
    outlets: null,
    tills: null,
    hours: null,
    until: null,
  },
}
const terminal: Terminal = {
  ...{ id: 'trm_a', merchant: 'mer_a', merchantName: '店', kind: 'sub', name: '小李' },
  ...{
    state: 'authorised',
    person: 'per_a',
    personName: '李',
    permission: none,
    ways: ['text', 'voice'],
  },
  ...{
    language: 'zh-CN',
    clock: 'Asia/Shanghai',
    zone: null,
    speaks: true,
    hearsSms: false,
    mutedUntil: null,
  },
  ...{ since: 0n, acked: 0n, battery: null, seenAt: null, authorisedAt: noon },
  ...{ goneAt: null, program: null, shownAt: null },
}
/** Each value is found in no other field. */
const prompt: Prompt = {
  ...{ merchant: 'mer_a', seq: 5n, notice: 'ntc_a', class: 'contradicted', kind: 'payment' },
  ...{
    amount: cny('71.11'),
    before: cny('72.22'),
    told: noon,
    late: false,
    loud: true,
    soft: false,
    large: true,
  },
  ...{ rehearsal: false, payer: 'PAYER', payee: 'PAYEE', platform: 'PLATFORM', orders: ['ORDER'] },
  ...{
    way: 'WAY',
    at: new Date('2026-11-30T03:33:33Z'),
    outlet: 'out_OUTLET',
    till: 'til_TILL',
    grade: 'A+',
    code: '47',
  },
}
const traces: Readonly<Record<(typeof fields)[number], RegExp>> = {
  amount: /7111|7222|large/,
  payer: /PAYER/,
  payee: /PAYEE/,
  platform: /PLATFORM/,
  order: /ORDER/,
  way: /WAY/,
  time: /03:33:33/,
  outlet: /OUTLET|TILL/,
  grade: /A\+/,
}
const text = (what: unknown) =>
  JSON.stringify(what, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))

test('P4-14 I13 whatever is permitted, nothing else is in what leaves the house', () => {
  fc.assert(
    fc.property(fc.subarray([...fields]), fc.subarray([...actions]), (some, may) => {
      const permission = { ...none, fields: some, actions: may }
      const view = viewFor({ ...terminal, permission }, prompt, noon)
      assert.equal(view !== undefined, may.includes('receive'))
      for (const field of fields)
        assert.equal(
          traces[field].test(text(view) ?? ''),
          view !== undefined && some.includes(field),
        )
    }),
    { numRuns: 500 },
  )
})

test('P4-11 I13 sums, outlets, tills, hours, validity, state and beginning decide who is told at all', () => {
  const sees = (more: Partial<Permission>, its: Partial<Terminal> = {}) =>
    viewFor({ ...terminal, ...its, permission: { ...none, ...more } }, prompt, noon) !== undefined
  assert.ok(sees({ from: cny('71.11'), to: cny('72.22') }))
  assert.ok(!sees({ from: cny('71.12') }))
  assert.ok(!sees({ to: cny('72.00') }), 'neither of two sums')
  assert.ok(!sees({ from: { minor: 1n, currency: 'USD' } }))
  assert.ok(sees({ outlets: ['out_OUTLET'] }) && !sees({ outlets: ['out_b'] }))
  assert.ok(sees({ tills: ['til_TILL'] }) && !sees({ tills: ['til_b'] }))
  assert.ok(sees({ hours: { from: 720, to: 721 } }) && !sees({ hours: { from: 721, to: 720 } }))
  assert.ok(!sees({ until: noon }) && sees({ until: new Date(noon.getTime() + 1) }))
  assert.ok(!sees({}, { state: 'suspended' }) && !sees({}, { since: 5n }))
})

test('P4-11 what names no till is for those who are not limited to tills; a rehearsal rings at all of its outlet’s', () => {
  const told = (its: Partial<Prompt>) => {
    const permission = { ...none, outlets: ['out_OUTLET'], tills: ['til_a'] } as const
    return viewFor({ ...terminal, permission }, { ...prompt, ...its }, noon) !== undefined
  }
  assert.ok(told({ till: 'til_a' }) && !told({ till: null }) && !told({ till: 'til_b' }))
  assert.ok(
    told({ till: null, rehearsal: true }) && told({ outlet: null, till: null, rehearsal: true }),
  )
  assert.ok(!told({ outlet: 'out_b', till: null, rehearsal: true }))
})

test('P4-21 one speaks in a zone, and nobody who is muted', () => {
  const ways = (its: Partial<Terminal>) => viewFor({ ...terminal, ...its }, prompt, noon)!.ways
  assert.deepEqual(ways({ zone: '吧台' }), ['text', 'voice'])
  assert.deepEqual(ways({ zone: '吧台', speaks: false }), ['text'])
  assert.deepEqual(ways({ mutedUntil: new Date(noon.getTime() + 1) }), ['text'])
  assert.deepEqual(ways({ mutedUntil: noon }), ['text', 'voice'])
})

test('P4-21 P4-29 what is not spoken is heard as a tone by whoever would speak, and by nobody else', () => {
  const unverified = { ...prompt, class: 'seen', loud: false, soft: true } as const
  const told = (its: Partial<Terminal>) => {
    const { ways, soft } = viewFor({ ...terminal, ...its }, unverified, noon)!
    return [ways.includes('voice'), soft]
  }
  assert.deepEqual(told({}), [false, true])
  assert.deepEqual(told({ zone: '吧台', speaks: false }), [false, undefined])
  assert.deepEqual(told({ mutedUntil: new Date(noon.getTime() + 1) }), [false, undefined])
  assert.deepEqual(told({ ways: ['text'] }), [false, undefined])
})

test('P4-29 the two figures are told with what was received, and with nothing else', () => {
  const codes = (['seen', 'received', 'contradicted', 'checked'] as const).map(
    said => viewFor(terminal, { ...prompt, class: said }, noon)?.code,
  )
  assert.deepEqual(codes, [undefined, '47', undefined, undefined])
})
