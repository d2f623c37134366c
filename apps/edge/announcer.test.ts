import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { connectAsync } from 'mqtt'
import { topicOf } from '@bursar/gateway-mqtt'
import { eventsOf, overMqtt, waitAfter } from './inlets.ts'
import { serveLocally, type Device } from './local.ts'
import { toLamp, toLine, toMotor, toSpeaker } from './outputs.ts'
import { announcer, type Prompt, type Told } from './speaker.ts'
import type { Item } from './store.ts'

const folder = mkdtempSync(join(tmpdir(), 'announcer-'))
after(() => rmSync(folder, { recursive: true }))
const prompt = (seq: number, more: Partial<Prompt> = {}): Prompt => ({
  seq: String(seq),
  notice: `ntc_${seq}`,
  class: 'received',
  kind: 'payment',
  told: new Date().toISOString(),
  late: false,
  rehearsal: false,
  ways: ['text', 'voice', 'vibration'],
  language: 'zh-CN',
  amount: { amount: '200.50', currency: 'CNY' },
  platform: 'alipay',
  ...more,
})
const fail = (error: unknown) => assert.fail(error as Error)

test('P4-18 P4-19 P4-20 the first of each is told, one after the other; what comes again is filtered', async () => {
  const told: string[] = []
  let playing = 0
  const output = async ({ text }: Told) => {
    assert.equal(++playing, 1)
    await new Promise(resolve => setImmediate(resolve))
    playing--
    told.push(text)
  }
  const box = announcer([output], fail, ['ntc_9/received'])
  await Promise.all(
    [
      prompt(1),
      prompt(1),
      prompt(2, { language: 'en' }),
      prompt(1, { class: 'checked' }),
      prompt(9),
      prompt(2),
    ].map(box.hear),
  )
  assert.deepEqual(told, [
    '支付宝到账二百元五角',
    'Alipay received two hundred yuan and fifty fen',
    '已核对：支付宝到账二百元五角',
  ])
  assert.equal(box.filtered(), 3)
})

test('P4-29 F27 what a phone says is shown as unverified, never spoken; silence stays silent; nothing is dropped', async () => {
  const told: Told[] = []
  const faults: unknown[] = []
  const box = announcer([async one => void told.push(one)], error => void faults.push(error))
  await box.hear(prompt(1, { class: 'seen' }))
  await box.hear(prompt(2, { ways: ['text'] }))
  const { amount: _, ...hidden } = prompt(3)
  await box.hear(hidden)
  await box.hear(prompt(4, { code: '47', late: true }))
  await box.hear(prompt(5, { amount: { amount: '1.00', currency: 'USD' } }))
  await box.hear(prompt(6, { large: true }))
  assert.deepEqual(
    told.map(({ text }) => text),
    [
      '待核实：支付宝到账二百元五角',
      '支付宝到账二百元五角',
      '支付宝到账',
      '稍早前支付宝到账二百元五角核对码四七',
      'payment alipay 1.00 USD',
      '大额：支付宝到账二百元五角',
    ],
  )
  assert.deepEqual(
    told.map(({ sound }) => sound !== undefined),
    [false, false, true, true, false, true],
  )
  assert.equal(faults.length, 1)
})

test('P4-18 P4-29 F27 what is unverified is one soft tone, two sums are four; neither is a word, and both are silent where the house says so', async () => {
  const told: Told[] = []
  const box = announcer([async one => void told.push(one)], fail)
  await box.hear(prompt(1, { class: 'seen', ways: ['text'], soft: true }))
  await box.hear(prompt(2, { class: 'seen', ways: ['text'] }))
  await box.hear(prompt(3, { class: 'contradicted', ways: ['text'], soft: true }))
  await box.hear(prompt(4, { class: 'contradicted' }))
  await box.hear(prompt(5, { class: 'contradicted', ways: ['text'] }))
  const old = new Date(Date.now() - 700_000).toISOString()
  await box.hear(prompt(6, { class: 'seen', ways: ['text'], soft: true, told: old }))
  assert.ok(told.every(({ sound }) => sound === undefined))
  const lengths = told.map(({ tone }) => tone && Math.round((tone.length - 44) / 2 / 16_000 / 0.15))
  assert.deepEqual(lengths, [1, undefined, 4, 4, undefined, undefined])
})

test('P4-I1 a box that the house refuses asks ever less, and one whose house is away asks every second', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8].reduce<number[]>(
    all => [...all, waitAfter(true, all.at(-1)!)],
    [1_000],
  )
  assert.deepEqual(waits.slice(0, 4), [1_000, 2_000, 4_000, 8_000])
  assert.equal(waits.at(-1), 60_000)
  assert.equal(waitAfter(false, 60_000), 1_000)
})

test('P4-I4 what waited behind a slow output, or for a line that was broken, is told as late there and nowhere else; what is old is shown', async () => {
  const start = Date.now()
  let clock = start
  const [slow, lamp]: [Told[], Told[]] = [[], []]
  const outputs = [
    async (one: Told) => {
      slow.push(one)
      // It holds the line for as long as a maker's cloud is given.
      clock += 31_000
    },
    async (one: Told) => void lamp.push(one),
  ]
  const box = announcer(outputs, fail, [], () => new Date(clock))
  const told = (ago: number) => ({ told: new Date(start - ago).toISOString() })
  await Promise.all([prompt(1, told(0)), prompt(2, told(0))].map(box.hear))
  clock = start
  await box.hear(prompt(3, told(3_600_000)))
  const [now, earlier] = ['支付宝到账二百元五角', '稍早前支付宝到账二百元五角']
  assert.deepEqual(
    slow.map(({ text, sound }) => [text, sound !== undefined]),
    [
      [now, true],
      [earlier, true],
      [earlier, false],
    ],
  )
  assert.equal(lamp.length, 3)
})

test('P4-15 P4-21 a loudspeaker by ALSA, a line, a lamp, a motor: sample by sample what was to be said', async t => {
  const path = (name: string) => join(folder, name)
  const told: Told[] = []
  const outputs = [
    toLine(path('line')),
    toLamp(path('lamp')),
    toMotor(path('motor')),
    async (one: Told) => void told.push(one),
  ]
  const box = announcer(outputs, fail)
  await box.hear(prompt(1, { class: 'seen' }))
  await box.hear(prompt(1))
  await box.hear(prompt(2, { kind: 'refund' }))
  assert.equal(readFileSync(path('lamp'), 'utf8'), 'amber\ngreen\nred\n')
  assert.equal(readFileSync(path('motor'), 'utf8'), '150\n200 100 200\n800 200 800\n')
  assert.match(
    readFileSync(path('line'), 'utf8'),
    /^待核实：.*\n支付宝到账二百元五角\n退款支付宝退还顾客二百元五角\n$/,
  )
  if (spawnSync('aplay', ['--version']).error) return t.skip('aplay is not on this machine')
  const out = path('out.raw')
  writeFileSync(
    path('asound.conf'),
    `pcm.tofile { type file slave.pcm { type null } file "${out}" format raw }\n`,
  )
  process.env['ALSA_CONFIG_PATH'] = path('asound.conf')
  const { sound } = told[1]!
  await toSpeaker('tofile')(told[1]!)
  const played = readFileSync(out)
  assert.deepEqual(played.subarray(0, sound!.length - 44), sound!.subarray(44))
  await assert.rejects(toSpeaker('no_such_device')(told[1]!), /aplay/)
})

test('server-sent events are read however the network has cut them', async () => {
  const bytes = Buffer.from(
    'id: 41\nevent: prompt\ndata: {"a":"二百"}\n\n: nothing\n\nevent: ended\ndata: {"why":"revoked"}\n\n',
  )
  async function* cut() {
    for (const byte of bytes) yield Uint8Array.of(byte)
  }
  const events = []
  for await (const event of eventsOf(cut())) events.push(event)
  assert.deepEqual(events, [
    { type: 'prompt', data: '{"a":"二百"}', id: '41' },
    { type: 'ended', data: '{"why":"revoked"}', id: '' },
  ])
})

const receipt = (id: string, amount: string, more: Partial<Item> = {}): Item => ({
  id,
  source: 'phone',
  at: '2026-06-30T11:59:50.000Z',
  platform: 'wechat-pay',
  kind: 'payment',
  amount: { amount, currency: 'CNY' },
  ...more,
})
const device: Device = {
  terminal: 'trm_box',
  secret: 'of the box',
  language: 'zh-CN',
  ways: ['text', 'voice'],
}
const house = {
  port: 0,
  host: '127.0.0.1',
  log: () => undefined,
  now: () => new Date('2026-06-30T12:00:00Z'),
}

test('P4-22 without a house the main tells its devices itself: once, as unverified, and what was missed', async () => {
  const local = await serveLocally([device], [receipt('old', '1.00')], house)
  const told: string[] = []
  const waits: (() => void)[] = []
  const until = async (count: number) => {
    while (told.length < count) await new Promise<void>(resolve => waits.push(resolve))
  }
  const box = announcer(
    [
      async ({ text, sound }) => {
        told.push(`${text}${sound ? '!' : ''}`)
        for (const wait of waits.splice(0)) wait()
      },
    ],
    fail,
    [],
    house.now,
  )
  const inlet = overMqtt(
    `mqtt://127.0.0.1:${local.port}`,
    { terminal: device.terminal, secret: device.secret, after: '0' },
    {
      prompt: one => void box.hear(one),
      ended: () => undefined,
      failed: () => undefined,
    },
  )
  await until(1)
  assert.equal(local.tell(receipt('a', '12.50', { orders: ['4200'] })), true)
  assert.equal(local.tell(receipt('b', '12.50', { orders: ['4200'] })), false)
  assert.equal(local.tell(receipt('c', '12.50', { orders: ['4201'] })), true)
  await until(3)
  assert.deepEqual(told, [
    '待核实：微信支付到账一元',
    '待核实：微信支付到账十二元五角',
    '待核实：微信支付到账十二元五角',
  ])
  await assert.rejects(
    connectAsync(`mqtt://127.0.0.1:${local.port}`, {
      clientId: 'trm_box',
      username: 'trm_box',
      password: 'guessed',
      protocolVersion: 4,
      reconnectPeriod: 0,
    }),
  )
  assert.equal(topicOf('trm_box', 'prompt'), 'bursar/trm_box/prompt')
  await inlet.stop()
  await local.stop()
})

test('P4-22 P4-08 F27 without a house a bank’s own SMS is spoken where the owner allows it; a phone’s word, and anybody’s SMS, never', async () => {
  const said = async (threshold?: 'A' | 'B') => {
    const local = await serveLocally([device], [], { ...house, ...(threshold && { threshold }) })
    const sms = { source: 'sms', platform: 'bank', app: '95588' } as const
    local.tell(receipt('a', '12.50'))
    local.tell(receipt('b', '12.50', sms))
    local.tell(receipt('c', '7.00', { ...sms, app: '106900000' }))
    local.tell(receipt('d', '8.00', { ...sms, orders: ['9'] }))
    assert.equal(local.tell(receipt('e', '8.00', { ...sms, orders: ['9'], app: 'x' })), false)
    assert.equal(local.tell(receipt('f', '8.00', { ...sms, orders: ['9'] })), false)
    const told: Told[] = []
    const all = Promise.withResolvers<void>()
    const keep = async (one: Told) => void (told.push(one) === 4 && all.resolve())
    const box = announcer([keep], fail, [], house.now)
    const inlet = overMqtt(
      `mqtt://127.0.0.1:${local.port}`,
      { terminal: device.terminal, secret: device.secret, after: '0' },
      { prompt: one => void box.hear(one), ended: () => undefined, failed: () => undefined },
    )
    await all.promise
    await inlet.stop()
    await local.stop()
    return told.map(({ sound, tone }) => (sound ? 'spoken' : tone ? 'tone' : 'shown')).join(' ')
  }
  assert.equal(await said(), 'tone tone tone tone')
  assert.equal(await said('B'), 'tone spoken tone spoken')
})
