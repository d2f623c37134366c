/** A refused refund over HTTP: the guest names a bank account, a reviewer decides, nobody reads the number. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { bankAnswered } from '@bursar/settlement'
import { left, useShops, wish } from '../custody/testing.ts'

const { api, shop, member, watcher } = await useShops()

/** A guest whose platform has refused 10.00 for good. */
async function refused() {
  const { id: merchant } = await shop()
  const { who, purse } = await member(merchant, '40.00')
  const [top] = await api.books.sql<{ id: string }>`
    select id from custody.top_up where purse = ${purse} and state = 'credited'`
  const [withdrawal, part] = [newId('wdr'), newId('wdp')]
  await api.books.sql`
    insert into custody.withdrawal (id, book, purse, minor, currency, asked_by)
    values (${withdrawal}, 1, ${purse}, 1000, 'CNY', ${who.person})`
  await api.books.sql`
    insert into custody.part (id, withdrawal, book, gateway, order_no, top_up, minor, state, reason, ended_at)
    values (${part}, ${withdrawal}, 1, 'wallet', ${top!.id}, ${top!.id}, 1000, 'returned',
      'account_closed', now())`
  const [person] = await api.books.sql<{ name: string }>`
    select name from parties.person where id = ${who.person}`
  const body = {
    ...{
      part,
      amount: { amount: '10.00', currency: 'CNY' },
      bank: '工商银行',
      holder: person!.name,
    },
    account: '6222 0210 0101 2345 671',
  }
  return { merchant, who, purse, part, body, url: `/v1/settlement/purses/${purse}/residues` }
}

test('P5-13 a guest has a refused refund paid to an own bank account, once by its key, and the number is shown by its end only', async () => {
  const { who, purse, body, url } = await refused()
  const key = wish()
  const first = await who.post(url, body, key)
  assert.equal(first.statusCode, 201)
  assert.deepEqual((await who.post(url, body, key)).json(), first.json())
  assert.equal(await left(who, purse), '30.00')
  const { state, account, why } = first.json()
  assert.deepEqual([state, account, why], ['submitted', '•••• 5671', '付款人的账户已经注销'])
  const lists = [
    await who.get(url),
    await (await api.as('reviewer')).get('/v1/settlement/residues?state=submitted'),
  ]
  for (const list of lists) {
    assert.ok(list.json().rows.some((row: { id: string }) => row.id === first.json().id))
    assert.doesNotMatch(list.body, /62220210/)
  }
})

test('P5-13 P5-12 a top-up that its platform pays back no more is given up by a tap, once by its key, and can be asked to the bank', async () => {
  const { id } = await shop()
  const { who, purse } = await member(id, '40.00')
  const preview = async () => (await who.get(`/v1/cashier/purses/${purse}/refund-preview`)).json()
  const [path, key] = [`/v1/custody/purses/${purse}/given-up`, wish()]
  assert.equal((await preview()).past.amount, '0.00')
  assert.equal((await who.post(path, undefined, wish())).json().code, 'nothing_past_refund')
  await api.books.sql`
    update custody.top_up set ended_at = now() - interval '400 days' where purse = ${purse}`
  const { most, past, residue } = await preview()
  assert.deepEqual([most.amount, past.amount, residue.amount], ['0.00', '40.00', '40.00'])
  const first = await who.post(path, undefined, key)
  assert.deepEqual([first.statusCode, first.json().state], [201, 'returned'])
  assert.deepEqual((await who.post(path, undefined, key)).json(), first.json())
  assert.deepEqual((await who.get(`${path}?key=${key.key}`)).json(), first.json())
  const [row] = (await who.get(`/v1/settlement/purses/${purse}/refused`)).json().rows
  assert.deepEqual([row.why, row.left.amount], ['这笔付款已过平台的退款期限', '40.00'])
  assert.equal((await preview()).past.amount, '0.00')
  assert.equal(await left(who, purse), '40.00')
})

test('P5-13 what does not fit is refused with its field, and nothing is set aside', async () => {
  const { who, purse, body, url } = await refused()
  const other = await who.post(url, { ...body, holder: '王五' }, wish())
  assert.deepEqual([other.statusCode, other.json().code], [400, 'holder_differs'])
  assert.match(JSON.stringify(other.json()), /\/holder/)
  const letters = await who.post(url, { ...body, account: 'not a number' }, wish())
  assert.deepEqual([letters.statusCode, letters.json().code], [400, 'malformed'])
  assert.match(JSON.stringify(letters.json()), /\/account/)
  const more = { ...body, amount: { amount: '10.01', currency: 'CNY' } }
  const over = await who.post(url, more, wish())
  assert.deepEqual([over.statusCode, over.json().code], [409, 'residue_exceeds_part'])
  const { part: strange } = await refused()
  const astray = await who.post(url, { ...body, part: strange }, wish())
  assert.deepEqual([astray.statusCode, astray.json().code], [404, 'no_such_part'])
  assert.equal((await who.post(url, body)).json().code, 'idempotency_key_required')
  assert.equal(await left(who, purse), '40.00')
})

test('P5-13 a reviewer decides, with a reason where it is a no; never the guest, nor who sits at the merchant', async () => {
  const { who, purse, merchant, body, url } = await refused()
  const { id } = (await who.post(url, body, wish())).json()
  const decide = `/v1/settlement/residues/${id}`
  const reviewer = await api.as('reviewer')
  assert.equal((await who.post(`${decide}/approve`, {})).statusCode, 403)
  const owner = await api.as('owner', { merchant })
  assert.equal((await owner.post(`${decide}/approve`, {})).statusCode, 403)
  assert.equal((await reviewer.post(`${decide}/reject`, {})).statusCode, 400)
  const no = await reviewer.post(`${decide}/reject`, { reason: '账号不清楚' })
  assert.deepEqual([no.json().state, no.json().reason], ['rejected', '账号不清楚'])
  assert.equal(await left(who, purse), '40.00')
  assert.equal((await reviewer.post(`${decide}/approve`, {})).json().code, 'residue_decided')
  const again = (await who.post(url, body, wish())).json()
  const yes = await reviewer.post(`/v1/settlement/residues/${again.id}/approve`, {})
  assert.deepEqual([yes.statusCode, yes.json().state], [200, 'sending'])
  assert.deepEqual(
    yes.json().steps.map((step: { name: string }) => step.name),
    ['submit', 'approve'],
  )
  const gone = await reviewer.post(`/v1/settlement/residues/${newId('rsd')}/approve`, {})
  assert.deepEqual([gone.statusCode, gone.json().code], [404, 'no_such_residue'])
})

test('P5-13 a guest sees what was refused and how much of it is left, and takes an undecided request back', async () => {
  const { who, purse, part, body, url } = await refused()
  const refusals = async () => (await who.get(`/v1/settlement/purses/${purse}/refused`)).json().rows
  const [row] = await refusals()
  assert.deepEqual(
    [row.part, row.why, row.amount.amount, row.left.amount],
    [part, '付款人的账户已经注销', '10.00', '10.00'],
  )
  const { id } = (
    await who.post(url, { ...body, amount: { amount: '4.00', currency: 'CNY' } }, wish())
  ).json()
  assert.equal((await refusals())[0].left.amount, '6.00')
  const preview = async () => (await who.get(`/v1/cashier/purses/${purse}/refund-preview`)).json()
  const { held, toBank } = await preview()
  assert.deepEqual([held.amount, toBank.amount], ['0.00', '4.00'])
  const { who: stranger, purse: other } = await refused()
  const foreign = await stranger.post(`/v1/settlement/purses/${other}/residues/${id}/withdraw`, {})
  assert.deepEqual([foreign.statusCode, foreign.json().code], [404, 'no_such_residue'])
  const back = await who.post(`${url}/${id}/withdraw`, {})
  assert.deepEqual([back.statusCode, back.json().state], [200, 'withdrawn'])
  assert.equal(await left(who, purse), '40.00')
  assert.deepEqual((await preview()).toBank.amount, '0.00')
  const decided = await (await api.as('reviewer')).post(`/v1/settlement/residues/${id}/approve`, {})
  assert.deepEqual([decided.statusCode, decided.json().code], [409, 'residue_decided'])
})

test('P5-13 a mistyped card number is refused at its field', async () => {
  const { who, body, url } = await refused()
  const typo = await who.post(url, { ...body, account: '6222 0210 0101 2345 672' }, wish())
  assert.deepEqual([typo.statusCode, typo.json().code], [400, 'account_mistyped'])
  assert.match(JSON.stringify(typo.json()), /\/account/)
})

test('P5-13 a reviewer finds one by its holder or its day, reads it, and takes the list away; nowhere is the number', async () => {
  const { who, merchant, body, url } = await refused()
  const { id, at, holder } = (await who.post(url, body, wish())).json()
  const reviewer = await api.as('reviewer')
  const list = '/v1/settlement/residues'
  const ids = async (query: string) =>
    (await reviewer.get(`${list}?${query}`)).json().rows.map((row: { id: string }) => row.id)
  assert.deepEqual(await ids(`q=${id}`), [id])
  assert.ok((await ids(`q=${encodeURIComponent(holder)}`)).includes(id))
  assert.deepEqual(await ids(`q=62220210`), [])
  assert.deepEqual(await ids(`q=${id}&to=2020-01-01`), [])
  assert.deepEqual(await ids(`q=${id}&from=2020-01-01`), [id])
  assert.deepEqual(await ids(`q=${id}&differs=yes`), [])
  const one = await reviewer.get(`${list}/${id}`)
  assert.deepEqual([one.json().merchant, one.json().at], [merchant, at])
  const sheet = await reviewer.get(`${list}?q=${id}`, { headers: { accept: 'text/csv' } })
  assert.match(sheet.body, /•••• 5671/)
  for (const { body: said } of [one, sheet]) assert.doesNotMatch(said, /62220210/)
  assert.equal((await who.get(list)).statusCode, 403)
})

test('P5-13 P1-27 a bank that pays a guest another sum is a break: the reviewer and the pool’s supervisor see whose, another’s does not', async () => {
  const { who, body, url } = await refused()
  const { id, holder } = (await who.post(url, body, wish())).json()
  const reviewer = await api.as('reviewer')
  await reviewer.post(`/v1/settlement/residues/${id}/approve`, {})
  const bank = { gateway: 'bank', account: 'custody' }
  const said = { id: newId('ntc'), ...bank, amount: cny('9.00'), at: new Date() }
  const notice = { ...said, kind: 'paid', payout: id, serial: 'bnk-9' } as const
  assert.equal(
    await bankAnswered(api.books, bank, { notice, rawBody: Buffer.from('{}') }),
    'wrong_amount',
  )

  const breaks = `/v1/settlement/breaks?state=open&q=${id}`
  const supervisor = await api.as('supervisor', { institution: watcher })
  for (const one of [reviewer, supervisor]) {
    const [found, ...more] = (await one.get(breaks)).json().rows
    assert.deepEqual(
      [found.residue, found.holder, found.kind, found.saidAmount.amount, found.request, more],
      [id, holder, 'wrong_amount', '9.00', undefined, []],
    )
    const read = await one.get(`/v1/settlement/residues/${id}`)
    assert.deepEqual([read.json().differs, read.json().account], ['wrong_amount', '•••• 5671'])
  }
  const stranger = await api.as('supervisor')
  assert.deepEqual((await stranger.get(breaks)).json().rows, [])
  assert.equal((await stranger.get(`/v1/settlement/residues/${id}`)).statusCode, 404)
  assert.equal((await supervisor.get('/v1/settlement/residues')).statusCode, 403)
})
