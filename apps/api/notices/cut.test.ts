/** What a staff seat at the counter reads of notices: its terminal's own list, cut here, and no list whole. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Permission } from '@bursar/contract'
import { hearNow, type Evidence, type TerminalId } from '@bursar/notices'
import { addOutlet, addTill } from '@bursar/parties'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { all, at, ok, useCounters } from './counters.testing.ts'

const { api, counter, sub, over } = await useCounters()
type Here = Awaited<ReturnType<typeof counter>>
const wire = (yuan: string) => ({ amount: yuan, currency: 'CNY' })

/** What the owner's phone showed: each value is found in no other field. */
const word = (here: Here, more: Partial<Evidence> = {}): Evidence => ({
  ...{ merchant: here.merchant, source: 'phone', terminal: here.main as TerminalId },
  ...{ id: newId('evd'), outlet: null, till: null, text: 'WORDS', app: null, payee: 'PAYEE' },
  ...{ platform: 'alipay', kind: 'payment', orders: ['ORDER-1'], way: 'WAY', payer: 'PAYER' },
  ...{ amount: cny('71.11'), at: new Date() },
  ...more,
})
const hear = (evidence: Evidence, now = new Date()) => hearNow(api.books, [evidence], now)
/** Told once, and heard once more: by another phone's word, with a payer and a way of its own. */
async function twice(here: Here, more: Partial<Evidence> = {}) {
  await hear(word(here, more))
  await hear(word(here, { payer: 'SECOND', way: 'OTHER', ...more }))
}
type Line = Record<string, unknown> & { filtered: Record<string, unknown>[] }
async function linesFor(here: Here, permission: Permission): Promise<Line[]> {
  const { who, of } = await sub(here, permission)
  return ok(await who.get(`${of}/today`)).rows
}
const without = (field: Permission['fields'][number]): Permission => ({
  ...all,
  fields: all.fields.filter(one => one !== field),
})

test('P4-11 P4-14 a staff seat reads no list of notices whole, and has none as a file', async () => {
  const here = await counter()
  await twice(here)
  const staff = await api.as('staff', { merchant: here.merchant })
  const [{ id }] = ok(await here.owner.get(`${at(here.merchant)}/notices`)).rows
  const lists = ['notices', 'evidence', 'refund-requests', 'nights', 'differences']
  for (const path of [...lists, `notices/${id}`, 'today', 'notices?q=71.11', 'evidence?q=PAYER'])
    for (const accept of ['application/json', 'text/csv']) {
      const answer = await staff.get(`${at(here.merchant)}/${path}`, { headers: { accept } })
      assert.equal(answer.statusCode, 403, path)
      assert.doesNotMatch(answer.body, /PAYER|ORDER|71\.11/)
    }
})

test('P4-14 P4-19 a terminal’s own list has what was filtered, and of neither a field that it may not see', async () => {
  const here = await counter()
  await twice(here)
  const [whole] = await linesFor(here, all)
  const [beside] = whole!.filtered
  assert.deepEqual([whole!['payer'], beside!['payer']], ['PAYER', 'SECOND'])
  assert.deepEqual(beside!['amount'], wire('71.11'))
  const keys = {
    ...{ amount: ['amount'], payer: ['payer'], payee: ['payee'], platform: ['platform'] },
    ...{ order: ['orders'], way: ['way'], time: ['at', 'heardAt'], grade: ['grade'], outlet: [] },
  }
  for (const [field, hidden] of Object.entries(keys)) {
    const [line] = await linesFor(here, without(field as keyof typeof keys))
    for (const one of [line!, ...line!.filtered])
      for (const key of hidden) assert.ok(!(key in one), `${key} without ${field}`)
    for (const key of hidden) assert.ok(key in beside!, key)
  }
  const [bare] = await linesFor(here, { ...all, fields: [] })
  assert.deepEqual(bare!.filtered, [{}], 'that there was one, and no more')
  assert.doesNotMatch(JSON.stringify(whole), /WORDS|老板的手机/, 'what the phone showed stays')
})

test('P4-11 sums, outlets, tills and hours cut what was filtered as they cut what was told', async () => {
  const here = await counter()
  const { merchant } = here
  const [outlet, other, till] = [newId('out'), newId('out'), newId('til')]
  for (const [id, name] of [
    [outlet, '总店'],
    [other, '河畔店'],
  ] as const)
    await addOutlet(api.books, { id, merchant, name, address: '人民路 1 号' })
  await addTill(api.books, { id: till, merchant, outlet, name: '吧台' })
  await twice(here, { outlet, till })
  const seen = async (limits: Partial<Permission>) =>
    (await linesFor(here, { ...all, ...limits })).map(one => one.filtered.length)
  assert.deepEqual(await seen({ from: wire('71.11'), to: wire('71.11') }), [1])
  assert.deepEqual(await seen({ from: wire('71.12') }), [])
  assert.deepEqual(await seen({ to: wire('71.10') }), [])
  assert.deepEqual(await seen({ outlets: [outlet], tills: [till] }), [1])
  assert.deepEqual(await seen({ outlets: [other] }), [])
  const hour = hoursAround(new Date())
  assert.deepEqual(await seen({ hours: hour }), [1])
  const later = new Date(Date.now() + 2 * 3_600_000)
  assert.deepEqual(await seen({ hours: hoursAround(later) }), [])
  await hear(word(here, { outlet, till }), later)
  assert.deepEqual([await seen({}), await seen({ hours: hour })], [[2], [1]])
})

test('P4-11 a word of another sum than its receipt is for whoever may see that sum, too', async () => {
  const here = await counter()
  await twice(here, { amount: cny('20.00') })
  await hear(word(here, { source: 'callback', terminal: null, amount: cny('200.00') }))
  const seen = async (limits: Partial<Permission>) =>
    (await linesFor(here, { ...all, ...limits })).map(one => [one['amount'], one.filtered.length])
  assert.deepEqual(await seen({}), [[wire('200.00'), 1]])
  assert.deepEqual(await seen({ from: wire('100.00') }), [[wire('200.00'), 0]])
})

test('P4-06 P4-13 the list ends with the terminal: suspended, past its time, not allowed, another’s, revoked', async () => {
  const here = await counter()
  await twice(here)
  const { who, of, id } = await sub(here)
  const set = `${at(here.merchant)}/terminals/${id}`
  const list = async () => (await who.get(`${of}/today`)).json().code ?? 'told'
  assert.equal(await list(), 'told')
  ok(await here.owner.post(`${set}/suspend`, {}))
  assert.equal(await list(), 'terminal_is_off')
  ok(await here.owner.post(`${set}/authorise`, {}))
  await over(id)
  assert.equal(await list(), 'terminal_is_off')
  ok(await here.owner.patch(set, { permission: { ...all, actions: ['receive'] } }))
  assert.equal(await list(), 'terminal_may_not')
  ok(await here.owner.patch(set, { permission: all }))
  const staff = await api.as('staff', { merchant: here.merchant })
  assert.equal((await staff.get(`${of}/today`)).statusCode, 404, 'a seat alone opens none')
  for (const sought of ['q=PAYER', 'platform=alipay', 'state=seen'])
    assert.equal((await who.get(`${of}/today?${sought}`)).statusCode, 400, sought)
  ok(await here.owner.post(`${set}/revoke`, {}))
  assert.equal((await who.get(`${of}/today`)).statusCode, 404)
})

/** From five minutes before, for an hour, there. */
function hoursAround(moment: Date) {
  const minute = Math.floor(moment.getTime() / 60_000) + 8 * 60 - 5
  return { from: minute % 1440, to: (minute + 60) % 1440 }
}
