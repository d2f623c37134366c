import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { connect, connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { cny } from '@bursar/money'
import { firstWins, promptKey } from '@bursar/notices/first'
import { startMosquitto } from './mosquitto.testing.ts'
import {
  joinBroker,
  serveDevices,
  startBroker,
  topicOf,
  type Carrier,
  type House,
  type Told,
} from './mqtt.ts'

const device = 'trm_lamp'
const secrets: Readonly<Record<string, string>> = {
  trm_lamp: 'nts_of_the_lamp',
  trm_other: 'nts_of_the_other',
}
const admits = (name: string, secret: string) => Promise.resolve(secrets[name] === secret)
const prompt = (seq: bigint, kind = 'received') => ({
  seq,
  notice: `ntc_${seq}`,
  class: kind,
  kind: 'payment',
  amount: cny('200.50'),
  told: new Date('2026-06-30T12:00:00Z'),
})
const onTheWire = (one: object) =>
  Buffer.from(
    JSON.stringify(one, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  )
const ends: (() => Promise<unknown>)[] = []
after(async () => {
  for (const end of ends.toReversed()) await end()
})

/** A stream of prompts, and who listens: the house as devices see it. */
function stream() {
  const prompts: ReturnType<typeof prompt>[] = []
  const lines = new Map<string, Told>()
  const said: string[] = []
  const heard = new Map<string, () => void>()
  const note = (what: string) => {
    said.push(what)
    for (const wake of heard.values()) wake()
  }
  const house: House = {
    async open(name, place, line) {
      lines.set(name, line)
      line.tell(
        prompts.filter(({ seq }) => seq > (place ?? 0n)),
        BigInt(prompts.length),
      )
      note(`open ${name} ${place}`)
      return () => void lines.delete(name)
    },
    async heartbeat(name, { battery, acked }) {
      note(`heartbeat ${name} ${battery} ${acked}`)
    },
    async gone(name) {
      note(`gone ${name}`)
    },
  }
  return {
    house,
    tell(one: ReturnType<typeof prompt>) {
      prompts.push(one)
      for (const line of lines.values()) line.tell([one], one.seq)
    },
    end: (why: string) => lines.get(device)?.end(why),
    said,
    /** Until the house has heard it. */
    hears: (what: string) =>
      new Promise<void>(resolve => {
        const look = () => said.includes(what) && resolve()
        heard.set(`${what}${heard.size}`, look)
        look()
      }),
  }
}

/** What a device is told, as it arrives, with a wait for the next. */
function told(client: MqttClient) {
  const all: { seq: string; notice: string; class: string; amount?: { amount: string } }[] = []
  const waits: (() => void)[] = []
  client.on('message', (topic, payload) => {
    if (topic !== topicOf(device, 'prompt') || payload.length === 0) return
    all.push(JSON.parse(payload.toString()))
    for (const wait of waits.splice(0)) wait()
  })
  return {
    all,
    async until(count: number) {
      while (all.length < count) await new Promise<void>(resolve => waits.push(resolve))
    },
  }
}

const closed = (client: MqttClient) => new Promise<void>(done => client.on('close', () => done()))
const log: string[] = []
const keep = (event: string, facts: Readonly<Record<string, string>>) =>
  void log.push(JSON.stringify({ event, ...facts }))
const as = (more: object): IClientOptions => ({
  clientId: device,
  username: device,
  password: secrets[device]!,
  protocolVersion: 4,
  reconnectPeriod: 0,
  ...more,
})
const comes = (port: number, more: object = {}) =>
  connectAsync(`mqtt://127.0.0.1:${port}`, as(more))

async function embedded() {
  const broker = await startBroker({ port: 0, host: '127.0.0.1', admits, log: keep })
  return { port: broker.port, carrier: broker as Carrier }
}

async function mosquitto() {
  const found = await startMosquitto(device, secrets[device]!)
  if (!found) return undefined
  ends.push(found.stop)
  return { port: found.port, carrier: await joinBroker(found.url, keep) }
}

const brokers = [
  ['our own broker', embedded],
  ['Mosquitto, by MQTT 5', mosquitto],
] as const

/** Whoever comes later, with no session, has the last one at once; and is told when that is over. */
async function comesLater(
  port: number,
  here: ReturnType<typeof stream>,
  session: Readonly<{ protocolVersion?: 4 | 5 }>,
) {
  const three = await comes(port, session)
  const late = told(three)
  await three.subscribeAsync([topicOf(device, 'prompt'), topicOf(device, 'ended')], { qos: 1 })
  await late.until(1)
  assert.equal(late.all[0]!.seq, '4')

  await three.publishAsync(topicOf(device, 'hello'), '{"after":"4"}', { qos: 1 })
  await here.hears(`open ${device} 4`)
  const ended = new Promise<string>(resolve =>
    three.on(
      'message',
      (topic, payload) => topic.endsWith('/ended') && resolve(payload.toString()),
    ),
  )
  here.end('revoked')
  assert.equal(await ended, '{"why":"revoked"}')
  if (session.protocolVersion === 5) await three.endAsync()
  else await closed(three)
}

for (const [name, start] of brokers)
  test(
    `P4-15 P4-18 P4-I4 a device at ${name}: told once, replayed, kept while away, ended`,
    { timeout: 30_000 },
    async t => {
      const at = await start()
      if (!at) return t.skip('mosquitto is not on this machine')
      const here = stream()
      const serving = serveDevices(at.carrier, here.house, keep)
      ends.push(() => serving.stop())
      here.tell(prompt(1n))

      const mqtt5 = name.startsWith('Mosquitto')
        ? { protocolVersion: 5 as const, properties: { sessionExpiryInterval: 3_600 } }
        : {}
      const will = {
        will: { topic: topicOf(device, 'offline'), payload: '{}', qos: 1 as const, retain: false },
      }
      const one = await comes(at.port, { clean: false, ...will, ...mqtt5 })
      const first = told(one)
      await one.subscribeAsync([topicOf(device, 'prompt'), topicOf(device, 'ended')], { qos: 1 })
      await one.publishAsync(topicOf(device, 'hello'), '{"after":"0"}', { qos: 1 })
      await first.until(1)
      here.tell(prompt(2n))
      await first.until(2)
      assert.deepEqual(
        first.all.map(({ seq }) => seq),
        ['1', '2'],
      )
      assert.deepEqual(first.all[1]!.amount, { amount: '200.50', currency: 'CNY' })
      await one.publishAsync(topicOf(device, 'heartbeat'), '{"battery":87,"acked":"2"}', { qos: 1 })
      await here.hears(`heartbeat ${device} 87 2`)

      // The cable is cut: the broker says its last will, and keeps what comes meanwhile.
      one.stream.destroy()
      await here.hears(`gone ${device}`)
      await at.carrier.send(device, 'prompt', onTheWire(prompt(3n)), true)
      here.tell(prompt(4n))
      const two = connect(`mqtt://127.0.0.1:${at.port}`, as({ clean: false, ...will, ...mqtt5 }))
      const again = told(two)
      await again.until(1)
      assert.equal(again.all[0]!.seq, '3')
      await two.publishAsync(topicOf(device, 'hello'), '{"after":"2"}', { qos: 1 })
      await again.until(2)
      const first1 = firstWins(first.all.map(promptKey))
      assert.deepEqual(
        again.all.filter(each => first1.isFirst(promptKey(each))).map(({ seq }) => seq),
        ['3', '4'],
      )

      await two.endAsync()
      await comesLater(at.port, here, mqtt5)
    },
  )

test('P4-15 wrong secrets, other names and foreign topics are refused, and no secret is written down', async () => {
  const broker = await startBroker({ port: 0, host: '127.0.0.1', admits, log: keep })
  ends.push(() => broker.close())
  log.length = 0
  const refused = (more: object) =>
    assert.rejects(
      comes(broker.port, more),
      /refused|Not authorized|Bad User Name|Identifier rejected/i,
    )
  await refused({ password: 'nts_guessed' })
  await refused({ username: 'nts_a_secret_in_the_wrong_place' })
  await refused({ username: 'trm_other', password: secrets['trm_other'] })
  await refused({ clientId: 'trm_other' })
  await refused({ username: undefined, password: undefined })
  const heard: string[] = []
  broker.listen((name, what) => void heard.push(`${name} ${what}`))
  const lamp = await comes(broker.port)
  for (const topic of [
    '#',
    'bursar/#',
    'bursar/trm_other/prompt',
    '$SYS/#',
    topicOf(device, 'hello'),
  ])
    await assert.rejects(lamp.subscribeAsync(topic, { qos: 1 }), Error, topic)
  await lamp.publishAsync(topicOf(device, 'heartbeat'), '{}', { qos: 1 })
  lamp.publish(topicOf('trm_other', 'heartbeat'), '{}', { qos: 0 })
  await closed(lamp)
  const again = await comes(broker.port)
  again.publish(topicOf(device, 'prompt'), '{"seq":"9"}', { qos: 0, retain: true })
  await closed(again)
  assert.deepEqual(heard, ['trm_lamp heartbeat'])
  const text = log.join('\n')
  for (const secret of ['nts_guessed', 'nts_a_secret', ...Object.values(secrets)])
    assert.ok(!text.includes(secret), secret)
  for (const why of ['wrong_secret', 'no_terminal', 'another_name', 'foreign_topic'])
    assert.match(text, new RegExp(why))
})

test('P4-15 a burst of prompts for devices that are away is more than our broker takes at once, and does not bring it down', async () => {
  const broker = await startBroker({ port: 0, host: '127.0.0.1', admits, log: keep })
  ends.push(() => broker.close())
  const lamp = await comes(broker.port)
  const here = told(lamp)
  await lamp.subscribeAsync(topicOf(device, 'prompt'), { qos: 1 })
  const count = 20_000
  const sent = Array.from({ length: count }, (_, no) =>
    broker.send(
      no < 100 || no === count - 1 ? device : 'trm_away',
      'prompt',
      onTheWire(prompt(BigInt(no))),
      true,
    ),
  )
  await Promise.all([...sent, here.until(101)])
  assert.deepEqual(
    here.all.map(({ seq }) => Number(seq)),
    [...Array(100).keys(), count - 1],
    'each once, in order',
  )
  await lamp.endAsync(true)
})

test('what devices say wrongly is left unread, and they go on being served', async () => {
  let say: Parameters<Carrier['listen']>[0] = () => undefined
  const sent: string[] = []
  const carrier: Carrier = {
    send: async (name, what) => void sent.push(`${name} ${what}`),
    listen: heard => (say = heard),
    drop: () => undefined,
    close: async () => undefined,
  }
  const here = stream()
  log.length = 0
  const serving = serveDevices(carrier, here.house, keep)
  here.tell(prompt(1n))
  for (const payload of ['{', '{"after":1}', '{"after":"-1"}', '{"battery":101}', 'null', '[]{}'])
    say(device, 'hello', payload)
  assert.equal(log.filter(line => line.includes('mqtt_unread')).length, 6)
  // After a restart of ours the device says no hello: its heartbeat opens the line.
  say(device, 'heartbeat', '{"acked":"0"}')
  await here.hears(`heartbeat ${device} undefined 0`)
  assert.deepEqual(sent, ['trm_lamp prompt'])
  await serving.stop()
})
