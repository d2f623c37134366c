import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { signedByMd5 } from './cloud-vendors.ts'
import { toCloud, type CloudSettings } from './cloud.ts'
import { announcer, type Prompt } from './speaker.ts'

/** A maker's cloud: what it was told, and what it answers next. */
const heard: { type: string; body: string }[] = []
let answers: ((reply: ServerResponse) => void)[] = []
const say = (status: number, body: object) => (reply: ServerResponse) =>
  void reply.writeHead(status).end(JSON.stringify(body))
const nothing = () => undefined
const server = createServer((request: IncomingMessage, reply) => {
  let body = ''
  request.on('data', part => (body += String(part)))
  request.on('end', () => {
    heard.push({ type: request.headers['content-type'] ?? '', body })
    answers.shift()!(reply)
  })
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
after(() => {
  server.close()
  server.closeAllConnections()
})

const received: Prompt = {
  ...{ seq: '1', notice: 'ntc_1', class: 'received', kind: 'payment', late: false },
  told: new Date().toISOString(),
  ...{ rehearsal: false, ways: ['text', 'voice'], language: 'zh-CN', code: '47' },
  ...{ amount: { amount: '200.50', currency: 'CNY' }, platform: 'alipay' },
}
const now = () => new Date('2026-06-30T12:00:00Z')
function box(settings: Omit<CloudSettings, 'url' | 'device' | 'key'>, more: object = {}) {
  heard.length = 0
  const failures: string[] = []
  const cloud = toCloud(
    { url, device: '2042305186015', key: 'of the shop', ...settings },
    { waits: [1, 1], within: 300, now, ...more },
  )
  return { failures, ...announcer([cloud], error => void failures.push((error as Error).message)) }
}

test('P4-15 P4-18 a maker’s loudspeaker is told once by its own interface, with the sum in words', async () => {
  const { hear, failures } = box({ vendor: 'borui' })
  answers = [say(200, { errcode: 0, errmsg: 'success' })]
  await hear(received)
  await hear(received)
  await hear({ ...received, notice: 'ntc_2', class: 'seen' })
  assert.deepEqual(
    heard.map(({ body }) => Object.fromEntries(new URLSearchParams(body))),
    [
      {
        ...{ id: '2042305186015', token: 'of the shop', version: '1' },
        message: '支付宝到账二百元五角核对码四七',
      },
    ],
  )
  assert.deepEqual(failures, [])
})

test('P4-15 what a maker could not take just then is told again; a repeat that it knows is told; a wrong token is no reason to', async () => {
  const { hear, failures } = box({ vendor: 'borui' })
  answers = [say(502, {}), nothing, say(200, { errcode: 17 })]
  await hear(received)
  assert.deepEqual([heard.length, failures], [3, []])
  answers = [say(200, { errcode: 9 })]
  await hear({ ...received, notice: 'ntc_2' })
  assert.deepEqual([heard.length, failures], [4, ['cloud: errcode 9']])
})

test('P4-18 a maker that knows no repeats and did not answer may have spoken: it is not told again', async () => {
  const { hear, failures } = box({ vendor: 'eyegroup' })
  answers = [nothing]
  await hear(received)
  assert.deepEqual([heard.length, failures], [1, ['cloud: TimeoutError']])
  answers = [say(500, {}), say(200, { code: 200 })]
  await hear({ ...received, notice: 'ntc_2' })
  assert.equal(heard.length, 3)
})

test('P4-15 signatures are those that makers publish: MD5 by its own example, HMAC over what is sent', async () => {
  const example = {
    ...{ led_style: '15', color: '["#123456"]', led_flag: '[0.1,1]' },
    ...{ text: '好用的声光播报终端', time: '1668843530' },
  }
  assert.equal(signedByMd5(example, '1qaz2wsx')['sign'], 'dc76013f54527b7074e4076e86fba803')
  const { hear } = box({
    ...{ vendor: 'feitian', account: '9A0A' },
    fields: { deviceid: '{device}', money: '{fen}', requestid: '{id}', empty: '' },
  })
  answers = [say(200, { code: '0' })]
  await hear(received)
  const { sign, ...said } = JSON.parse(heard[0]!.body) as Record<string, string>
  const { nonce } = said
  const text = `appkey=9A0A&deviceid=2042305186015&money=20050&nonce=${nonce}&requestid=ntc_1-received&timestamp=20260630120000`
  assert.equal(sign, createHmac('sha256', 'of the shop').update(text).digest('base64'))
  assert.match(heard[0]!.type, /json/)
})

test('P4-15 a maker that is away is tried again, and at last it is said that it is', async () => {
  const settings = { vendor: 'borui', device: '1', key: 'k', url: 'http://127.0.0.1:1' } as const
  const failures: string[] = []
  const { hear } = announcer([toCloud(settings, { waits: [1, 1] })], error =>
    failures.push((error as Error).message),
  )
  await hear(received)
  assert.equal(failures.length, 1)
  assert.throws(() => toCloud({ vendor: 'eyegroup', device: '1', key: 'k' }), /needs a url/)
})

test('P4-15 P4-20 a maker that is away holds up no other output: it is said to be away, tried after a minute, and heard again', async () => {
  const settings = { vendor: 'borui', device: '1', key: 'k', url } as const
  let clock = now().getTime()
  heard.length = 0
  const cloud = toCloud(settings, { waits: [1, 1], within: 5_000, now: () => new Date(clock) })
  const [lamp, failures]: [string[], string[]] = [[], []]
  const { hear } = announcer(
    [cloud, ({ prompt }) => Promise.resolve(void lamp.push(prompt.notice))],
    error => void failures.push((error as Error).message),
  )
  const tell = (notice: string) => hear({ ...received, notice })
  answers = Array.from({ length: 9 }, () => say(502, {}))
  const told = ['ntc_1', 'ntc_2', 'ntc_3'].map(tell)
  await new Promise(setImmediate)
  assert.deepEqual(lamp, ['ntc_1', 'ntc_2', 'ntc_3'], 'the lamp waits for nobody')
  await Promise.all(told)
  assert.deepEqual([heard.length, cloud.isAway()], [9, true])
  await tell('ntc_4')
  assert.deepEqual([heard.length, failures.at(-1)], [9, 'cloud: away, not told'])
  clock += 61_000
  answers = [say(502, {})]
  await tell('ntc_5')
  assert.deepEqual([heard.length, cloud.isAway()], [10, true], 'once, and not for half a minute')
  clock += 61_000
  answers = [say(200, { errcode: 0 }), say(200, { errcode: 0 })]
  await tell('ntc_6')
  await tell('ntc_7')
  assert.deepEqual([heard.length, cloud.isAway(), failures.length], [12, false, 5])
  assert.equal(lamp.length, 7)
})
