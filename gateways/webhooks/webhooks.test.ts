import assert from 'node:assert/strict'
import type { lookup, LookupAddress } from 'node:dns'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import type { Message } from '@bursar/integrators/courier'
import { isPublic } from './addresses.ts'
import { useReceiver } from './receiver.testing.ts'
import { openCourier } from './webhooks.ts'

const receiver = useReceiver()
const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', `whsec_${'A'.repeat(43)}=`]
const message = (path: string, more: Partial<Message> = {}): Message => ({
  url: receiver.url(path),
  id: 'evt_1',
  at: new Date(),
  body: JSON.stringify({ type: 'ping', timestamp: '2026-11-29T08:00:00Z', data: { name: '茶' } }),
  secrets,
  ...more,
})
const demo = openCourier({ open: true, within: 400 })
const real = openCourier({ within: 400 })
const resolving = (...found: string[]) =>
  ((_: string, __: object, done: (error: null, found: LookupAddress[]) => void) =>
    done(
      null,
      found.map(address => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as typeof lookup

test('P5-19 the official library accepts each signature, and refuses a body that was changed', async () => {
  const sent = message('/signed')
  assert.deepEqual(await demo.send(sent), { status: 204, answer: '' })
  const { headers, body } = receiver.at('/signed')[0]!
  for (const secret of secrets)
    assert.deepEqual(new Webhook(secret).verify(body, headers), JSON.parse(sent.body))
  assert.throws(() => new Webhook(secrets[0]!).verify(body.replace('茶', '水'), headers))
  assert.throws(() => new Webhook(`whsec_${'B'.repeat(43)}=`).verify(body, headers))
  assert.equal(String(headers['webhook-signature']).split(' ').length, 2)
})

test('P5-19 the signature is the one of the specification’s own example', async () => {
  const at = new Date(1_614_265_330_000)
  const body = '{"test": 2432232314}'
  await demo.send(
    message('/spec', { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at, body, secrets: [secrets[0]!] }),
  )
  assert.equal(
    receiver.at('/spec')[0]!.headers['webhook-signature'],
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  )
})

test('P5-19 a redirect is an answer, and is followed nowhere', async () => {
  receiver.says('/moved', reply => void reply.writeHead(307, { location: '/secret' }).end())
  assert.equal((await demo.send(message('/moved'))).status, 307)
  assert.deepEqual(receiver.at('/secret'), [])
})

test('P5-19 who is slow, or never ends, is left after the time limit', async () => {
  receiver.says('/silent', () => undefined)
  receiver.says('/drip', reply => {
    reply.writeHead(200)
    const drip = setInterval(() => reply.write('.'), 50)
    reply.on('close', () => clearInterval(drip))
  })
  for (const path of ['/silent', '/drip']) {
    const began = performance.now()
    assert.deepEqual(await demo.send(message(path)), { error: 'timed_out' }, path)
    assert.ok(performance.now() - began < 2_000)
  }
})

test('P5-19 of an answer a kilobyte is read, however much there is', async () => {
  receiver.says('/flood', reply => {
    reply.writeHead(200)
    reply.on('error', () => undefined)
    const flood = () => {
      while (!reply.destroyed && reply.write('x'.repeat(65_536)));
    }
    reply.on('drain', flood)
    flood()
  })
  const { status, answer } = await demo.send(message('/flood'))
  assert.deepEqual([status, answer], [200, 'x'.repeat(1024)])
})

test('P5-19 nobody there is told as that', async () => {
  const gone = message('/', { url: 'http://127.0.0.1:9/' })
  assert.deepEqual(await demo.send(gone), { error: 'not_reached' })
})

for (const address of [
  ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.9.9.9', '169.254.169.254'],
  ...['172.16.0.1', '172.31.255.255', '192.168.1.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:a00:1', '64:ff9b::7f00:1', 'fc00::1', 'fd12::1'],
  ...['fe80::1', 'ff02::1', '2001:db8::1', '2002:7f00:1::', '2001::1', 'nowhere', ''],
])
  test(`P5-19 ${address || 'nothing'} is not the public’s`, () => assert.ok(!isPublic(address)))

test('P5-19 the public’s addresses are', () => {
  for (const address of ['1.1.1.1', '8.8.8.8', '172.32.0.1', '2606:4700::1111', '2400:3200::1'])
    assert.ok(isPublic(address), address)
})

test('P5-19 outside a demo an address is https, has a name, and names no private machine', () => {
  for (const url of ['https://shop.example/hook', 'https://shop.example:8443/', 'https://1.1.1.1/'])
    assert.ok(real.takes(url), url)
  for (const url of [
    ...['http://shop.example/', 'ftp://shop.example/', 'shop.example', '', 'https://localhost/'],
    ...['https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://[::1]/'],
    ...['https://[::ffff:10.0.0.1]/', 'https://user:word@shop.example/', 'https://shop.example/#a'],
  ])
    assert.ok(!real.takes(url), url)
  assert.ok(demo.takes('http://localhost:4100/hook'))
})

test('P5-19 a name that resolves to a private address is not called; nor is one that resolves to both', async () => {
  for (const found of [['127.0.0.1'], ['1.1.1.1', '127.0.0.1'], ['::1'], ['169.254.169.254']]) {
    const courier = openCourier({ within: 400, resolve: resolving(...found) })
    const url = receiver.url('/inside').replace('http://127.0.0.1', 'https://shop.example')
    assert.deepEqual(await courier.send(message('/', { url })), { error: 'private_address' })
  }
  for (const url of ['https://127.0.0.1/', 'https://[::1]/'])
    assert.deepEqual(await real.send(message('/', { url })), { error: 'private_address' })
  assert.deepEqual(await real.send(message('/inside')), { error: 'private_address' })
  assert.deepEqual(await real.send(message('/', { url: 'http://shop.example/' })), {
    error: 'address_not_allowed',
  })
  assert.deepEqual(receiver.at('/inside'), [])
})

test('P5-19 the address that was looked at is the one that is called, although the name says another one now', async () => {
  let asked = 0
  const turning = ((_: string, __: object, done: (error: null, found: LookupAddress[]) => void) =>
    // Public at the first look, our own machine at every other.
    done(null, [
      { address: asked++ === 0 ? '203.0.114.1' : '127.0.0.1', family: 4 },
    ])) as unknown as typeof lookup
  const courier = openCourier({ within: 400, resolve: turning })
  const url = receiver.url('/turned').replace('http://127.0.0.1', 'https://shop.example')
  const { status, error } = await courier.send(message('/', { url }))
  assert.equal(status, undefined)
  assert.ok(error === 'timed_out' || error === 'not_reached')
  assert.equal(asked, 1)
  assert.deepEqual(receiver.at('/turned'), [])
})
