import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { answer } from './capture.ts'
import { beatOn, byKernel } from './heart.ts'
import { sendAll, type Answer } from './sender.ts'
import { itemOf, ofLine, ofTermux } from './shown.ts'
import { fromFile } from './sources.ts'
import { openStore, type Item } from './store.ts'

const at = new Date('2026-06-30T12:00:00Z')
const temporary = mkdtempSync(join(tmpdir(), 'agent-'))
after(() => rmSync(temporary, { recursive: true }))
const newFolder = () => mkdtempSync(join(temporary, 'of-'))
const file = (name = 'notices.jsonl') => join(newFolder(), name)
const item = (id: string): Item => ({
  id,
  source: 'phone',
  at: at.toISOString(),
  text: '微信支付收款0.01元',
})

test('P4-04 P4-10 what Android shows becomes receipts; what is none is neither kept nor sent', () => {
  const list = JSON.stringify([
    {
      id: 1,
      key: '0|com.tencent.mm|1',
      packageName: 'com.tencent.mm',
      title: '微信支付',
      content: '微信支付收款12.50元',
      when: '2026-06-30 19:58:00',
    },
    {
      id: 2,
      key: '0|com.tencent.mm|2',
      packageName: 'com.tencent.mm',
      title: '老王',
      content: '今晚吃什么',
      when: '2026-06-30 19:58:10',
    },
    {
      id: 3,
      key: '0|com.android.mms|3',
      packageName: 'com.android.mms',
      title: '95568',
      content: '账户*0936于06月29日09:54存入￥100.00元，可用余额100.01元。【民生银行】',
      when: '2026-06-29 09:54:20',
    },
  ])
  const items = ofTermux(list, at).map(itemOf)
  assert.equal(items[1], null)
  assert.deepEqual(items[0]?.amount, { amount: '12.50', currency: 'CNY' })
  assert.deepEqual(
    [items[0]?.source, items[0]?.platform, items[2]?.source, items[2]?.way],
    ['phone', 'wechat-pay', 'sms', '民生银行'],
  )
  assert.deepEqual([items[0]?.app, items[2]?.app], ['com.tencent.mm', '95568'])
  const forged = ofTermux(list.replaceAll('com.android.mms', 'com.somebody.sms'), at).map(itemOf)
  assert.equal(forged[2]?.app, 'com.somebody.sms', 'an app that calls itself a bank is no number')
  // The list is read every two seconds: what it still shows is the same notice.
  assert.deepEqual(
    ofTermux(list, new Date())
      .map(itemOf)
      .map(one => one?.id),
    items.map(one => one?.id),
  )
  assert.equal(
    ofLine('95568\t账户*0936于06月29日09:54存入￥100.00元。【民生银行】', at)?.sender,
    '95568',
  )
})

test('P4-12 what was shown is on the disk before it goes anywhere, once, and is there after a power cut', () => {
  const path = file()
  const store = openStore(path)
  assert.deepEqual(
    [store.keep(item('a')), store.keep(item('b')), store.keep(item('a'))],
    [true, true, false],
  )
  assert.equal(readFileSync(path, 'utf8').trim().split('\n').length, 2)
  store.sent(1)
  store.close()
  appendFileSync(path, '{"id":"torn')
  const again = openStore(path)
  assert.deepEqual(
    again.all().map(({ id }) => id),
    ['a', 'b'],
  )
  assert.deepEqual(
    again.unsent(10).map(({ id }) => id),
    ['b'],
  )
  assert.equal(again.keep(item('c')), true)
  again.close()
  assert.deepEqual(
    openStore(path)
      .all()
      .map(({ id }) => id),
    ['a', 'b', 'c'],
  )
})

test('F26 offline nothing is lost: it is sent later, in batches, with its own ids and times', async () => {
  const store = openStore(file())
  for (let i = 0; i < 450; i++) store.keep(item(`n${i}`))
  const got: string[] = []
  let answers: Answer[] = ['later']
  const post = async (items: readonly Item[]) => {
    const said = answers.shift() ?? 'taken'
    if (said === 'taken') got.push(...items.map(({ id }) => id))
    return said
  }
  assert.equal(await sendAll(store, post, () => undefined), false)
  assert.equal(store.unsent(500).length, 450)
  answers = ['taken', 'later']
  assert.equal(await sendAll(store, post, () => undefined), false)
  assert.equal(got.length, 200)
  assert.equal(await sendAll(store, post, () => undefined), true)
  assert.deepEqual(
    got,
    Array.from({ length: 450 }, (_, i) => `n${i}`),
  )
})

test('one item that the house refuses does not hold up the others, and is named', async () => {
  const store = openStore(file())
  for (const id of ['a', 'bad', 'c']) store.keep(item(id))
  const [got, bad]: [string[], string[]] = [[], []]
  const post = async (items: readonly Item[]): Promise<Answer> => {
    if (items.some(({ id }) => id === 'bad')) return 'refused'
    got.push(...items.map(({ id }) => id))
    return 'taken'
  }
  assert.equal(await sendAll(store, post, ({ id }) => void bad.push(id)), true)
  assert.deepEqual([got, bad, store.unsent(9).length], [['a', 'c'], ['bad'], 0])
})

test('P4-04 a file that grows is heard line by line, in GBK too, and a half line waits for its end', () => {
  const path = file('sms.txt')
  const heard: string[] = []
  const ids: (string | undefined)[] = []
  const source = fromFile(path)
  const listen = () =>
    source(
      ({ text, id }) => (heard.push(text), ids.push(id)),
      error => assert.fail(error as Error),
    )
  // 支付宝到账 in GBK, and a line that is not ended yet.
  const gbk = Buffer.from('d6a7b8b6b1a6b5bdd5cb', 'hex')
  writeFileSync(path, Buffer.concat([gbk, Buffer.from('1.00\n微信支付收款')]))
  listen()()
  assert.deepEqual(heard, ['支付宝到账1.00'])
  appendFileSync(path, '2.00元\n')
  listen()()
  assert.deepEqual(heard.slice(1), ['支付宝到账1.00', '微信支付收款2.00元'])
  assert.equal(ids[0], ids[1])
})

test('P4-08 F27 capture apps are heard when they sign with the terminal’s key, lately, and once', () => {
  const kept: Item[] = []
  const options = {
    keys: { trm_main: 'key of the main' },
    now: () => at,
    keep: (_: string, one: Item) => void (kept.some(({ id }) => id === one.id) || kept.push(one)),
    alive: () => undefined,
  }
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  const t = String(at.getTime())
  const push = (
    price: string,
    type = '1',
    key = 'key of the main',
    time = t,
    path = '/trm_main/appPush',
  ) => answer(path, { t: time, type, price, sign: md5(type + price + time + key) }, options).code
  assert.equal(
    answer('/trm_main/appHeart', { t, sign: md5(`${t}key of the main`) }, options).code,
    1,
  )
  assert.equal(push('12.5'), 1)
  assert.equal(push('12.5'), 1)
  assert.deepEqual(
    kept.map(({ amount, platform }) => [amount?.amount, platform]),
    [['12.50', 'wechat-pay']],
  )
  assert.equal(push('12.50', '2'), 1)
  const old = String(at.getTime() - 6 * 60_000)
  const bad = [
    push('12.5', '1', 'another key'),
    push('12.5', '1', ''),
    push('12.5', '1', 'key of the main', old),
    push('0'),
    push('12.505'),
    push('1e3'),
    push('12', '3'),
    push('12', '1', 'key of the main', t, '/trm_other/appPush'),
    push('12', '1', '', t, '/constructor/appPush'),
    answer('/trm_main/appPush', { t, type: '1', price: '12' }, options).code,
  ]
  assert.deepEqual(
    bad,
    bad.map(() => -1),
  )
  assert.equal(kept.length, 2)
})

test('P4-05 P4-I5 the main’s program beats with battery, version and last notice, and a rehearsal comes back from it', async () => {
  const beats: Record<string, unknown>[] = []
  const prompt = { seq: '8', class: 'received', rehearsal: true }
  const server = createServer((request, reply) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://house')
    if (pathname.endsWith('/prompts')) {
      const rows = searchParams.get('after') === null ? [prompt] : []
      return void reply.end(JSON.stringify({ rows, place: '9', more: false }))
    }
    let body = ''
    request.on('data', part => (body += String(part)))
    request.on('end', () => {
      beats.push({ ...JSON.parse(body), secret: request.headers['terminal-secret'] })
      reply.end(JSON.stringify({ now: at.toISOString(), seq: '9', silent: [] }))
      if (beats.length === 2) server.emit('acknowledged')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const told: string[] = []
  const stop = beatOn({
    ...{ house: `http://127.0.0.1:${port}`, terminal: 'trm_main', secret: 'nts_a' },
    facts: async () => ({ program: 'agent 0.1.0', battery: 64 }),
    shown: () => at,
    told: ({ seq, rehearsal }) => void told.push(`${seq} ${rehearsal}`),
    failed: error => assert.fail(error as Error),
  })
  await once(server, 'acknowledged')
  stop()
  server.close()
  const said = { program: 'agent 0.1.0', battery: 64, shown: at.toISOString(), secret: 'nts_a' }
  assert.deepEqual(beats, [said, { ...said, acked: '9' }])
  assert.deepEqual(told, ['8 true'])
})

test('the battery of a box is read where Linux has it, and one that is plugged in has none', () => {
  const folder = newFolder()
  const put = (name: string, files: Record<string, string>) => {
    mkdirSync(join(folder, name))
    for (const [of, text] of Object.entries(files)) writeFileSync(join(folder, name, of), text)
  }
  put('AC', { type: 'Mains\n', online: '1\n' })
  assert.equal(byKernel(folder), undefined)
  put('BAT0', { type: 'Battery\n', capacity: '83\n' })
  assert.equal(byKernel(folder), 83)
  assert.equal(byKernel(join(folder, 'nowhere')), undefined)
})
