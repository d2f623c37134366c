import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type MerchantId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import fc from 'fast-check'
import { decide } from './decide.ts'
import type { Facts } from './known.ts'
import { mayBeSame } from './matching.ts'
import { atLeast, gradeOf, type Counter, type Evidence, type Source } from './words.ts'

const merchant: MerchantId = 'mer_shop'
const noon = new Date('2026-11-30T04:00:00Z')
const counter: Counter = {
  ...{ id: newId('ctr'), merchant, outlet: null, name: '前台', threshold: 'A', patience: 60 },
  ...{ lateSpoken: false, large: cny('100.00'), quiet: null, open: true, zone: 'Asia/Shanghai' },
  openedAt: noon,
}
const factsWith = (more: Partial<Counter> = {}): Facts => ({
  places: new Map([[merchant, 7n]]),
  counters: new Map([[merchant, [{ ...counter, ...more }]]]),
  ...{ notices: [], named: [], heard: new Map() },
})
let ids = 0
const said = (source: Source, more: Partial<Evidence> = {}): Evidence => ({
  ...{ merchant, source, terminal: source === 'phone' ? 'trm_main' : null, id: `e${++ids}` },
  ...{ outlet: null, till: null, text: null, app: null, platform: 'alipay', kind: 'payment' },
  ...{ orders: ['A1'], amount: cny('20.00'), payer: null, payee: null, way: null, at: noon },
  ...more,
})
const told = (evidence: readonly Evidence[], more: Partial<Counter> = {}, now = noon) => {
  const decided = decide(factsWith(more), evidence, now)
  return {
    outcomes: decided.answers.map(one => one?.outcome),
    prompts: decided.prompts.map(({ class: one, minor }) => `${one} ${minor}`),
    decided,
  }
}

type Sounds = Readonly<{ loud: boolean; soft: boolean }>
const soundOf = ({ loud, soft }: Sounds) => (loud ? 'loud' : soft ? 'soft' : 'shown')

test('P4-18 P4-19 of one order the first that is good enough is spoken, and all the others are filtered', () => {
  const { outcomes, prompts } = told([
    ...[said('phone'), said('callback'), said('phone'), said('books'), said('statement')],
  ])
  assert.deepEqual(outcomes, ['new', 'raised', 'filtered', 'filtered', 'filtered'])
  assert.deepEqual(prompts, ['seen 2000', 'received 2000'])
})

test('P4-I3 order ids of two platforms may be the same, and a refund is not swallowed by its payment', () => {
  const { prompts } = told([
    ...[
      said('books'),
      said('books', { platform: 'wechat-pay' }),
      said('books', { kind: 'refund' }),
    ],
  ])
  assert.deepEqual(prompts, Array(3).fill('received 2000'))
})

test('P4-I3 without an order id two equal payments stay two, each matched once, whatever comes first', () => {
  const at = (seconds: number) => new Date(noon.getTime() + seconds * 1000)
  const phones = [0, 5].map(s => said('phone', { orders: [], at: at(s) }))
  const calls = [1, 6].map((s, n) => said('callback', { orders: [`B${n}`], at: at(s) }))
  for (const order of [
    [...phones, ...calls],
    [...calls, ...phones],
    [phones[0]!, ...calls, phones[1]!],
  ]) {
    const { decided, prompts } = told(order)
    assert.equal(decided.made.size, 2)
    assert.equal(prompts.filter(one => one === 'received 2000').length, 2)
    assert.ok([...decided.made].every(one => !one.weak))
  }
})

test('P4-I3 two words of one source are two payments, unless they are the same word of the same second', () => {
  const weak = { orders: [], payer: '王明' }
  const after = { at: new Date(noon.getTime() + 3000) }
  const words = [said('phone', weak), said('phone', { ...weak, ...after }), said('phone', weak)]
  const { outcomes, prompts } = told(words)
  assert.deepEqual(outcomes, ['new', 'new', 'filtered'])
  assert.deepEqual(prompts, ['seen 2000', 'seen 2000'])
})

test('P4-I3 a star in a payer’s name may be any letter; another payer is another payment', () => {
  assert.deepEqual(
    [
      mayBeSame('*明', '王明'),
      mayBeSame('*明', '王红'),
      mayBeSame(null, '王'),
      mayBeSame('王*', '王小明'),
    ],
    [true, false, true, true],
  )
  const weak = { orders: [], amount: cny('5.00') }
  const { decided } = told([
    said('phone', { ...weak, payer: '*明' }),
    said('sms', { ...weak, payer: '王红' }),
  ])
  assert.equal(decided.made.size, 2)
})

test('F27 a fake phone notice is never spoken: the alarm names both sums, and what came is spoken', () => {
  const { outcomes, prompts, decided } = told([
    ...[said('phone', { amount: cny('200.00') }), said('books', { amount: cny('20.00') })],
  ])
  assert.deepEqual(outcomes, ['new', 'contradicts'])
  assert.deepEqual(prompts, ['seen 20000', 'contradicted 2000', 'received 2000'])
  assert.equal(decided.prompts[1]!.before, 20_000n)
  assert.equal(decided.prompts.map(soundOf).join(), 'soft,loud,loud')
  const again = told([
    said('books'),
    ...['1.00', '2.00'].map(yuan => said('phone', { amount: cny(yuan) })),
  ])
  assert.deepEqual(
    again.prompts,
    ['received 2000', 'contradicted 100', 'contradicted 200'],
    'an alarm for each other sum, and the sum stays',
  )
})

test('P4-I4 what is late is told as late, in quiet hours it is shown, a large sum is marked', () => {
  const old = said('books', { at: new Date(noon.getTime() - 61_000) })
  const [late] = told([old]).decided.prompts
  assert.deepEqual([late!.late, late!.loud], [true, false])
  assert.equal(told([old], { lateSpoken: true }).decided.prompts[0]!.loud, true)
  const quiet = { quiet: { from: 22 * 60, to: 13 * 60 } }
  assert.equal(told([said('books')], quiet).decided.prompts[0]!.loud, false)
  const large = told([said('books', { amount: cny('100.00') })]).decided.prompts[0]!
  assert.deepEqual([large.large, large.seq], [true, 8n])
})

test('P4-08 the owner may let an SMS be spoken; a phone’s notification never is', () => {
  assert.deepEqual(told([said('sms')], { threshold: 'B' }).prompts, ['received 2000'])
  assert.deepEqual(told([said('sms')]).prompts, ['seen 2000'])
  assert.deepEqual(told([said('phone')], { threshold: 'B' }).prompts, ['seen 2000'])
})

/** The same rule, said as plainly as can be: what is told of each order, whoever tells of it how often. */
function naive(evidence: readonly Evidence[], threshold: 'A' | 'B'): Map<string, string[]> {
  const orders = new Map<string, string[]>()
  const heard = new Set<string>()
  for (const one of evidence) {
    if (heard.has(`${one.source} ${one.id}`)) continue
    heard.add(`${one.source} ${one.id}`)
    const key = `${one.platform} ${one.kind} ${one.orders[0]}`
    const classes = orders.get(key) ?? []
    orders.set(key, classes)
    const good = atLeast(gradeOf[one.source], threshold)
    if (good && !classes.includes('received')) classes.push('received')
    if (!good && classes.length === 0) classes.push('seen')
  }
  return orders
}

test('P4-18 P4-20 in any order, doubled, dropped, from three sources: as the naive rule says, none twice, none missed', () => {
  const happened = fc.record({
    order: fc.integer({ min: 1, max: 6 }).map(n => `A${n}`),
    source: fc.constantFrom<Source>('phone', 'sms', 'callback', 'books'),
    platform: fc.constantFrom('alipay', 'wechat-pay'),
    kind: fc.constantFrom('payment' as const, 'refund' as const),
    id: fc.integer({ min: 1, max: 3 }),
  })
  fc.assert(
    fc.property(
      fc.array(happened, { maxLength: 40 }),
      fc.constantFrom('A' as const, 'B' as const),
      fc.integer({ min: 1, max: 40 }),
      (all, threshold, cut) => {
        const evidence = all.map(({ order, source, platform, kind, id }) =>
          said(source, {
            ...{ platform, kind, orders: [order] },
            id: `${platform}${kind}${order}${id}`,
          }),
        )
        const decided = decide(factsWith({ threshold }), evidence.slice(0, cut), noon)
        // What was decided is what the rest is decided on.
        const heard = new Map(
          decided.kept.map(({ evidence: one, ...answer }) => [
            JSON.stringify([merchant, one.terminal ?? '', one.source, one.id]),
            answer,
          ]),
        )
        const standing = { notices: [...decided.made], named: decided.orders }
        const facts = { ...factsWith({ threshold }), ...standing, heard }
        const rest = decide(facts, evidence.slice(cut), noon)
        const got = new Map<string, string[]>()
        const orders = new Map(
          [...decided.orders, ...rest.orders].map(one => [one.notice, one.order]),
        )
        const made = new Map([...decided.made, ...rest.made].map(one => [one.id, one]))
        for (const prompt of [...decided.prompts, ...rest.prompts]) {
          const { platform, kind } = made.get(prompt.notice)!
          const key = `${platform} ${kind} ${orders.get(prompt.notice)}`
          got.set(key, [...(got.get(key) ?? []), prompt.class])
        }
        assert.deepEqual(got, naive(evidence, threshold))
      },
    ),
    { numRuns: 300 },
  )
})

test('P4-I3 F27 a rehearsal is about itself alone: what a phone said of it before is not spoken as money', () => {
  const stage = { platform: 'rehearsal', amount: cny('500.00') }
  const { decided } = told([
    said('phone', { ...stage, orders: [] }),
    said('rehearsal', { ...stage, orders: ['rhs_1'] }),
    said('sms', { ...stage, orders: [] }),
  ])
  const rehearsals = [...decided.made].map(one => [one.rehearsal, one.received])
  assert.deepEqual(rehearsals, [
    [false, null],
    [true, 50_000n],
  ])
})

test('P4-I3 the same sum at two outlets is two payments', () => {
  const weak = { orders: [], amount: cny('5.00') }
  const { decided, prompts } = told([
    said('phone', { ...weak, outlet: 'out_a' }),
    said('callback', { ...weak, orders: ['B1'], outlet: 'out_b' }),
  ])
  assert.equal(decided.made.size, 2)
  assert.deepEqual(prompts, ['seen 500', 'received 500'])
  assert.equal([...decided.made][0]!.received, null)
})

test('F27 a line of the bank bears out what came before it raises what nobody has verified', () => {
  const at = (hour: number) => new Date(noon.getTime() + hour * 3_600_000)
  const line = () => said('statement', { orders: [], at: at(0) })
  const fake = said('phone', { orders: [], at: at(1) })
  const real = said('callback', { orders: ['B1'], at: at(8) })
  const { decided, outcomes } = told([fake, real, line()])
  assert.deepEqual(outcomes, ['new', 'new', 'filtered'])
  assert.equal([...decided.made][0]!.received, null)
  assert.deepEqual(told([fake, real, line(), line()]).outcomes.slice(2), ['filtered', 'raised'])
})

test('F27 a fake phone notice of an order that came is an alarm that is shown, and its sum is not spoken', () => {
  const { decided, prompts } = told([said('callback'), said('phone', { amount: cny('500.00') })])
  assert.deepEqual(prompts, ['received 2000', 'contradicted 50000'])
  assert.equal(decided.prompts.map(soundOf).join(), 'loud,soft')
})

test('P4-18 F27 two order ids in one phone’s word do not glue two payments together: both are spoken', () => {
  const { prompts, decided } = told([
    said('phone', { orders: ['A1', 'A2'] }),
    said('books', { orders: ['A1'] }),
    said('books', { orders: ['A2'] }),
    said('phone', { orders: ['A2'] }),
  ])
  assert.deepEqual(prompts, ['seen 2000', 'received 2000', 'received 2000'])
  assert.equal(decided.made.size, 2)
})

test('P4-18 what a phone put under one order id is raised by each source that proves, and spoken once', () => {
  const { prompts, decided } = told([
    said('phone', { orders: ['A1', 'shop-7'] }),
    said('callback', { orders: ['A1'] }),
    said('books', { orders: ['shop-7'] }),
    said('statement', { orders: ['A1'] }),
  ])
  assert.deepEqual(prompts, ['seen 2000', 'received 2000'])
  assert.equal(decided.made.size, 1)
})

test('F27 a wrong currency told by a phone does not silence the money that came: it is spoken, and the phone is belied', () => {
  const { prompts, decided, outcomes } = told([
    said('phone', { amount: { minor: 2000n, currency: 'USD' } }),
    said('books'),
    said('books', { id: 'again' }),
  ])
  assert.deepEqual(outcomes, ['new', 'new', 'filtered'])
  assert.deepEqual(prompts, ['seen 2000', 'received 2000', 'contradicted 2000'])
  const [fake, real] = [...decided.made]
  assert.deepEqual([fake!.currency, fake!.contradicted, fake!.received], ['USD', true, null])
  assert.deepEqual([real!.currency, real!.contradicted, real!.received], ['CNY', false, 2000n])
})

test('F27 each other sum is an alarm of its own, five at the most; the same sum again is none', () => {
  const sums = ['30.00', '40.00', '30.00', '50.00', '60.00', '70.00', '80.00']
  const { prompts } = told([
    said('callback'),
    ...sums.map(sum => said('phone', { amount: cny(sum) })),
  ])
  const alarms = ['3000', '4000', '5000', '6000', '7000'].map(one => `contradicted ${one}`)
  assert.deepEqual(prompts, ['received 2000', ...alarms])
})

test('P4-I3 a main that tells of one sum over and over in one minute is kept, and told to nobody beyond sixty', () => {
  const words = Array.from({ length: 100 }, (_, n) =>
    said('phone', { orders: [], at: new Date(noon.getTime() + n * 500) }),
  )
  const { outcomes, decided } = told(words)
  assert.equal(outcomes.filter(one => one === 'new').length, 60)
  assert.equal(outcomes.filter(one => one === 'filtered').length, 40)
  assert.deepEqual([decided.kept.length, decided.prompts.length], [100, 60])
})
