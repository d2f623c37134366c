/** Notices over a real connection: who is told what, when, and that nobody else is. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Permission, PromptView } from '@bursar/contract'
import { newId, type MerchantId } from '@bursar/kernel'
import { money } from '@bursar/money'
import { openFollower } from '@bursar/notices'
import { spoken } from '@bursar/notices/voice'
import { cny, pay, useShops } from '../custody/testing.ts'
import type { Client } from '../testing.ts'

const { api, shop, member } = await useShops()
const at = (merchant: MerchantId) => `/v1/notices/merchants/${merchant}`
const all: Permission = {
  fields: ['amount', 'payer', 'payee', 'platform', 'order', 'way', 'time', 'outlet', 'grade'],
  actions: ['receive', 'check', 'look_up', 'totals', 'ask_refund', 'mute'],
}
const phone = { id: 'n-1', source: 'phone', platform: 'alipay', orders: ['2026113022001'] }
const settings = { name: '前台', threshold: 'A', patience: 60, lateSpoken: false, open: true }
const ok = (answer: Awaited<ReturnType<Client['get']>>, status = 200) => {
  assert.equal(answer.statusCode, status, answer.body)
  return answer.json()
}

/** A shop with a counter and a main. */
async function counter() {
  const { id: merchant } = await shop()
  const owner = await api.as('owner', { merchant })
  await openFollower(api.books).round()
  ok(await owner.put(`${at(merchant)}/counters/${newId('ctr')}`, settings))
  const made = { name: '老板的手机', ways: ['text', 'voice'], language: 'zh-CN', speaks: true }
  const main = newId('trm')
  const path = `${at(merchant)}/terminals/${main}`
  const { secret } = ok(await owner.put(path, { kind: 'main', ...made, permission: all }))
  const agent = { headers: { 'terminal-secret': secret as string } }
  const paid = async (yuan: string) => {
    const { who, purse } = await member(merchant, yuan)
    const answer = ok(await pay(who, purse, merchant, yuan), 201)
    await openFollower(api.books).round()
    return answer as { id: string }
  }
  return { merchant, owner, main, agent, paid }
}
type Counter = Awaited<ReturnType<typeof counter>>

/** Somebody who took up the owner's invitation. */
async function sub({ merchant, owner }: Counter, permission: Permission = all) {
  const invited = ok(
    await owner.post(`${at(merchant)}/invitations`, { name: '小李', permission }),
    201,
  )
  const who = await api.as('consumer')
  const { id } = ok(await who.post('/v1/notices/invitations/accept', { code: invited.code }))
  return { who, id: id as string, code: invited.code as string, of: `/v1/notices/terminals/${id}` }
}

/** What a stream has told so far. */
async function stream(path: string, headers: Record<string, string>) {
  if (!api.app.server.listening) await api.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = api.app.server.address() as AddressInfo
  const wanted = { accept: 'text/event-stream', ...headers }
  const asked = get({ host: '127.0.0.1', port, path: `${path}/stream`, headers: wanted })
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  let [text, ended] = ['', false]
  answer.setEncoding('utf8').on('data', (part: string) => void (text += part))
  answer.once('close', () => (ended = true))
  const prompts = () =>
    [...text.matchAll(/event: prompt\nid: \d+\ndata: (.*)\n\n/g)].map(
      ([, data]) => JSON.parse(data!) as PromptView,
    )
  const until = async (what: () => boolean) => {
    for (let left = 500; !what(); left--) {
      assert.ok(left > 0, `within ten seconds, of ${text}`)
      await sleep(20)
    }
  }
  return {
    ...{ status: answer.statusCode, prompts, until, close: () => asked.destroy() },
    text: () => text,
    ended: () => ended,
  }
}

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
  assert.doesNotMatch(open.text(), /77|spd_|老茶馆|top_/)
  const list = await who.get(`${of}/today`)
  assert.equal(ok(list).rows.length, 2)
  assert.doesNotMatch(list.body, /77|spd_|老茶馆|top_/)
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
  assert.equal(ok(await who.get(`${of}/last`)).prompt.class, 'checked')
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
  const [prompt] = ok(await api.guest.get(`${of}/prompts?after=0`, here.agent)).rows as PromptView[]
  assert.deepEqual([prompt!.rehearsal, prompt!.class], [true, 'received'])
  assert.deepEqual(ok(await here.owner.get(`${at(here.merchant)}/today`)).rows, [])
  assert.deepEqual(ok(await here.owner.get(`${at(here.merchant)}/notices`)).rows, [])
  const board = async () => ok(await here.owner.get(`${at(here.merchant)}/health`))
  const codes = async () => (await board()).alarms.map((one: { code: string }) => one.code)
  assert.ok((await codes()).includes('main_silent'))
  const beat = { battery: 80, acked: rehearsed.seq }
  ok(await api.guest.post(`${of}/heartbeat`, beat, here.agent))
  assert.ok(!(await codes()).includes('main_silent'))
  const [row] = (await board()).rows
  assert.deepEqual([row.battery, row.behind, row.silent], [80, 0, false])
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

test('P4-11 a main whose time is over tells nothing any more', async () => {
  const here = await counter()
  const until = new Date(Date.now() - 1000).toISOString()
  ok(
    await here.owner.patch(`${at(here.merchant)}/terminals/${here.main}`, {
      permission: { ...all, until },
    }),
  )
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
