/** Tills: at which a receipt came in, and who is told of which. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Permission } from '@bursar/contract'
import { newId } from '@bursar/kernel'
import { openFollower } from '@bursar/notices'
import { cny, pay, wish } from '../custody/testing.ts'
import type { Client } from '../testing.ts'
import { all, at, ok, phone, useCounters } from './counters.testing.ts'

const { api, counter, member, sub, stream } = await useCounters()

/** An outlet with two tills, each with its QR; and an empty outlet beside it. */
async function shop() {
  const here = await counter()
  const { merchant, owner } = here
  const path = `/v1/parties/merchants/${merchant}`
  const build = async (name: string) =>
    ok(await owner.post(`${path}/outlets`, { name, address: '人民路 1 号' }), 201).id as string
  const [outlet, other] = [await build('总店'), await build('河畔店')]
  const till = async (name: string) => {
    const { id } = ok(await owner.post(`${path}/outlets/${outlet}/tills`, { name }), 201)
    const hang = () => owner.post(`/v1/custody/merchants/${merchant}/codes`, { till: id })
    const code = await until(hang, ({ statusCode }) => statusCode === 201)
    assert.equal(code.json().outlet, outlet)
    return { id: id as `til_${string}`, code: code.json().id as string }
  }
  return { ...here, path, outlet, other, bar: await till('吧台'), door: await till('门口') }
}
const tillsOnly = (...tills: `til_${string}`[]): Permission => ({ ...all, tills })
const sums = (rows: { amount: { amount: string } }[]) => rows.map(one => one.amount.amount)

test('P4-11 a sub that is limited to a till is told of what came in there: its QR, charges, its main; and of nothing else', async () => {
  const here = await shop()
  const { merchant, owner, bar, door, outlet } = here
  const [mine, any] = [await sub(here, tillsOnly(bar.id)), await sub(here)]
  const open = await stream(mine.of, { cookie: mine.who.cookie })
  const { who, purse } = await member(merchant, '100.00')
  const charged = async (till: string, yuan: string) => {
    const { code } = (await who.post(`/v1/custody/purses/${purse}/codes`, {}, wish())).json()
    const path = `/v1/custody/merchants/${merchant}/charges`
    return ok(await owner.post(path, { code, till, amount: cny(yuan) }, wish()), 201)
  }
  ok(await pay(who, purse, merchant, '1.00', { merchantCode: bar.code }), 201)
  ok(await pay(who, purse, merchant, '2.00', { merchantCode: door.code }), 201)
  ok(await pay(who, purse, merchant, '3.00'), 201)
  const receipt = await charged(bar.id, '4.00')
  assert.deepEqual([receipt.outlet, receipt.till, receipt.tillName], [outlet, bar.id, '吧台'])
  await charged(door.id, '5.00')
  await openFollower(api.books).round()
  const main = newId('trm')
  const made = {
    name: '吧台的手机',
    kind: 'main',
    ways: ['text'],
    language: 'zh-CN',
    speaks: false,
  }
  const permission = tillsOnly(bar.id)
  const { secret } = ok(
    await owner.put(`${at(merchant)}/terminals/${main}`, { ...made, permission }),
  )
  const items = [{ ...phone, amount: cny('6.00'), at: new Date().toISOString() }]
  const told = await api.app.inject({
    ...{ method: 'POST', url: `/v1/notices/terminals/${main}/evidence`, payload: { items } },
    headers: { 'terminal-secret': secret as string },
  })
  assert.equal(told.statusCode, 200, told.body)
  await here.paid('7.00')
  ok(await owner.post(`${at(merchant)}/rehearsals`, {}), 201)
  await open.until(() => open.prompts().length === 4)
  assert.deepEqual(
    open.prompts().map(one => [one.amount?.amount, one.till, one.rehearsal]),
    [
      ['1.00', bar.id, false],
      ['4.00', bar.id, false],
      ['6.00', bar.id, false],
      ['0.01', undefined, true],
    ],
  )
  open.close()
  const today = async ({ who: by, of }: typeof mine) => sums(ok(await by.get(`${of}/today`)).rows)
  assert.deepEqual(await today(mine), ['0.01', '6.00', '4.00', '1.00'])
  assert.equal((await today(any)).length, 10)
  const totals = ok(await mine.who.get(`${mine.of}/totals`))
  assert.deepEqual(sums(totals.rows.map(({ sum }: { sum: object }) => ({ amount: sum }))), ['5.00'])
  const list = ok(await owner.get(`${at(merchant)}/notices?till=${bar.id}`))
  assert.deepEqual(sums(list.rows), ['6.00', '4.00', '1.00'])
  assert.equal(list.rows[0].tillName, '吧台')
  const spends = ok(await owner.get(`/v1/custody/merchants/${merchant}/spends?till=${door.id}`))
  assert.deepEqual(sums(spends.rows), ['5.00', '2.00'])
})

test('P4-11 a till that is renamed is the same: its receipts, QR, who is limited to it; evidence and its file say where', async () => {
  const here = await shop()
  const { merchant, owner, bar } = here
  const { who, purse } = await member(merchant, '9.00')
  const paid = ok(await pay(who, purse, merchant, '1.00', { merchantCode: bar.code }), 201)
  const mine = await sub(here, tillsOnly(bar.id))
  const rename = (by: Client, name: string) => by.patch(`${here.path}/tills/${bar.id}`, { name })
  const staff = await api.as('staff', { merchant })
  assert.equal((await rename(staff, '前台')).statusCode, 403)
  assert.equal((await rename(owner, '门口')).json().code, 'till_named_before')
  assert.equal(ok(await rename(owner, '前台')).name, '前台')
  const [{ tills }] = ok(await staff.get(`${here.path}/outlets`)).rows
  const [was] = tills.find((one: { id: string }) => one.id === bar.id).formerly
  assert.deepEqual([was.name, typeof was.by, was.until.slice(0, 2)], ['吧台', 'string', '20'])
  ok(await pay(who, purse, merchant, '2.00', { merchantCode: bar.code }), 201)
  await openFollower(api.books).round()
  assert.deepEqual(sums(ok(await mine.who.get(`${mine.of}/today`)).rows), ['2.00', '1.00'])
  const receipt = async () => ok(await who.get(`/v1/custody/spends/${paid.id}`))
  const spent = await until(receipt, ({ tillName }) => tillName === '前台')
  assert.equal(spent.till, bar.id)
  const evidence = `${at(merchant)}/evidence`
  const [heard] = ok(await owner.get(evidence)).rows
  assert.deepEqual([heard.outlet, heard.till, heard.tillName], [here.outlet, bar.id, '前台'])
  const file = await owner.get(evidence, { headers: { accept: 'text/csv' } })
  const [titles, first] = file.body.split('\r\n').map(line => line.split(','))
  assert.equal(first![titles!.indexOf('收银点')], '前台', file.body)
})

test('P4-11 a permission names tills of its own outlets; one of another shop, or of an outlet beside, is refused', async () => {
  const [here, elsewhere] = [await shop(), await shop()]
  const { owner, merchant, bar } = here
  const invite = (permission: Permission) =>
    owner.post(`${at(merchant)}/invitations`, { name: '小李', permission })
  const foreign = await invite(tillsOnly(elsewhere.bar.id))
  assert.deepEqual(
    [foreign.statusCode, foreign.json().code, foreign.json().errors[0].pointer],
    [404, 'no_such_till', '/permission/tills'],
  )
  const outlets = [here.other as `out_${string}`]
  assert.equal((await invite({ ...tillsOnly(bar.id), outlets })).json().code, 'no_such_till')
  const { id } = await sub(here, tillsOnly(bar.id, here.door.id))
  const terminals = ok(await owner.get(`${at(merchant)}/terminals`)).rows
  const { permission } = terminals.find((one: { id: string }) => one.id === id)
  assert.deepEqual(permission.outlets, [here.outlet], 'a till says its outlet')
  const changed = await owner.patch(`${at(merchant)}/terminals/${id}`, {
    permission: tillsOnly(elsewhere.bar.id),
  })
  assert.equal(changed.json().code, 'no_such_till')
  const forced = { ...permission, tills: [elsewhere.bar.id] }
  await assert.rejects(
    api.books
      .sql`update notices.terminal set permission = ${JSON.stringify(forced)}::jsonb where id = ${id}`,
    { constraint: 'a_permission_names_tills_of_its_outlets' },
  )
})

test('P4-11 a till that is closed takes no charge and no QR more, and what came in there still says so', async () => {
  const here = await shop()
  const { merchant, owner, bar, other } = here
  const { who, purse } = await member(merchant, '9.00')
  const paid = ok(await pay(who, purse, merchant, '1.00', { merchantCode: bar.code }), 201)
  ok(await owner.post(`${here.path}/tills/${bar.id}/close`, {}))
  const codes = `/v1/custody/merchants/${merchant}/codes`
  const hang = () => owner.post(codes, { till: bar.id })
  await until(hang, answer => answer.json().code === 'till_is_closed')
  const { code } = (await who.post(`/v1/custody/purses/${purse}/codes`, {}, wish())).json()
  const charge = { code, amount: cny('1.00'), till: bar.id }
  const charges = `/v1/custody/merchants/${merchant}/charges`
  assert.equal((await owner.post(charges, charge, wish())).json().code, 'till_is_closed')
  const wrong = await owner.post(codes, { till: here.door.id, outlet: other })
  assert.equal(wrong.json().code, 'no_such_till')
  assert.equal(ok(await who.get(`/v1/custody/spends/${paid.id}`)).tillName, '吧台')
})

/** A merchant's standing is remembered for one second. */
async function until<T>(ask: () => Promise<T>, isDone: (answer: T) => boolean): Promise<T> {
  for (let left = 100; left > 0; left--) {
    const answer = await ask()
    if (isDone(answer)) return answer
    await sleep(20)
  }
  return assert.fail('within two seconds')
}

test('P4-11 P4-14 a seat whose terminal is limited reads no more spends than that tells, and what it charged; no totals, no others’ receipts', async () => {
  const here = await shop()
  const { merchant, owner, bar, door } = here
  const spends = `/v1/custody/merchants/${merchant}/spends`
  const [staff, other] = [await api.as('staff', { merchant }), await api.as('staff', { merchant })]
  const { who, purse } = await member(merchant, '100.00')
  const paid = async (yuan: string, merchantCode?: string) =>
    ok(await pay(who, purse, merchant, yuan, merchantCode ? { merchantCode } : {}), 201)
      .id as string
  const [one, two] = [await paid('1.00', bar.code), await paid('2.00', door.code)]
  await paid('3.00')
  const { code } = (await who.post(`/v1/custody/purses/${purse}/codes`, {}, wish())).json()
  const charge = { code, till: door.id, amount: cny('4.00') }
  ok(await staff.post(`/v1/custody/merchants/${merchant}/charges`, charge, wish()), 201)
  const read = async (by: Client, query = '') => sums(ok(await by.get(`${spends}${query}`)).rows)
  const whole = ['4.00', '3.00', '2.00', '1.00']
  assert.deepEqual([await read(staff), await read(other)], [whole, whole], 'nobody is limited')

  const held = await sub(here, tillsOnly(bar.id), staff)
  assert.deepEqual(await read(staff), ['4.00', '1.00'])
  assert.deepEqual(await read(staff, `?till=${door.id}`), ['4.00'])
  assert.deepEqual(await read(other), [], 'laying a terminal aside shows no more')
  assert.deepEqual(await read(owner), whole)
  const file = await staff.get(spends, { headers: { accept: 'text/csv' } })
  assert.match(file.body, /4\.00/)
  assert.doesNotMatch(file.body, new RegExp(two))
  const status = async (by: Client, path: string) => (await by.get(path)).statusCode
  const receipt = (id: string) => `/v1/custody/spends/${id}`
  assert.deepEqual(
    [
      await status(staff, receipt(one)),
      await status(staff, receipt(two)),
      await status(owner, receipt(two)),
    ],
    [200, 404, 200],
  )
  const back = { amount: cny('1.00'), reason: '退' }
  assert.equal((await staff.post(`${receipt(two)}/refunds`, back, wish())).statusCode, 404)
  const takings = `/v1/custody/merchants/${merchant}/takings`
  assert.deepEqual([await status(staff, takings), await status(owner, takings)], [403, 200])

  await widened(here, held.id, { staff, other, read, whole })
  assert.equal(await status(staff, takings), 403)
})

type Readers = Readonly<{
  staff: Client
  other: Client
  whole: string[]
  read(by: Client): Promise<string[]>
}>
/** Each limit by itself, then none; and suspended, nothing but what was charged. */
async function widened(
  { merchant, owner, outlet, bar }: Awaited<ReturnType<typeof shop>>,
  id: string,
  by: Readers,
) {
  const { staff, other, read, whole } = by
  const terminal = `${at(merchant)}/terminals/${id}`
  const minutes = (from: number, to: number) => ({ hours: { from, to } })
  const now = new Date(Date.now() + 8 * 3_600_000)
  const minute = now.getUTCHours() * 60 + now.getUTCMinutes()
  const seen: [Partial<Permission>, string[]][] = [
    [{ fields: all.fields.filter(field => field !== 'payer') }, ['4.00']],
    [{ actions: ['receive'] }, ['4.00']],
    [{ outlets: [outlet as `out_${string}`] }, ['4.00', '2.00', '1.00']],
    [{ from: cny('3.00') }, ['4.00', '3.00']],
    [{ to: cny('1.00') }, ['4.00', '1.00']],
    [minutes((minute + 1430) % 1440, (minute + 60) % 1440), whole],
    [minutes((minute + 60) % 1440, (minute + 120) % 1440), ['4.00']],
    [{}, whole],
  ]
  for (const [permission, rows] of seen) {
    ok(await owner.patch(terminal, { permission: { ...all, ...permission } }))
    assert.deepEqual(await read(staff), rows, JSON.stringify(permission))
  }
  assert.deepEqual(await read(other), whole)
  const takings = await staff.get(`/v1/custody/merchants/${merchant}/takings`)
  assert.equal(takings.statusCode, 200)
  ok(await owner.patch(terminal, { permission: tillsOnly(bar.id) }))
  ok(await owner.post(`${terminal}/suspend`, { reason: '丢了' }))
  assert.deepEqual([await read(staff), await read(other)], [['4.00'], []])
}

test('P4-11 sums between which there is none are refused at the invitation and afterwards, at the field', async () => {
  const here = await counter()
  const permission = { ...all, from: cny('9.00'), to: cny('1.00') }
  const invited = await here.owner.post(`${at(here.merchant)}/invitations`, {
    name: '小李',
    permission,
  })
  assert.deepEqual([invited.statusCode, invited.json().code], [400, 'sums_leave_nothing'])
  const path = `${at(here.merchant)}/terminals/${here.main}`
  assert.equal((await here.owner.patch(path, { permission })).statusCode, 400)
  ok(await here.owner.patch(path, { permission: { ...permission, to: cny('9.00') } }))
})

test('P4-11 a permission that is over already is refused at its field; one that ended since is kept, and the rest changed', async () => {
  const here = await counter()
  const over = { ...all, until: new Date(Date.now() - 60_000).toISOString() }
  const soon = { ...all, until: new Date(Date.now() + 1000).toISOString() }
  const refused = [400, 'over_before_it_begins', '/permission/until']
  const told = (reply: {
    statusCode: number
    json(): { code: string; errors: { pointer: string }[] }
  }) => [reply.statusCode, reply.json().code, reply.json().errors[0]?.pointer]
  const invite = { name: '小李', permission: over }
  assert.deepEqual(told(await here.owner.post(`${at(here.merchant)}/invitations`, invite)), refused)
  const path = `${at(here.merchant)}/terminals/${here.main}`
  assert.deepEqual(told(await here.owner.patch(path, { permission: over })), refused)
  ok(await here.owner.patch(path, { permission: soon }))
  await sleep(1100)
  ok(await here.owner.patch(path, { name: '旧手机', permission: soon }))
})
