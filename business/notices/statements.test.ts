import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type MerchantId } from '@bursar/kernel'
import { hearNow } from './hear.ts'
import { readStatement } from './statement.ts'
import { takeStatement, type StatementAsk } from './statements.ts'
import { useCounters } from './testing.ts'
import type { Evidence } from './words.ts'

const { town, counter, prompts } = useCounters()
const utf8 = (...lines: string[]) => Buffer.from(lines.join('\r\n'))

/** Node reads GBK and does not write it: its reader, turned round. */
function gbk(text: string): Buffer {
  const reader = new TextDecoder('gbk')
  const codes = new Map<string, number[]>()
  for (let high = 0x81; high <= 0xfe; high++)
    for (let low = 0x40; low <= 0xfe; low++)
      codes.set(reader.decode(Uint8Array.of(high, low)), [high, low])
  return Buffer.from(
    [...text].flatMap(one => (one < '\u0080' ? one.charCodeAt(0) : codes.get(one)!)),
  )
}

const now = new Date('2026-11-20T12:00:00+08:00')
const phone = (
  merchant: MerchantId,
  at: string,
  minor: bigint,
  more: Partial<Evidence> = {},
): Evidence => ({
  ...{
    merchant,
    source: 'phone',
    terminal: newId('trm'),
    id: at,
    platform: 'wechat-pay',
    kind: 'payment',
  },
  ...{ orders: [], amount: { minor, currency: 'CNY' }, payer: null, payee: null, way: null },
  ...{ at: new Date(at), outlet: null, till: null, text: null, app: null, ...more },
})
const take = (merchant: MerchantId, bytes: Uint8Array, more: Partial<StatementAsk> = {}) =>
  takeStatement(town.books, {
    ...{ merchant, platform: 'wechat-pay', outlet: null, bytes, preview: false, now, ...more },
  })

const wechat = utf8(
  '微信支付账单明细,,,',
  '共 5 笔记录,,,',
  '交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号',
  '2026-11-20 09:00:30,二维码收款,李晓梅,"茶, 一壶",收入,¥38.00,/,已收钱,4200000000000001,/',
  '2026-11-20 09:10:00,二维码收款,王强,茶,收入,¥20.00,/,已收钱,4200000000000002,/',
  '2026-11-20 09:20:00,二维码收款,陈,茶,收入,¥15.50,/,已收钱,4200000000000003,/',
  '2026-11-20 09:30:00,扫二维码付款,菜场,菜,支出,¥99.00,零钱,支付成功,4200000000000004,/',
  '2026-11-20 0九:40:00,二维码收款,赵,茶,收入,一元,/,已收钱,4200000000000005,/',
)

test('P4-I5 a shop’s own statement bears out what a phone told of, alarms where the sum is another, and tells late what nobody told of', async () => {
  const merchant = await counter({ openedAt: new Date('2026-11-01T00:00:00Z') })
  await town.database.owner.script(
    `update notices.counter set opened_at = '2026-11-01' where merchant = '${merchant}'`,
  )
  await hearNow(
    town.books,
    [
      phone(merchant, '2026-11-20T09:00:31+08:00', 3800n),
      phone(merchant, '2026-11-20T09:10:01+08:00', 20000n, { orders: ['4200000000000002'] }),
    ],
    new Date('2026-11-20T09:11:00+08:00'),
  )
  const seen = await prompts(merchant)
  const looked = await take(merchant, wechat, { preview: true })
  const outcomes = { new: 1, raised: 1, filtered: 0, contradicts: 1, unreadable: 0 }
  const told = { rows: 3, others: 1, older: 0, unread: [{ line: 8, why: 'amount' }], outcomes }
  assert.deepEqual(looked, told)
  assert.deepEqual(await prompts(merchant), seen, 'looked at, it has done nothing')
  assert.deepEqual(await take(merchant, wechat), told)
  const after = (await prompts(merchant)).slice(seen.length)
  assert.deepEqual(
    after.map(one => [one.class, one.minor, one.late]),
    [
      ['received', 3800n, true],
      ['contradicted', 2000n, true],
      ['received', 2000n, true],
      ['received', 1550n, true],
    ],
  )
  const rows = await town.books.sql<{ grade: string }>`
    select grade from notices.notice where merchant = ${merchant}`
  assert.deepEqual(
    rows.map(({ grade }) => grade),
    ['A+', 'A+', 'A+'],
  )
  assert.deepEqual(await take(merchant, wechat), told, 'taken in twice')
  assert.equal((await prompts(merchant)).length, seen.length + 4)
})

test('P4-I5 what is older than the counter or than forty days is left; without a counter nothing is taken', async () => {
  const merchant = await counter()
  await town.database.owner.script(
    `update notices.counter set opened_at = '2026-11-20T09:05:00+08:00' where merchant = '${merchant}'`,
  )
  const day = utf8(
    '日期,收入,对方户名',
    '2026-11-19,5.00,甲',
    '2026-11-20,6.00,乙',
    '2026-10-01,7.00,丙',
  )
  const { rows, older, outcomes } = await take(merchant, day, { platform: 'bank' })
  assert.deepEqual([rows, older, outcomes.new], [3, 2, 1])
  await assert.rejects(take(await town.merchant(), day), { code: 'no_open_counter' })
  const outlet = newId('out')
  await town.books.sql`
    insert into parties.outlet (id, merchant, name, address)
    values (${outlet}, ${await town.merchant()}, '别家', '巨鹿路 1 号')`
  await assert.rejects(take(merchant, day, { outlet }), {
    code: 'outlet_of_another_merchant',
    facts: { field: 'outlet' },
  })
})

test('P4-04 a bank’s table is read in GBK, by the names of its columns, with its sums and times as banks write them', () => {
  const lines = [
    '账号：,6222****1234,户名：,老茶馆',
    '序号\t交易日期\t交易时间\t借方发生额\t贷方发生额\t余额\t对方户名\t交易流水号',
    '1\t20261120\t09:00:30\t\t1,234.50\t9,000.00\t李晓梅\tABC20261120001',
    '2\t20261120\t100000\t80.00\t\t8,920.00\t电力公司\tABC20261120002',
    '3\t2026年11月20日\t10:30\t0.00\t0.50\t8,920.50\t\tABC20261120003',
    '合计\t\t\t80.00\t1,235.00\t\t\t',
  ]
  const { rows, others, unread } = readStatement(gbk(lines.join('\n')), 'CNY')
  assert.deepEqual([others, unread], [1, []])
  assert.deepEqual(
    rows.map(({ kind, amount, payer, orders, at }) => [
      kind,
      amount.minor,
      payer,
      ...orders,
      at.toISOString(),
    ]),
    [
      ['payment', 123450n, '李晓梅', 'ABC20261120001', '2026-11-20T01:00:30.000Z'],
      ['payment', 50n, null, 'ABC20261120003', '2026-11-20T02:30:00.000Z'],
    ],
  )
})

test('P4-04 a platform’s own bill is read too: refunds as refunds, what is closed not at all, equal lines as two', () => {
  const bill = utf8(
    '#支付宝业务明细查询',
    '支付宝交易号,商户订单号,业务类型,完成时间,对方账户,订单金额（元）',
    '2026112022001,T1,交易,2026/11/20 09:00,*梅,38.00',
    '2026112022001,T1,退款,2026/11/20 09:30,*梅,-8.00',
    '#------业务明细列表结束------',
  )
  const { rows } = readStatement(bill, 'CNY')
  assert.deepEqual(
    rows.map(({ kind, amount }) => [kind, amount.minor]),
    [
      ['payment', 3800n],
      ['refund', 800n],
    ],
  )
  const alike = readStatement(utf8('time,amount', '2026-11-20,5.00', '2026-11-20,5.00'), 'CNY').rows
  assert.equal(new Set(alike.map(({ id }) => id)).size, 2)
})

test('P4-04 what is no statement is refused at its field', () => {
  const unreadable = { code: 'statement_unreadable', facts: { field: 'data' } }
  for (const bytes of [
    utf8('hello'),
    utf8('日期,收入'),
    utf8('名称,数量', '茶,3'),
    Buffer.from([0x50, 0x4b, 0x03, 0x04, 0xff, 0xff, 0x80]),
    Buffer.alloc(0),
  ])
    assert.throws(() => readStatement(bytes, 'CNY'), unreadable)
  const long = utf8('日期,收入', ...Array.from({ length: 5_001 }, () => '2026-11-20,1.00'))
  assert.throws(() => readStatement(long, 'CNY'), { code: 'statement_too_long' })
})
