import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connected } from '@bursar/database'
import { newId } from '@bursar/kernel'
import { openPool } from '@bursar/custody'
import { foundInstitution } from '@bursar/parties'
import { observeWork } from './gauges.ts'
import { useApi } from './testing.ts'

const progress = () => ({ state: 'building', done: 0, total: 1 }) as const
const api = useApi(() => ({ demo: { faces: () => [], progress } }))
const locked = useApi(() => ({ metricsToken: 'a token of the watchers' }))

async function pool() {
  const [id, bank, supervisor] = [newId('pol'), newId('ins'), newId('ins')]
  await foundInstitution(api.books, { id: bank, kind: 'bank', name: '银行' })
  await foundInstitution(api.books, { id: supervisor, kind: 'supervisor', name: '监管' })
  await openPool(api.books, { id, book: 1, name: '池', currency: 'CNY', bank, supervisor })
  return id
}

test('the night watch sees whether the pool has what it owes, what waits, and which work fails', async () => {
  const id = await pool()
  await connected(
    api.ownerUrl,
    on => on.sql`
      insert into custody.suspense (id, book, gateway, about, trade_no, source, minor, currency, reason, at)
      values (${newId('sus')}, 1, 'wallet', 'x', 'x', 'x', 100, 'CNY', 'unknown_order', now() - interval '1 hour')`,
  )
  await connected(
    api.ownerUrl,
    on => on.sql`
      insert into reconciliation.break (id, gateway, day, of, kind, order_no, trade_no, currency, there_minor, there_fee,
        there_at, at_stake, found_at)
      values (${newId('brk')}, 'wallet', current_date, 'payment', 'missing_here', 'x', 'x', 'CNY', 1, 0, now(), 1,
        now() - interval '1 hour')`,
  )
  const observe = observeWork(api.app.house.metrics)
  observe('payouts', 'done', 12)
  observe('topUps', 'failed', 12)
  const busy = await api.guest.post('/v1/demo/sessions', { person: newId('per') })
  assert.equal(busy.json().code, 'busy')
  api.app.house.countBusy({ waiting: 20_000 })
  const { body } = await api.guest.get('/metrics')
  const figure = (name: string) => {
    const line = body.split('\n').find(one => one.startsWith(`${name} `))
    return line === undefined ? undefined : Number(line.split(' ')[1])
  }
  assert.equal(figure(`pool_equation_holds{pool="${id}"}`), 1)
  assert.equal(figure(`suspense_open{pool="${id}"}`), 1)
  assert.ok(figure(`suspense_oldest_seconds{pool="${id}"}`)! >= 3600)
  assert.equal(figure('settlement_waiting{state="submitted"}'), 0)
  assert.equal(figure('settlement_breaks{kind="unbooked"}'), 0)
  assert.equal(figure('bill_breaks{kind="missing_here"}'), 1)
  assert.ok(figure('bill_breaks_oldest_seconds{kind="missing_here"}')! >= 3600)
  for (const state of ['waiting', 'failed']) assert.equal(figure(`webhooks{state="${state}"}`), 0)
  assert.equal(figure('work_failures_total{job="topUps"}'), 1)
  assert.equal(figure('work_failures_total{job="payouts"}'), 0)
  assert.ok(figure('work_last_success_seconds{job="payouts"}')! > Date.now() / 1000 - 60)
  assert.equal(figure('work_last_success_seconds{job="topUps"}'), undefined)
  for (const by of ['gatherer', 'other']) assert.equal(figure(`busy_refusals_total{by="${by}"}`), 1)
})

test('without a token the figures are for this machine alone, and not for what a proxy brings', async () => {
  const from = (remoteAddress: string, headers = {}) =>
    api.app.inject({ url: '/metrics', remoteAddress, headers })
  for (const here of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    assert.equal((await from(here)).statusCode, 200, here)
  for (const there of ['10.0.0.8', '192.0.2.1', '2001:db8::1', '::ffff:10.0.0.8'])
    assert.equal((await from(there)).statusCode, 404, there)
  assert.equal((await from('127.0.0.1', { 'x-forwarded-for': '127.0.0.1' })).statusCode, 404)
})

test('with a token whoever brings it is answered, and nobody else, not even this machine', async () => {
  const asked = (authorization?: string) =>
    locked.app.inject({
      url: '/metrics',
      remoteAddress: '192.0.2.1',
      headers: authorization === undefined ? {} : { authorization },
    })
  assert.equal((await asked('Bearer a token of the watchers')).statusCode, 200)
  for (const wrong of [
    undefined,
    'Bearer',
    'Bearer a token of the watcher',
    'a token of the watchers',
  ]) {
    const answer = await asked(wrong)
    assert.deepEqual([answer.statusCode, answer.json().code], [401, 'token_missing'])
    assert.equal(answer.headers['www-authenticate'], 'Bearer')
  }
  assert.equal((await locked.guest.get('/metrics')).statusCode, 401)
})
