/** At the counter: what terminals may do, and what nobody does with them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PromptView } from '@bursar/contract'
import { newId } from '@bursar/kernel'
import { cny } from '../custody/testing.ts'
import type { Client } from '../testing.ts'
import { all, at, ok, phone, useCounters } from './counters.testing.ts'

const { api, counter, sub, over, stream } = await useCounters()

test('P4-13 P4-I2 P4-24 at the counter: confirm, ask for a refund, mute, total, hand over, leave', async () => {
  const here = await counter()
  const { who, of } = await sub(here)
  await here.paid('30.00')
  const { rows } = ok(await who.get(`${of}/today`))
  const { notice } = rows.find((row: { way: string }) => row.way === 'spend')
  const [checked, again] = [
    ok(await who.post(`${of}/notices/${notice}/check`, {})),
    ok(await who.post(`${of}/notices/${notice}/check`, {})),
  ]
  assert.deepEqual(checked, again)
  const asked = ok(await who.post(`${of}/refund-requests`, { notice, reason: '多收' }), 201)
  const twice = await who.post(`${of}/refund-requests`, { notice, reason: '多收' })
  assert.equal(twice.json().code, 'refund_asked_before')
  const answer = `${at(here.merchant)}/refund-requests/${asked.id}/answer`
  assert.equal(ok(await here.owner.post(answer, { state: 'refused' })).state, 'refused')
  assert.ok(ok(await who.post(`${of}/mute`, { minutes: 5 })).mutedUntil)
  assert.deepEqual(ok(await who.get(`${of}/totals`)).rows, [
    { kind: 'payment', count: 2, sum: cny('60.00') },
  ])
  assert.equal(ok(await who.get(`${of}/last`)).prompt.class, 'received')
  const { code } = ok(await who.post(`${of}/hand-over`, {}), 201)
  const take = (by: Client) => by.post('/v1/notices/invitations/accept', { code })
  assert.equal((await take(await api.as('consumer'))).json().code, 'receiver_has_no_seat')
  const next = await api.as('staff', { merchant: here.merchant })
  assert.equal(ok(await take(next)).person, next.person)
  assert.equal((await who.get(of)).statusCode, 404)
  assert.equal(ok(await next.post(`${of}/leave`, {})).state, 'revoked')
})

test('P4-I5 a rehearsal goes the whole way, is marked, and counts nowhere; the board knows who is silent', async () => {
  const here = await counter()
  const of = `/v1/notices/terminals/${here.main}`
  const rehearsed = ok(await here.owner.post(`${at(here.merchant)}/rehearsals`, {}), 201)
  const ask = { notice: rehearsed.notice, reason: '多收' }
  const asked = await here.owner.post(`${of}/refund-requests`, ask)
  assert.equal(asked.json().code, 'refund_beyond_notice', 'nobody paid it')
  const [prompt] = ok(await api.guest.get(`${of}/prompts?after=0`, here.agent)).rows as PromptView[]
  assert.deepEqual([prompt!.rehearsal, prompt!.class], [true, 'received'])
  assert.deepEqual(ok(await here.owner.get(`${at(here.merchant)}/today`)).rows, [])
  assert.deepEqual(ok(await here.owner.get(`${at(here.merchant)}/notices`)).rows, [])
  const board = async () => ok(await here.owner.get(`${at(here.merchant)}/health`))
  const codes = async () => (await board()).alarms.map((one: { code: string }) => one.code)
  assert.ok((await codes()).includes('main_silent'))
  const shown = '2026-11-30T04:00:00.000Z'
  const beat = { battery: 80, acked: rehearsed.seq, program: 'agent 0.1.0', shown }
  ok(await api.guest.post(`${of}/heartbeat`, beat, here.agent))
  assert.ok(!(await codes()).includes('main_silent'))
  const [row] = (await board()).rows
  assert.deepEqual([row.battery, row.behind, row.silent], [80, 0, false])
  assert.deepEqual([row.program, row.shownAt], ['agent 0.1.0', shown])
  const { echoes } = (await board()).rehearsal
  assert.deepEqual(
    echoes.map((one: { name: string; backAt?: string }) => [one.name, !!one.backAt]),
    [['老板的手机', true]],
  )
})

test('F27 P4-24 what nobody has verified stays unverified when somebody has looked at it, and counts in no total', async () => {
  const here = await counter()
  const { who, of } = await sub(here)
  const items = [{ ...phone, at: new Date().toISOString(), amount: cny('200.00') }]
  const evidence = `/v1/notices/terminals/${here.main}/evidence`
  const [{ notice }] = ok(await api.guest.post(evidence, { items }, here.agent)).rows
  ok(await who.post(`${of}/notices/${notice}/check`, {}))
  assert.deepEqual(ok(await who.get(`${of}/totals`)).rows, [])
  assert.equal(ok(await who.get(`${of}/today`)).rows[0].state, 'seen')
  assert.equal(ok(await who.get(`${of}/last`)).prompt.class, 'seen')
  const [shown] = ok(await here.owner.get(`${at(here.merchant)}/notices`)).rows
  assert.deepEqual([shown.state, !!shown.checkedAt], ['seen', true])
})

test('P4-04 half a sign, or one that no text has, is heard as far as it can be, and holds up nothing', async () => {
  const here = await counter()
  const evidence = `/v1/notices/terminals/${here.main}/evidence`
  for (const text of ['您好\u0000', '您好\ud83d']) {
    const items = [{ id: newId('evd'), source: 'phone', at: new Date().toISOString(), text }]
    const { rows } = ok(await api.guest.post(evidence, { items }, here.agent))
    assert.equal(rows[0].outcome, 'unreadable')
  }
})

test('P4-I1 a terminal that was handed over is not handed over a second time by who held it before', async () => {
  const here = await counter()
  const { who, of } = await sub(here)
  const [one, two] = [
    ok(await who.post(`${of}/hand-over`, {}), 201),
    ok(await who.post(`${of}/hand-over`, {}), 201),
  ]
  const [next, thief] = [
    await api.as('staff', { merchant: here.merchant }),
    await api.as('staff', { merchant: here.merchant }),
  ]
  const take = (by: Client, code: string) => by.post('/v1/notices/invitations/accept', { code })
  assert.equal(ok(await take(next, one.code)).person, next.person)
  assert.equal((await take(thief, two.code)).json().code, 'invitation_not_valid')
  assert.equal(ok(await next.get(of)).person, next.person)
})

test('P4-I1 P4-06 one person serves two mains: a receipt of each rings at its own; revoked by one, the other goes on', async () => {
  const [here, there] = [await counter(), await counter()]
  const mine = await sub(here)
  const theirs = await sub(there, all, mine.who)
  const held = ok(await mine.who.get('/v1/notices/terminals')).rows as { merchant: string }[]
  assert.deepEqual(
    held.map(one => one.merchant).toSorted(),
    [here.merchant, there.merchant].toSorted(),
  )
  const headers = { cookie: mine.who.cookie }
  const [one, two] = [await stream(mine.of, headers), await stream(theirs.of, headers)]
  await here.paid('31.00')
  await there.paid('32.00')
  const sums = (open: typeof one) => open.prompts().map(({ amount }) => amount?.amount)
  // A member's top-up, and what is spent of it.
  await one.until(() => sums(one).length === 2)
  await two.until(() => sums(two).length === 2)
  assert.deepEqual(
    [sums(one), sums(two)],
    [
      ['31.00', '31.00'],
      ['32.00', '32.00'],
    ],
  )
  ok(await here.owner.post(`${at(here.merchant)}/terminals/${mine.id}/revoke`, {}))
  await one.until(() => one.ended())
  assert.match(one.text(), /event: ended\ndata: \{"why":"revoked"\}/)
  await here.paid('33.00')
  await there.paid('34.00')
  await two.until(() => sums(two).length === 4)
  assert.deepEqual([sums(one).length, sums(two).at(-1), two.ended()], [2, '34.00', false])
  assert.equal((await mine.who.get(`${mine.of}/today`)).statusCode, 404)
  assert.equal(ok(await mine.who.get(`${theirs.of}/today`)).rows.length, 4)
  two.close()
})

test('P4-11 a main whose time is over tells nothing any more', async () => {
  const here = await counter()
  await over(here.main)
  const items = [{ ...phone, at: new Date().toISOString(), amount: cny('200.00') }]
  const evidence = `/v1/notices/terminals/${here.main}/evidence`
  const answer = await api.guest.post(evidence, { items }, here.agent)
  assert.equal(answer.json().code, 'terminal_is_off')
})

test('P4-14 who asks for a refund of a payment whose sum it may not see is not told the sum', async () => {
  const here = await counter()
  const { who, of } = await sub(here, { ...all, fields: ['platform'] })
  await here.paid('30.00')
  const { rows } = ok(await who.get(`${of}/today`))
  const asked = await who.post(`${of}/refund-requests`, { notice: rows[0].notice, reason: '多收' })
  assert.doesNotMatch(asked.body, /30\.00/)
})

test('P4-I1 a main that was handed over is opened no more by the secret of whoever had it before', async () => {
  const here = await counter()
  const of = `/v1/notices/terminals/${here.main}`
  ok(await api.guest.get(of, here.agent))
  const { code } = ok(await here.owner.post(`${of}/hand-over`, {}), 201)
  const next = await api.as('staff', { merchant: here.merchant })
  ok(await next.post('/v1/notices/invitations/accept', { code }))
  assert.equal((await api.guest.get(of, here.agent)).statusCode, 404)
  assert.equal(ok(await next.get(of)).person, next.person)
})
