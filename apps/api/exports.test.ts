import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { columnsOf } from './columns.ts'
import { clockOf, harmless } from './exports.ts'
import { routes } from './routes.ts'
import { labelOf, titleOf, wordOf } from './sheet-words.ts'
import { useApi } from './testing.ts'

const api = useApi()
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

test('a list as CSV is whole, filtered as asked, in the caller’s language, and runs nothing', async () => {
  const reviewer = await api.as('reviewer')
  for (let i = 0; i < 3; i++) await api.merchant({ name: `=HYPERLINK("x")${i}` })
  await api.merchant({ name: '老茶馆' })
  const csv = async (language: string, query = '') => {
    const headers = { accept: 'text/csv', 'accept-language': language }
    const answer = await reviewer.get(`/v1/parties/merchants${query}`, { headers })
    assert.equal(answer.headers['content-type'], 'text/csv; charset=utf-8')
    assert.match(
      String(answer.headers['content-disposition']),
      /^attachment; filename="merchants-\d{4}-\d\d-\d\d\.csv"$/,
    )
    return answer.body
  }
  const whole = await csv('zh-CN', '?limit=1')
  assert.ok(whole.startsWith('\ufeff编号,名称,行业,'))
  const lines = whole.trim().split('\r\n')
  assert.equal(lines.length, 5, 'a limit is for pages, a sheet is whole')
  assert.equal(lines.filter(line => line.includes(`,"'=HYPERLINK(`)).length, 3)
  assert.ok(lines[1]!.includes(',茶馆,') && lines[1]!.includes(',营业中,'))
  const filtered = await csv('en', '?q=老茶馆')
  assert.ok(filtered.startsWith('\ufeffId,Name,Trade,'))
  assert.equal(filtered.trim().split('\r\n').length, 2)
})

test('a sheet’s times are those of the pages, and the title says by which clock', async () => {
  const [reviewer, by] = [await api.as('reviewer'), await api.person()]
  await api.books.sql`
    insert into parties.merchant (id, name, trade, licence, representative, address, payee_bank,
      payee_account, payee_name, applied_by, applied_at)
    values (${newId('mer')}, '时间', 'carwash', 'times', '王', '上海', '银行', '1', '王', ${by}, '2026-11-29T17:20:30.492Z')`
  const sheet = async (language: string) => {
    const headers = { accept: 'text/csv', 'accept-language': language }
    return (await reviewer.get('/v1/parties/merchants?q=时间', { headers })).body
  }
  assert.match(await sheet('zh-CN'), /,申请时间（北京时间）[^]*,2026-11-30 01:20:30/)
  assert.match(await sheet('en'), /,Applied at \(UTC\+8\)[^]*,2026-11-30 01:20:30/)
  assert.doesNotMatch(await sheet('en'), /\dZ/)
  assert.equal(clockOf(new Date('2026-11-29T16:00:00Z')), '2026-11-30 00:00:00')
})

test('a platform is called by its name on a sheet, and a word means what its list means by it', () => {
  assert.deepEqual([wordOf('alipay', 'zh-CN'), wordOf('alipay', 'en')], ['支付宝', 'Alipay'])
  assert.equal(wordOf('another-platform', 'en'), 'another-platform')
  const breaks = '/v1/reconciliation/breaks'
  assert.deepEqual([wordOf('open', 'zh-CN', breaks), wordOf('open', 'zh-CN')], ['未处理', '正常'])
  for (const [, { exports, path, reply }] of routes)
    if (exports && path === breaks)
      assert.deepEqual(
        columnsOf(reply).flatMap(({ path: [first, ...rest], kind }) =>
          first === 'gateway' || rest.at(-1) === 'state' ? [kind] : [],
        ),
        ['word', 'word'],
      )
})

test('a sheet has every page of a long list, each row once', async () => {
  const [reviewer, by] = [await api.as('reviewer'), await api.person()]
  await api.books.sql`
    insert into parties.merchant (id, name, trade, licence, representative, address, payee_bank,
      payee_account, payee_name, applied_by)
    select 'mer_' || lpad(i::text, 26, '0'), '长 ' || i, 'hair', 'long-' || i, '王', '上海', '银行', '1', '王', ${by}
    from generate_series(1, 450) i`
  const { body } = await reviewer.get('/v1/parties/merchants?trade=hair', {
    headers: { accept: 'text/csv' },
  })
  const ids = body
    .trim()
    .split('\r\n')
    .slice(1)
    .map(line => line.split(',', 1)[0])
  assert.equal(new Set(ids).size, 450)
  assert.equal(ids.length, 450)
})

test('a list as XLSX is a workbook', async () => {
  const reviewer = await api.as('reviewer')
  const answer = await reviewer.get('/v1/parties/merchants', { headers: { accept: xlsx } })
  assert.equal(answer.headers['content-type'], xlsx)
  assert.equal(answer.rawPayload.subarray(0, 2).toString(), 'PK')
})

test('a sheet that is refused is a problem, not a half file', async () => {
  const answer = await api.guest.get('/v1/parties/merchants', { headers: { accept: 'text/csv' } })
  assert.deepEqual([answer.statusCode, answer.json().code], [401, 'sign_in_first'])
})

test('every column of every sheet, and every word of a state, has its name in both languages', () => {
  const unnamed: string[] = []
  for (const [name, route] of routes.filter(([, { exports }]) => exports)) {
    for (const step of columnsOf(route.reply).flatMap(({ path }) => path))
      if (labelOf([step], 'zh-CN') === step) unnamed.push(`${name} ${step}`)
    const few = JSON.stringify(route.reply).matchAll(/"const":("\w+")|"enum":\[([^\]]*)\]/g)
    for (const word of [...few].flatMap(([, one, many]) => (one ?? many!).split(',')))
      if (wordOf(JSON.parse(word), 'zh-CN') === JSON.parse(word)) unnamed.push(`${name} ${word}`)
  }
  assert.deepEqual(unnamed, [])
})

test('no sheet has two columns of one name, in either language', () => {
  const twice: string[] = []
  for (const [name, route] of routes.filter(([, { exports }]) => exports))
    for (const locale of ['zh-CN', 'en'] as const) {
      const titles = columnsOf(route.reply).map(column => titleOf(column, locale))
      const more = titles.filter((title, i) => titles.indexOf(title) < i)
      twice.push(...more.map(title => `${name} ${title}`))
    }
  assert.deepEqual(twice, [])
})

for (const first of ['=', '+', '-', '@', '\t', '\r'])
  test(`a cell that begins with ${JSON.stringify(first)} is only text`, () => {
    assert.equal(harmless(`${first}1+1`), `'${first}1+1`)
    assert.equal(harmless(`1${first}1`), `1${first}1`)
  })
