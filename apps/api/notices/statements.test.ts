import assert from 'node:assert/strict'
import { test } from 'node:test'
import { homeZone } from '@bursar/kernel'
import { at, ok, phone, useCounters } from './counters.testing.ts'

const { api, counter } = await useCounters()
const shown = (time: Date) => time.toLocaleString('sv-SE', { timeZone: homeZone })
const file = (...lines: string[]) => Buffer.from(lines.join('\n')).toString('base64')

test('P4-I5 P4-04 an owner looks at what a statement would do, takes it in, and finds it among the evidence; nobody else may', async () => {
  const { merchant, owner, main, agent } = await counter()
  const time = new Date(Math.floor(Date.now() / 1000) * 1000 - 5_000)
  const word = {
    kind: 'payment',
    amount: { amount: '38.00', currency: 'CNY' },
    at: time.toISOString(),
  }
  ok(
    await api.guest.post(
      `/v1/notices/terminals/${main}/evidence`,
      { items: [{ ...phone, ...word }] },
      agent,
    ),
  )
  const data = file(
    '交易时间,交易号,收入',
    `${shown(time)},${phone.orders[0]},38.00`,
    `${shown(time)},,x`,
  )
  const [path, body] = [`${at(merchant)}/statements`, { platform: 'alipay', data }]
  const told = ok(await owner.post(path, { ...body, preview: true }))
  assert.deepEqual(told.outcomes, { new: 0, raised: 1, filtered: 0, contradicts: 0 })
  assert.deepEqual([told.unread, told.unreadAll], [[{ line: 3, why: 'amount' }], 1])
  const evidence = async () => ok(await owner.get(`${at(merchant)}/evidence?source=statement`)).rows
  assert.equal((await evidence()).length, 0)
  assert.deepEqual(ok(await owner.post(path, body)), told)
  assert.deepEqual(ok(await owner.post(path, body)), told, 'sent again')
  const [row] = await evidence()
  assert.deepEqual([row.outcome, row.platform], ['raised', 'alipay'])
  for (const face of ['staff', 'consumer', 'reviewer'] as const)
    assert.equal((await (await api.as(face, { merchant })).post(path, body)).statusCode, 403)
})

test('P4-04 what is no statement, or not in base64, is refused at its field, in both languages', async () => {
  const { merchant, owner } = await counter()
  const send = (data: string, language: string) =>
    owner.post(
      `${at(merchant)}/statements`,
      { platform: 'bank', data },
      { headers: { 'accept-language': language } },
    )
  for (const [language, word] of [
    ['zh-CN', /CSV 表格/],
    ['en', /CSV table/],
  ] as const) {
    const answer = await send(file('hello'), language)
    assert.deepEqual([answer.statusCode, answer.json().code], [422, 'statement_unreadable'])
    assert.match(answer.json().detail, word)
    assert.match(JSON.stringify(answer.json()), /data/)
  }
  assert.equal((await send('not base64!', 'en')).statusCode, 400)
})
