import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { admitMerchant, join, openPool, spend } from '@bursar/custody'
import { newId, Refusal, type MerchantId, type PersonId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { seat } from '@bursar/parties'
import { payOut } from '@bursar/settlement'
import type { Bank, BankNotice } from '@bursar/settlement/bank'
import { useApi, type Client } from '../testing.ts'

const told: BankNotice[] = []
const success = { status: 200, type: 'text/plain', body: 'success' }
const bank = {
  ...{ gateway: 'bank', account: '62284', success },
  pay: async () => 'accepted',
  verify: async (_: unknown, rawBody: Buffer): Promise<BankNotice> => {
    const notice = told.shift()
    if (String(rawBody) !== 'genuine' || !notice)
      throw new Refusal('bad_signature', { reason: 'does not fit' })
    return notice
  },
} as unknown as Bank
const api = useApi(() => ({ bank }))
const pool = newId('pol')
let reviewer: Client | undefined

beforeEach(async () => {
  if (reviewer) return
  reviewer = await api.as('reviewer')
  const [custodian, supervisor] = [newId('ins'), newId('ins')]
  const home = { id: pool, book: 1, name: '资金池', currency: 'CNY', account: bank.account }
  await openPool(api.books, { ...home, bank: custodian, supervisor })
})

/** A merchant that has earned so much. */
async function shop(yuan: string): Promise<{ merchant: MerchantId; owner: Client }> {
  const { id: merchant, owner } = await api.merchant()
  await admitMerchant(api.books, { merchant, pool })
  const by: PersonId = await api.person('会员')
  const { id: purse } = await join(api.books, { person: by, merchant })
  const amount = cny(yuan)
  const entry = { kind: 'post', event: 'test', amount } as const
  const sides = [
    { debit: 'pool/transit-in', credit: `purse/${purse}` },
    { debit: 'pool/custody', credit: 'pool/transit-in' },
  ] as const
  const entries = sides.map(side => ({ ...entry, ...side, id: crypto.randomUUID() }))
  await api.books.submit({ book: 1, plan: () => ({ entries }) })
  await spend(api.books, { id: newId('spd'), purse, by, merchant, amount })
  return { merchant, owner: await api.session(owner) }
}
const yuan = (amount: string) => ({ amount, currency: 'CNY' })
const ask = (owner: Client, merchant: string, amount: string, key: string = crypto.randomUUID()) =>
  owner.post(`/v1/settlement/merchants/${merchant}/requests`, { amount: yuan(amount) }, { key })
const one = (id: string, step = '') => `/v1/settlement/requests/${id}${step}`

test('P1-05 the owner asks; asked again under its key it is the same request, other content is refused', async () => {
  const { merchant, owner } = await shop('100.00')
  const first = await ask(owner, merchant, '60.00', 'a-wish')
  assert.equal(first.statusCode, 201)
  const again = await ask(owner, merchant, '60.00', 'a-wish')
  assert.deepEqual(again.json(), first.json())
  assert.equal(
    (await ask(owner, merchant, '61.00', 'a-wish')).json().code,
    'idempotency_key_reused',
  )
  const { earned, requestable, requested } = (
    await owner.get(`/v1/settlement/merchants/${merchant}/position`)
  ).json()
  assert.deepEqual([earned, requestable, requested], ['40.00', '40.00', '60.00'].map(yuan))
})

test('P1-I4 asking for more than is earned is refused with both figures', async () => {
  const { merchant, owner } = await shop('12.30')
  const answer = await ask(owner, merchant, '38.00')
  assert.equal(answer.statusCode, 409)
  const { code, detail } = answer.json()
  assert.equal(code, 'insufficient_funds')
  assert.match(detail, /12\.30/)
  assert.match(detail, /38\.00/)
})

test('an amount that no currency has is refused, and the field is named', async () => {
  const { merchant, owner } = await shop('1.00')
  for (const amount of ['0.001', '1', '1e2', '-1.00', '']) {
    const answer = await ask(owner, merchant, amount)
    assert.equal(answer.statusCode, 400, amount)
    assert.match(JSON.stringify(answer.json().errors), /amount/, amount)
  }
})

test('P1-11 the reviewer sees what waits, oldest first, its evidence, and agrees to the terms it saw', async () => {
  const { merchant, owner } = await shop('100.00')
  const asked = [await ask(owner, merchant, '10.00'), await ask(owner, merchant, '20.00')]
  const ids = asked.map(answer => answer.json().id as string)
  const list = await reviewer!.get('/v1/settlement/requests?state=submitted&limit=200')
  const rows = list.json().rows as { id: string; merchantName: string; requestedByName: string }[]
  const mine = rows.filter(row => ids.includes(row.id))
  assert.deepEqual(
    mine.map(row => row.id),
    ids,
  )
  assert.deepEqual([mine[0]!.merchantName, mine[0]!.requestedByName], ['老茶馆', '老板'])

  const evidence = (await reviewer!.get(one(ids[0]!, '/evidence'))).json()
  assert.deepEqual(
    [evidence.spent, evidence.total, evidence.spends],
    [yuan('100.00'), yuan('100.00'), 1],
  )
  assert.equal(evidence.rows[0].personName, '会员')
  const { terms } = (await reviewer!.get(one(ids[0]!))).json()
  const changed = await reviewer!.post(one(ids[0]!, '/approve'), { terms: 'f'.repeat(64) })
  assert.equal(changed.json().code, 'payee_changed')
  const agreed = (await reviewer!.post(one(ids[0]!, '/approve'), { terms })).json()
  assert.equal(agreed.state, 'approved')
  assert.deepEqual(
    agreed.steps.map((step: { name: string }) => step.name),
    ['submit', 'approve'],
  )
})

test('a payee’s account is whole beside the decision, and in lists and sheets only its end', async () => {
  const { merchant, owner } = await shop('100.00')
  const { id } = (await ask(owner, merchant, '60.00')).json()
  assert.equal((await reviewer!.get(one(id))).json().payee.account, '6217000000001234')
  const own = `/v1/settlement/merchants/${merchant}/requests`
  for (const [who, list] of [
    [reviewer!, `/v1/settlement/requests?q=${id}`],
    [owner, own],
  ] as const) {
    const { rows } = (await who.get(list)).json()
    assert.equal(rows[0].payee.account, '•••• 1234')
    const sheet = await who.get(list, { headers: { accept: 'text/csv' } })
    assert.match(sheet.body, /•••• 1234/)
    assert.doesNotMatch(sheet.body, /6217000000001234/)
  }
})

test('P1-13 a rejection needs a reason, and the merchant reads it', async () => {
  const { merchant, owner } = await shop('100.00')
  const { id } = (await ask(owner, merchant, '60.00')).json()
  assert.equal((await reviewer!.post(one(id, '/reject'), {})).statusCode, 400)
  await reviewer!.post(one(id, '/reject'), { reason: '发票不全' })
  const seen = (await owner.get(one(id))).json()
  assert.deepEqual([seen.state, seen.reason], ['rejected', '发票不全'])
})

test('P1-I4 a reviewer who also has a seat at the merchant is told to hand it to a colleague', async () => {
  const { merchant, owner } = await shop('100.00')
  const { id } = (await ask(owner, merchant, '60.00')).json()
  const both = await api.as('reviewer')
  await seat(api.books, { merchant, person: both.person, role: 'staff', by: owner.person })
  const answer = await both.post(one(id, '/approve'), {})
  assert.deepEqual([answer.statusCode, answer.json().code], [403, 'own_request'])
})

test('P1-25 a request is not there for another merchant’s owner, and its list is not either', async () => {
  const [{ merchant, owner }, { owner: other }] = [await shop('100.00'), await shop('1.00')]
  const { id } = (await ask(owner, merchant, '60.00')).json()
  for (const url of [
    one(id),
    one(id, '/evidence'),
    `/v1/settlement/merchants/${merchant}/requests`,
  ])
    assert.equal((await other.get(url)).statusCode, 404, url)
  assert.equal((await other.post(one(id, '/withdraw'))).statusCode, 404)
  assert.equal((await other.post(one(id, '/approve'), {})).statusCode, 403)
  assert.equal((await owner.post(one(id, '/withdraw'))).json().state, 'withdrawn')
})

test('a list goes on where its page ended, and can be had whole as a sheet', async () => {
  const { merchant, owner } = await shop('100.00')
  for (const amount of ['1.00', '2.00', '3.00']) await ask(owner, merchant, amount)
  const url = `/v1/settlement/merchants/${merchant}/requests`
  const { rows, next } = (await owner.get(`${url}?limit=2`)).json()
  const rest = (await owner.get(`${url}?limit=2&cursor=${next}`)).json()
  const amounts = [...rows, ...rest.rows].map(
    (row: { amount: { amount: string } }) => row.amount.amount,
  )
  assert.deepEqual(amounts, ['3.00', '2.00', '1.00'])
  assert.equal((await owner.get(`${url}?cursor=nonsense`)).statusCode, 400)
  const sheet = await owner.get(url, { headers: { accept: 'text/csv' } })
  assert.equal(sheet.body.trim().split('\r\n').length, 4)
})

test('P1-12 P1-25 a bank that speaks of another sum is a break: for the reviewer, not for another pool’s supervisor', async () => {
  const { merchant, owner } = await shop('100.00')
  const { id } = (await ask(owner, merchant, '60.00')).json()
  const { terms } = (await reviewer!.get(one(id))).json()
  await reviewer!.post(one(id, '/approve'), { terms })
  await payOut(api.books, bank)
  const payout = `pay_${id.slice('stl_'.length)}`
  const notice = { id: 'ntc_2', account: bank.account, amount: cny('61.00'), at: new Date() }
  told.push({ ...notice, kind: 'paid', payout, serial: 'bnk-61' })
  const headers = { 'content-type': 'application/json' }
  const url = '/v1/gateways/bank/notify'
  const heard = await api.guest.send({ method: 'POST', url, payload: 'genuine', headers })
  assert.deepEqual([heard.statusCode, heard.body], [200, 'success'])

  const open = '/v1/settlement/breaks?state=open'
  const [found] = (await reviewer!.get(open)).json().rows
  assert.deepEqual(
    [found.request, found.kind, found.said, found.amount, found.saidAmount, found.serial],
    [id, 'wrong_amount', 'paid', yuan('60.00'), yuan('61.00'), 'bnk-61'],
  )
  const of = async (whose: string) =>
    (await reviewer!.get(`${open}&merchant=${whose}`)).json().rows.length
  assert.deepEqual([await of(merchant), await of((await shop('1.00')).merchant)], [1, 0])
  const { state, breaks } = (await reviewer!.get(one(id))).json()
  assert.deepEqual([state, breaks.length], ['paying', 1])
  assert.deepEqual((await (await api.as('supervisor')).get(open)).json().rows, [])
  assert.equal((await owner.get(open)).statusCode, 403)
  const sheet = await reviewer!.get(open, {
    headers: { accept: 'text/csv', 'accept-language': 'zh' },
  })
  assert.match(sheet.body, /金额不符.*已付款.*61\.00.*bnk-61/)
  assert.equal((await reviewer!.get('/v1/settlement/breaks?cursor=1')).statusCode, 400)
})

test('a forged notice is answered 401; a genuine one exactly as the bank wants it', async () => {
  const notify = (payload: string, name = 'bank') => {
    const headers = { 'content-type': 'application/json' }
    return api.guest.send({ method: 'POST', url: `/v1/gateways/${name}/notify`, payload, headers })
  }
  const forged = await notify('forged')
  assert.deepEqual([forged.statusCode, forged.json().code], [401, 'bad_signature'])
  assert.equal((await notify('genuine', 'nobody')).statusCode, 404)
  const at = new Date()
  const notice = { id: 'ntc_1', account: bank.account, amount: cny('1.00'), at }
  told.push({ ...notice, kind: 'paid', payout: 'pay_unknown', serial: 'bnk-1' })
  const heard = await notify('genuine')
  assert.deepEqual([heard.statusCode, heard.body], [200, 'success'])
  assert.match(String(heard.headers['content-type']), /^text\/plain/)
  const kept = await api.books.sql`select outcome from settlement.inbox where event = 'ntc_1'`
  assert.deepEqual(kept, [{ outcome: 'unknown_payout' }])
})
