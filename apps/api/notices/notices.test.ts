/** Notices over a real connection: who is told what, when, and that nobody else is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Permission, PromptView } from '@bursar/contract'
import { money } from '@bursar/money'
import { spoken } from '@bursar/notices/voice'
import { cny } from '../custody/testing.ts'
import type { Client } from '../testing.ts'
import { at, ok, phone, useCounters } from './counters.testing.ts'

const { api, counter, sub, stream } = await useCounters()

test('P4-03 P4-06 P4-I1 a sub comes in by the main’s code, once, and is told of what was paid with the sum', async () => {
  const here = await counter()
  const { who, id, code, of } = await sub(here)
  const other = await api.as('consumer')
  const again = await who.post('/v1/notices/invitations/accept', { code })
  assert.equal(ok(again).id, id)
  const late = await other.post('/v1/notices/invitations/accept', { code })
  assert.equal(late.json().code, 'taken_up_by_another')
  const open = await stream(of, { cookie: who.cookie })
  await here.paid('12.00')
  await open.until(() => open.prompts().length === 2)
  const [topUp, spend] = open.prompts()
  assert.deepEqual([topUp!.way, topUp!.class, topUp!.amount], ['top_up', 'received', cny('12.00')])
  assert.deepEqual([spend!.way, spend!.ways], ['spend', ['text', 'voice', 'vibration']])
  open.close()
  const stranger = await stream(of, { cookie: other.cookie })
  assert.equal(stranger.status, 404)
})

test('P4-I4 who comes again misses nothing and hears nothing twice; a place that is not there yet is not believed', async () => {
  const here = await counter()
  const { who, of } = await sub(here)
  await here.paid('1.00')
  const first = await stream(of, { cookie: who.cookie })
  await first.until(() => first.prompts().length === 2)
  first.close()
  await here.paid('2.00')
  const next = await stream(of, {
    cookie: who.cookie,
    'last-event-id': first.prompts().at(-1)!.seq,
  })
  await next.until(() => next.prompts().length === 2)
  await here.paid('3.00')
  await next.until(() => next.prompts().length === 4)
  const seqs = [...first.prompts(), ...next.prompts()].map(({ seq }) => Number(seq))
  assert.deepEqual(seqs, [1, 2, 3, 4, 5, 6])
  next.close()
  const ahead = await stream(of, { cookie: who.cookie, 'last-event-id': '999999' })
  await here.paid('4.00')
  await ahead.until(() => ahead.prompts().length === 2)
  ahead.close()
})

test('P4-I1 F26 a sub that is suspended or revoked is silent within five seconds, its stream ended', async () => {
  const here = await counter()
  for (const step of ['suspend', 'revoke']) {
    const { who, id, of } = await sub(here)
    const open = await stream(of, { cookie: who.cookie })
    const began = Date.now()
    ok(await here.owner.post(`${at(here.merchant)}/terminals/${id}/${step}`, {}))
    await open.until(open.ended)
    assert.ok(Date.now() - began < 5000)
    assert.match(open.text(), /event: ended\ndata: {"why":"(suspended|revoked)"}/)
    await here.paid('5.00')
    assert.deepEqual(open.prompts(), [])
    const again = await stream(of, { cookie: who.cookie })
    assert.ok([404, 409].includes(again.status!))
  }
})

test('P4-11 P4-14 the server takes away what a sub may not see, also of today’s list', async () => {
  const here = await counter()
  const few: Permission = { fields: ['platform'], actions: ['receive', 'look_up'] }
  const { who, of } = await sub(here, few)
  const open = await stream(of, { cookie: who.cookie })
  await here.paid('77.00')
  await open.until(() => open.prompts().length === 2)
  assert.doesNotMatch(open.text(), /77\.|"amount"|spd_|老茶馆|top_/)
  const list = await who.get(`${of}/today`)
  assert.equal(ok(list).rows.length, 2)
  assert.doesNotMatch(list.body, /77\.|"amount"|spd_|老茶馆|top_/)
  const refused = await who.get(`${of}/totals`)
  assert.deepEqual([refused.statusCode, refused.json().code], [403, 'terminal_may_not'])
  open.close()
})

test('P4-21 P4-14 F27 a terminal hears its prompts from the server: what it may see, what was received, its own alone', async () => {
  const here = await counter()
  await here.paid('12.00')
  const few: Permission = { fields: ['platform'], actions: ['receive'] }
  const [all, deaf] = [await sub(here), await sub(here, few)]
  await here.paid('12.00')
  const hear = (who: Client, of: string, seq: number | string, headers = {}) =>
    who.get(`${of}/prompts/${seq}/audio`, { headers })
  const heard = await hear(all.who, all.of, 4)
  const { headers, rawPayload } = heard
  assert.deepEqual(
    [heard.statusCode, headers['content-type'], headers['cache-control']],
    [200, 'audio/wav', 'private, no-cache'],
  )
  const { rows: told } = ok(await all.who.get(`${all.of}/prompts`))
  const { code } = told[1] as PromptView
  assert.match(code!, /^\d\d$/)
  const said = { kind: 'payment', platform: 'bursar', amount: money(1200n, 'CNY'), code } as const
  assert.ok(rawPayload.equals(spoken(said, 'zh-CN')))
  const again = await hear(all.who, all.of, 4, { 'if-none-match': headers['etag'] })
  assert.deepEqual([again.statusCode, again.rawPayload.length], [304, 0])
  const bare = await hear(deaf.who, deaf.of, 4)
  assert.ok(bare.rawPayload.equals(spoken({ kind: 'payment', platform: 'bursar', code }, 'zh-CN')))
  // What was told before it came, what nobody was told, what is only shown.
  for (const seq of [1, 99]) {
    const none = await hear(all.who, all.of, seq)
    assert.deepEqual([none.statusCode, none.json().code], [404, 'nothing_to_hear'])
  }
  const { rows } = ok(await all.who.get(`${all.of}/today`))
  const lines = rows.map((one: { notice: string; code?: string }) => [one.notice, one.code])
  assert.deepEqual(
    new Map(lines).get(told[1].notice),
    code,
    'its line of the day has the figures that were heard',
  )
  ok(await all.who.post(`${all.of}/notices/${rows[0].notice}/check`, {}))
  assert.equal((await hear(all.who, all.of, 5)).json().code, 'nothing_to_hear')
  assert.equal((await hear(deaf.who, all.of, 4)).statusCode, 404)
  ok(await here.owner.post(`${at(here.merchant)}/terminals/${all.id}/suspend`, {}))
  assert.ok([403, 404, 409].includes((await hear(all.who, all.of, 4)).statusCode))
})

test('P4-04 P4-10 P4-I4 F27 a main tells what its phone saw, again and offline: once, unverified, late', async () => {
  const here = await counter()
  const of = `/v1/notices/terminals/${here.main}`
  const old = new Date(Date.now() - 3_600_000).toISOString()
  const item = { ...phone, at: old, amount: cny('20.00'), payer: '*明' }
  const post = () => api.guest.post(`${of}/evidence`, { items: [item] }, here.agent)
  const [first, again] = [ok(await post()), ok(await post())]
  assert.deepEqual(first, again)
  assert.equal(first.rows[0].outcome, 'new')
  const prompts = ok(await api.guest.get(`${of}/prompts?after=0`, here.agent)).rows as PromptView[]
  assert.deepEqual(
    prompts.map(one => [one.class, one.late, one.ways]),
    [['seen', true, ['text']]],
  )
  const [notice] = ok(await here.owner.get(`${at(here.merchant)}/notices?q=2026113022`)).rows
  assert.deepEqual([notice.state, notice.grade, notice.heard], ['seen', 'C', 1])
  const { who, of: subs } = await sub(here)
  const tries = await who.post(`${subs}/evidence`, { items: [item] })
  assert.equal(tries.json().code, 'only_a_main_hears')
  const wrong = await api.guest.post(
    `${of}/evidence`,
    { items: [item] },
    {
      headers: { 'terminal-secret': `nts_${'a'.repeat(32)}` },
    },
  )
  assert.equal(wrong.statusCode, 404)
})
