import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectAsync, type MqttClient } from 'mqtt'
import { listenTo } from '@bursar/database'
import { systemClock as clock, newId, type MerchantId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import {
  healthOf,
  hearNow,
  makeTerminal,
  openLines,
  readTerminal,
  stepTerminal,
  type Evidence,
  type Permission,
} from '@bursar/notices'
import { useCounters } from '@bursar/notices/testing'
import { admitsBy, forgetsEnded, houseOf, serveDevices, startBroker, topicOf } from './mqtt.ts'

const { town, counter } = useCounters()

const amountAlone: Permission = {
  ...{ fields: ['amount', 'platform'], actions: ['receive'], from: null, to: null },
  ...{ outlets: null, tills: null, hours: null, until: null },
}
const speaker: Omit<Parameters<typeof makeTerminal>[1], 'id' | 'merchant' | 'by'> = {
  ...{ kind: 'device', name: '音箱', ways: ['text', 'voice'], language: 'zh-CN' },
  ...{ zone: null, speaks: true, permission: amountAlone },
}
/** Twenty yuan, as the platform's callback tells. */
const twenty = (merchant: MerchantId): Evidence =>
  ({
    ...{
      merchant,
      source: 'callback',
      terminal: null,
      id: newId('evd'),
      outlet: null,
      till: null,
      text: null,
    },
    ...{ app: null, platform: 'alipay', kind: 'payment', orders: ['4200'], amount: cny('20.00') },
    ...{ payer: '木子', payee: null, way: null, at: new Date() },
  }) as const
const messageOn = (device: MqttClient, topic: string) =>
  new Promise<Record<string, unknown>>(resolve =>
    device.on('message', (at, payload) => {
      if (at === topic && payload.length > 0) resolve(JSON.parse(payload.toString()))
    }),
  )

const closed = (device: MqttClient) =>
  new Promise<void>(resolve => device.on('close', () => resolve()))
const beaten = async (id: `trm_${string}`, battery: number) => {
  while ((await readTerminal(town.books.sql, id)).battery !== battery)
    await new Promise(setImmediate)
}

/** Its plug is pulled: the broker says its last will, and nobody waits for two minutes. Then it connects again. */
async function unplugged(
  merchant: MerchantId,
  id: `trm_${string}`,
  at: string,
  who: Parameters<typeof connectAsync>[1],
) {
  const alarms = async () =>
    (await healthOf(town.books, merchant)).alarms.filter(one => one.terminal === id)
  assert.deepEqual(await alarms(), [])
  const will = { topic: topicOf(id, 'offline'), payload: Buffer.from('{}'), qos: 1 as const }
  const other = await connectAsync(at, { ...who, will: { ...will, retain: false } })
  other.stream.destroy()
  while ((await alarms())[0]?.code !== 'device_silent') await new Promise(setImmediate)
  return { alarms, back: await connectAsync(at, who) }
}

test(
  'P4-06 P4-15 P4-I1 a counter’s device is told by MQTT what came, is heard of, and is cut off once revoked',
  { timeout: 30_000 },
  async () => {
    const merchant = await counter()
    const { person: by } = await town.member(merchant, '1.00')
    const made = { ...speaker, id: newId('trm'), merchant, by }
    const { terminal, secret } = await makeTerminal(town.books, made)
    const log: string[] = []
    const keep = (event: string) => void log.push(event)
    const broker = await startBroker({
      port: 0,
      host: '127.0.0.1',
      admits: admitsBy(town.books, clock),
      log: keep,
    })
    const lines = openLines(town.books, clock)
    const deafen = listenTo(town.url, 'notices', lines)
    const serving = serveDevices(
      broker,
      houseOf({ books: town.books, clock, lines, log: keep }),
      keep,
    )
    const { id } = terminal
    const at = `mqtt://127.0.0.1:${broker.port}`
    const who = {
      clientId: id,
      username: id,
      password: secret,
      protocolVersion: 4,
      reconnectPeriod: 0,
    } as const
    const device = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, who)
    const prompt = messageOn(device, topicOf(id, 'prompt'))
    await device.subscribeAsync(topicOf(id, 'prompt'), { qos: 1 })
    await device.publishAsync(topicOf(id, 'hello'), '{}', { qos: 1 })
    await hearNow(town.books, [twenty(merchant)], new Date())
    const told = await prompt
    assert.deepEqual(told['amount'], { amount: '20.00', currency: 'CNY' })
    assert.deepEqual(
      [told['class'], told['platform'], 'payer' in told],
      ['received', 'alipay', false],
    )
    const beat = JSON.stringify({ battery: 87, acked: told['seq'] })
    await device.publishAsync(topicOf(id, 'heartbeat'), beat, { qos: 1 })
    await beaten(id, 87)
    assert.equal(String((await readTerminal(town.books.sql, id)).acked), told['seq'])
    const { alarms, back } = await unplugged(merchant, id, at, who)
    const ended = messageOn(back, topicOf(id, 'ended'))
    await back.subscribeAsync(topicOf(id, 'ended'), { qos: 1 })
    await back.publishAsync(topicOf(id, 'hello'), '{}', { qos: 1 })
    while ((await alarms()).length > 0) await new Promise(setImmediate)

    const gone = closed(back)
    await stepTerminal(town.books, { merchant, terminal: id, step: 'revoke', by })
    assert.deepEqual(await ended, { why: 'revoked' })
    await gone
    await assert.rejects(connectAsync(`mqtt://127.0.0.1:${broker.port}`, who))
    assert.deepEqual(log, ['mqtt_gone', 'mqtt_refused'])
    await serving.stop()
    lines.stop()
    await deafen()
  },
)

test('P4-15 P4-I1 of a device that is revoked while it is away the broker keeps no last prompt', async () => {
  const merchant = await counter()
  const { person: by } = await town.member(merchant, '1.00')
  const make = () => makeTerminal(town.books, { ...speaker, id: newId('trm'), merchant, by })
  const [away, there] = [await make(), await make()]
  const sent: string[][] = []
  const send = (...said: (string | Buffer | boolean)[]) => (
    sent.push(said.map(String)),
    Promise.resolve()
  )
  const log = (event: string) => void sent.push([event])
  const forget = forgetsEnded({ books: town.books, clock, carrier: { send }, log })
  const of = away.terminal.id
  await stepTerminal(town.books, { terminal: of, merchant, by, step: 'revoke' })
  for (const payload of [`${merchant} 17`, there.terminal.id, of, 'trm_nobody'])
    forget.heard(payload)
  while (sent.length < 2) await new Promise(setImmediate)
  assert.deepEqual(sent.toSorted(), [[of, 'prompt', '', 'true'], ['mqtt_failed']].toSorted())
})

test('P4-15 P4-I1 of more ended devices than are read at once the broker forgets each', async () => {
  const merchant = await counter()
  const { person: by } = await town.member(merchant, '1.00')
  const { terminal } = await makeTerminal(town.books, {
    ...{ ...speaker, id: newId('trm'), merchant, by },
  })
  const rows = Array.from({ length: 1_100 }, () => newId('trm'))
  await town.books.sql`
    insert into notices.terminal (id, merchant, kind, name, state, secret_hash, permission, ways, language, clock, speaks,
      since, acked, authorised_at)
    select w.id, t.merchant, t.kind, t.name, 'revoked', encode(sha256(w.id::bytea), 'hex'), t.permission, t.ways,
      t.language, t.clock, false, 0, 0, now()
    from notices.terminal t, unnest(${rows}::text[]) as w (id) where t.id = ${terminal.id}`
  const forgotten = new Set<string>()
  const send = (device: string) => (forgotten.add(device), Promise.resolve())
  const log = (event: string) => assert.fail(event)
  forgetsEnded({ books: town.books, clock, carrier: { send }, log }).missed()
  while (!rows.every(id => forgotten.has(id))) await new Promise(setImmediate)
  assert.equal(forgotten.has(terminal.id), false)
})

test('P4-15 P4-I1 of a device that was revoked while nobody listened the broker forgets the last prompt at the next start', async () => {
  const merchant = await counter()
  const { person: by } = await town.member(merchant, '1.00')
  const asked = { ...speaker, permission: amountAlone, merchant, by }
  const make = async () =>
    (await makeTerminal(town.books, { ...asked, id: newId('trm') })).terminal.id
  const [revoked, there, expired] = [await make(), await make(), await make()]
  await town.books.sql`
    update notices.terminal
    set permission = permission || jsonb_build_object('until', now() - interval '1 second')
    where id = ${expired}`
  await stepTerminal(town.books, { terminal: revoked, merchant, by, step: 'revoke' })
  const kept = new Map([revoked, expired, there].map(id => [id as string, '{"seq":"1"}']))
  const send = (device: string, _: string, payload: Buffer, keep: boolean) => {
    if (keep && payload.length === 0) kept.delete(device)
    return Promise.resolve()
  }
  const log = (event: string) => assert.fail(event)
  forgetsEnded({ books: town.books, clock, carrier: { send }, log }).missed()
  while (kept.size > 1) await new Promise(setImmediate)
  assert.deepEqual([...kept.keys()], [there])
})
