import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as open, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { startBroker, type Broker } from './broker.ts'
import { Cutter, publishOf, puback, types, type Packet } from './packets.ts'
import { topicOf } from './topics.ts'

const device = 'trm_lamp'
const log: string[] = []
const brokers: Broker[] = []
after(() => Promise.all(brokers.map(broker => broker.close())))

async function started(): Promise<Broker> {
  const admits = (_: string, secret: string) => Promise.resolve(secret === 'secret')
  const keep = (event: string) => void log.push(event)
  log.length = 0
  const broker = await startBroker({ port: 0, host: '127.0.0.1', admits, log: keep })
  brokers.push(broker)
  return broker
}

const text = (said: string) => {
  const bytes = Buffer.from(said)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}
const packet = (first: number, ...parts: readonly Buffer[]) => {
  const body = Buffer.concat(parts)
  assert.ok(body.length < 128)
  return Buffer.concat([Buffer.from([first, body.length]), body])
}
/** A session that is kept, with a last will. */
const hello = (keepAlive: number) =>
  packet(
    0x10,
    ...[text('MQTT'), Buffer.from([4, 0xc4, 0, keepAlive]), text(device)],
    ...[text(topicOf(device, 'offline')), text('{}'), text(device), text('secret')],
  )
const listens = packet(0x82, Buffer.from([0, 1]), text(topicOf(device, 'prompt')), Buffer.from([1]))

/** A device as bytes: what it has been told, and a wait for the next. */
async function comes(broker: Broker, keepAlive = 0) {
  const socket: Socket = open(broker.port, '127.0.0.1').setNoDelay(true)
  const cutter = new Cutter(1e6)
  const told: Packet[] = []
  socket.on('data', bytes => {
    cutter.add(bytes)
    for (let next = cutter.next(); next; next = cutter.next()) told.push(next)
    socket.emit('told')
  })
  const prompts = () => told.filter(({ type }) => type === types.publish).map(publishOf)
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await once(socket, 'told')
  }
  // However the network cuts it.
  for (const byte of hello(keepAlive)) socket.write(Buffer.from([byte]))
  await until(() => told.length > 0)
  return { socket, told, prompts, until }
}

const prompt = (no: number) => Buffer.from(`${no}`)
const tell = (broker: Broker, first: number, last: number) =>
  Promise.all(
    Array.from({ length: last - first + 1 }, (_, i) =>
      broker.send(device, 'prompt', prompt(first + i), true),
    ),
  )
const said = (prompts: readonly { payload: Buffer }[]) =>
  prompts.map(({ payload }) => Number(payload.toString()))
const numbers = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i)

test('P4-15 P4-18 what a device has not acknowledged comes again when it comes back, marked, in order; then what waited', async () => {
  const broker = await started()
  const one = await comes(broker)
  one.socket.write(listens)
  await one.until(() => one.told.length === 2)
  await tell(broker, 1, 250)
  // No more than a hundred are on their way.
  await one.until(() => one.prompts().length === 100)
  for (const { id } of one.prompts().slice(0, 60)) one.socket.write(puback(id))
  await one.until(() => one.prompts().length === 160)
  assert.deepEqual(said(one.prompts()), numbers(1, 160))
  one.socket.destroy()
  await once(one.socket, 'close')

  const two = await comes(broker)
  assert.equal(two.told[0]!.body[0], 1, 'its session was kept')
  await two.until(() => two.prompts().length === 100)
  assert.deepEqual(said(two.prompts()), numbers(61, 160))
  const again = two.told.filter(({ type, flags }) => type === types.publish && (flags & 8) !== 0)
  assert.equal(again.length, 100)
  for (const { id } of two.prompts()) two.socket.write(puback(id))
  await two.until(() => two.prompts().length === 190)
  assert.deepEqual(said(two.prompts().slice(100)), numbers(161, 250))
})

test('P4-15 P4-I1 what waits for a device is forgotten with the last one kept: it is not for whoever comes in its place', async () => {
  const broker = await started()
  const one = await comes(broker)
  one.socket.write(listens)
  await one.until(() => one.told.length === 2)
  await tell(broker, 1, 150)
  await one.until(() => one.prompts().length === 100)
  one.socket.destroy()
  await once(one.socket, 'close')
  await broker.send(device, 'prompt', Buffer.alloc(0), true)
  await tell(broker, 151, 151)

  const two = await comes(broker)
  await two.until(() => two.prompts().length === 2)
  assert.deepEqual(
    said(two.prompts()),
    [0, 151],
    'the word that none is kept, and what came after it',
  )
})

test('P4-15 a device that lets ten thousand lie is let go: what it has not had it asks for when it comes again', async () => {
  const broker = await started()
  const heard: string[] = []
  broker.listen((name, what) => void heard.push(`${name} ${what}`))
  const lamp = await comes(broker)
  lamp.socket.write(listens)
  await lamp.until(() => lamp.told.length === 2)
  const closed = once(lamp.socket, 'close')
  await tell(broker, 1, 10_101)
  await closed
  assert.deepEqual([log, heard], [['mqtt_overrun'], [`${device} offline`]])
  const again = await comes(broker)
  assert.equal(again.told[0]!.body[0], 0, 'nothing waits for it')
})

test('P4-15 a device that reads nothing is let go, whether it is told or asks', async () => {
  const broker = await started()
  const lamp = await comes(broker)
  const atMostOnce = Buffer.from(listens)
  atMostOnce[atMostOnce.length - 1] = 0
  lamp.socket.write(atMostOnce)
  await lamp.until(() => lamp.told.length === 2)
  lamp.socket.pause()
  const large = Buffer.alloc(2 ** 16)
  for (let told = 0; broker.connected() > 0 && told < 1_000; told++)
    await broker.send(device, 'prompt', large, false)
  assert.deepEqual([broker.connected(), log], [0, ['mqtt_overrun']])
  await broker.send(device, 'prompt', large, true)
  const asks = await comes(broker)
  asks.socket.on('error', () => undefined).pause()
  const again = Buffer.concat(Array.from({ length: 50 }, () => atMostOnce))
  while (broker.connected() > 0)
    await new Promise<unknown>(written => asks.socket.write(again, written))
})

const asks = (first: number, id: number, ...topics: string[]) =>
  packet(first, Buffer.from([0, id]), ...topics.map(text))

test('P4-15 what a device listens to no more it is not told; who listens again has the last one kept', async () => {
  const broker = await started()
  const lamp = await comes(broker)
  lamp.socket.write(listens)
  await tell(broker, 1, 1)
  await lamp.until(() => lamp.prompts().length === 1)
  lamp.socket.write(puback(lamp.prompts()[0]!.id))
  lamp.socket.write(asks(0xa2, 9, topicOf(device, 'prompt'), topicOf('trm_other', 'prompt')))
  await lamp.until(() => lamp.told.at(-1)!.type === 11)
  assert.deepEqual([...lamp.told.at(-1)!.body], [0, 9])
  await tell(broker, 2, 3)
  lamp.socket.write(Buffer.from([0xc0, 0]))
  await lamp.until(() => lamp.told.at(-1)!.type === 13)
  assert.deepEqual(said(lamp.prompts()), [1])
  lamp.socket.write(listens)
  await lamp.until(() => lamp.prompts().length === 2)
  assert.deepEqual(said(lamp.prompts()), [1, 3])
})

/** A heartbeat with QoS 2, under a number. */
const beat = (id: number, isAgain = false) =>
  packet(
    ...[isAgain ? 0x3c : 0x34, text(topicOf(device, 'heartbeat')), Buffer.from([0, id])],
    Buffer.from('{}'),
  )
const letGo = (id: number) => Buffer.from([0x62, 2, 0, id])

test('P4-15 what a device says with QoS 2 is heard once, also said again after it was away, until it is let go', async () => {
  const broker = await started()
  const heard: string[] = []
  broker.listen((_, what) => void heard.push(what))
  const one = await comes(broker)
  const answers = ({ told }: typeof one, type: number) =>
    told.filter(answer => answer.type === type).map(({ body }) => body[1])
  one.socket.write(Buffer.concat([beat(7), beat(7, true), beat(8)]))
  await one.until(() => answers(one, 5).length === 3)
  assert.deepEqual(
    [answers(one, 5), heard],
    [
      [7, 7, 8],
      ['heartbeat', 'heartbeat'],
    ],
  )
  one.socket.destroy()
  await once(one.socket, 'close')
  while (heard.length < 3) await new Promise(setImmediate)
  const two = await comes(broker)
  two.socket.write(Buffer.concat([beat(7, true), letGo(7), letGo(8), beat(7)]))
  await two.until(() => answers(two, 5).length === 2)
  assert.deepEqual(
    [answers(two, 5), answers(two, 7)],
    [
      [7, 7],
      [7, 8],
    ],
  )
  assert.deepEqual(heard, ['heartbeat', 'heartbeat', 'offline', 'heartbeat'])
})

test('P4-15 a device that lets go of nothing is let go itself at a hundred; what it says otherwise is heard till then', async () => {
  const broker = await started()
  const heard: string[] = []
  broker.listen((_, what) => void heard.push(what))
  const lamp = await comes(broker)
  const closed = once(lamp.socket, 'close')
  for (const id of numbers(1, 100)) lamp.socket.write(beat(id))
  lamp.socket.write(packet(0x30, text(topicOf(device, 'heartbeat')), Buffer.from('{}')))
  lamp.socket.write(beat(101))
  await closed
  assert.deepEqual([heard.length, heard.at(-1)], [102, 'offline'])
})

test('P4-15 who comes under its own name again takes its own place, and who falls silent is gone', async () => {
  const broker = await started()
  const heard: string[] = []
  const gone = new Promise<void>(resolve =>
    broker.listen((_, what) => {
      if (heard.push(what) === 2) resolve()
    }),
  )
  const one = await comes(broker)
  const closed = once(one.socket, 'close')
  const two = await comes(broker, 1)
  await closed
  assert.equal(broker.connected(), 1)
  two.socket.write(Buffer.from([0xc0, 0]))
  await two.until(() => two.told.at(-1)!.type === 13)
  await gone
  assert.deepEqual(heard, ['offline', 'offline'])
})

test('P4-15 what is no packet, too long, or said before one is let in ends the connection', async () => {
  const broker = await started()
  const bad = {
    'a length of five bytes': [0x10, 128 | hello(0)[1]!, 128, 128, 128, 0, ...hello(0).subarray(2)],
    'longer than a device may say': [0x30, 0x81, 0x20],
    'cut off': [0x10, 4, 0, 9, 77, 81],
    'another protocol': [...packet(0x10, text('MQTT'), Buffer.from([5, 2, 0, 0]), text('x'))],
    'a word before it is let in': [0x30, ...hello(0).subarray(1)],
  }
  for (const [why, bytes] of Object.entries(bad)) {
    const socket = open(broker.port, '127.0.0.1').on('error', () => undefined)
    const closed = once(socket, 'close')
    socket.resume().write(Buffer.from(bytes))
    await closed
    assert.equal(broker.connected(), 0, why)
  }
  for (const bytes of [
    [0x36, 2, 0, 0],
    [0xf0, 0],
    [0x32, 3, 0, 9, 65],
  ]) {
    const { socket } = await comes(broker)
    const closed = once(socket, 'close')
    socket.write(Buffer.from(bytes))
    await closed
  }
  assert.equal(broker.connected(), 0)
})
