import assert from 'node:assert/strict'
import { test } from 'node:test'
import { useApi } from '../testing.ts'

const api = useApi()
const application = (licence: string) => ({
  name: '云上洗衣',
  trade: 'laundry',
  licence,
  representative: '李二',
  address: '人民路 2 号',
  payee: { bank: '沙盒银行', account: '6217000000005678', name: '云上洗衣' },
})

test('P1-I2 P1-25 a merchant applies, the operator decides with a reason, and both see the steps', async () => {
  const [owner, reviewer] = [await api.as('consumer'), await api.as('reviewer')]
  const applied = await owner.post('/v1/parties/merchants', application('L-1'))
  assert.equal(applied.statusCode, 201)
  const path = `/v1/parties/merchants/${applied.json().id}`
  const bare = await reviewer.post(`${path}/reject`, {})
  assert.deepEqual([bare.statusCode, bare.json().errors[0].pointer], [400, '/reason'])
  assert.equal((await reviewer.post(`${path}/approve`)).json().state, 'active')
  assert.equal(
    (await reviewer.post(`${path}/suspend`, { reason: '证照过期' })).json().state,
    'suspended',
  )
  const { steps } = (await owner.get(path)).json()
  assert.deepEqual(
    steps.map((one: { name: string }) => one.name),
    ['apply', 'approve', 'suspend'],
  )
  assert.equal(steps[2].reason, '证照过期')
})

test('P1-I2 an operator does not decide the merchant that it applied for', async () => {
  const reviewer = await api.as('reviewer')
  const { id } = (await reviewer.post('/v1/parties/merchants', application('L-2'))).json()
  const answer = await reviewer.post(`/v1/parties/merchants/${id}/approve`)
  assert.deepEqual([answer.statusCode, answer.json().code], [403, 'own_merchant'])
})

test('an application that is sent again with its key is the same merchant; with other content it is refused', async () => {
  const owner = await api.as('consumer')
  const send = (more = {}) =>
    owner.post(
      '/v1/parties/merchants',
      { ...application('L-3'), ...more },
      { key: '01938c1e-7b5a-7cc0-9d3e-0123456789ab' },
    )
  const [first, second] = await Promise.all([send(), send()])
  assert.equal(first.json().id, second.json().id)
  const other = await send({ name: '别的' })
  assert.deepEqual([other.statusCode, other.json().code], [422, 'idempotency_key_reused'])
})

test('a consumer sees of a merchant what is public, and of an applicant nothing', async () => {
  const consumer = await api.as('consumer')
  const { id } = await api.merchant({ name: '公开茶馆' })
  const { merchant, steps } = (await consumer.get(`/v1/parties/merchants/${id}`)).json()
  assert.deepEqual(Object.keys(merchant).toSorted(), [
    'address',
    'confirmsSpends',
    'id',
    'name',
    'state',
    'trade',
  ])
  assert.deepEqual(steps, [])
  const { id: waiting } = await api.merchant({ state: 'applicant', name: '未开茶馆' })
  assert.equal((await consumer.get(`/v1/parties/merchants/${waiting}`)).statusCode, 404)
  assert.deepEqual((await consumer.get('/v1/parties/merchants?state=applicant')).json().rows, [])
  const { rows } = (await consumer.get('/v1/parties/merchants?q=未开')).json()
  assert.deepEqual(rows, [])
})

test('an owner seats staff by their phone or e-mail, and staff cannot seat anybody', async () => {
  const { id: merchant, owner } = await api.merchant()
  const boss = await api.session(owner)
  await api.guest.post('/v1/parties/people', {
    name: '小工',
    email: 'xiaogong@example.com',
    password: 'a quiet river',
  })
  const path = `/v1/parties/merchants/${merchant}/staff`
  const seated = await boss.post(path, { login: 'XiaoGong@example.com', role: 'staff' })
  assert.deepEqual([seated.statusCode, seated.json().name], [201, '小工'])
  const staff = await api.session(seated.json().person)
  assert.equal((await staff.post(path, { login: 'x@example.com', role: 'owner' })).statusCode, 403)
  assert.equal(
    (await boss.post(path, { login: 'nobody@example.com', role: 'staff' })).json().code,
    'no_such_person',
  )
  assert.equal((await boss.delete(`${path}/${seated.json().person}`)).statusCode, 204)
  assert.equal((await staff.get(path)).statusCode, 403)
  assert.equal((await boss.delete(`${path}/${owner}`)).json().code, 'last_owner')
})

test('settings and outlets are the owner’s', async () => {
  const { id: merchant, owner } = await api.merchant()
  const boss = await api.session(owner)
  const path = `/v1/parties/merchants/${merchant}`
  assert.equal((await boss.patch(path, { confirmsSpends: true })).json().confirmsSpends, true)
  assert.equal((await boss.patch(path, { payee: {} })).statusCode, 400)
  await boss.post(`${path}/outlets`, { name: '总店', address: '人民路 1 号' })
  assert.equal((await boss.get(`${path}/outlets`)).json().rows[0].zone, 'Asia/Shanghai')
})

test('P1-09 one administrator nominates a supervisor by login, another one confirms, and the seat is there', async () => {
  const [admin, other] = [await api.as('admin'), await api.as('admin')]
  const somebody = { name: '监管员', email: 'jg@example.com', password: 'a quiet river' }
  const { id: person } = (await api.guest.post('/v1/parties/people', somebody)).json()
  const officer = await api.session(person)
  const entered = { kind: 'supervisor', name: '市场监管局' }
  const { id } = (await admin.post('/v1/parties/institutions', entered)).json()
  const path = `/v1/parties/institutions/${id}`
  const nominate = (role: string) =>
    admin.post(`${path}/nominations`, { login: 'jg@example.com', role })
  const wrong = await nominate('custodian')
  assert.deepEqual([wrong.statusCode, wrong.json().code], [400, 'wrong_seat'])
  const nominated = await nominate('supervisor')
  assert.deepEqual([nominated.statusCode, nominated.json().may], [201, ['withdraw']])
  const step = (name: string) => `/v1/parties/nominations/${nominated.json().id}/${name}`
  const own = await admin.post(step('confirm'))
  assert.deepEqual([own.statusCode, own.json().code], [403, 'own_nomination'])
  assert.equal((await officer.get('/v1/parties/nominations')).json().rows[0].nominator, 'admin')
  const stranger = await api.as('reviewer')
  assert.equal((await stranger.post(step('confirm'))).statusCode, 404)
  assert.deepEqual((await stranger.get('/v1/parties/nominations')).json().rows, [])
  assert.equal((await other.post(step('confirm'))).json().state, 'confirmed')
  assert.equal((await officer.get('/v1/parties/me')).json().seats[0].name, '市场监管局')
  assert.equal((await officer.post('/v1/parties/institutions', entered)).statusCode, 403)
  assert.equal((await officer.get(`${path}/seats`)).json().rows[0].person, person)
  assert.equal((await stranger.get(`${path}/seats`)).statusCode, 404)
  assert.equal((await admin.delete(`${path}/seats/${person}`)).statusCode, 204)
  assert.equal((await officer.get('/v1/parties/institutions')).statusCode, 403)
})

test('P1-I2 a merchant that does not trade seats nobody, so an applicant learns no name from a phone number', async () => {
  const { id: merchant, owner } = await api.merchant({ state: 'applicant' })
  const [boss, reviewer] = [await api.session(owner), await api.as('reviewer')]
  const somebody = { name: '不相干的人', email: 'somebody@example.com', password: 'a quiet river' }
  await api.guest.post('/v1/parties/people', somebody)
  const path = `/v1/parties/merchants/${merchant}`
  const seat = async (login: string) => {
    const answer = await boss.post(`${path}/staff`, { login, role: 'staff' })
    const { requestId: _, ...said } = answer.json()
    return [answer.statusCode, said]
  }
  const refused = await seat('somebody@example.com')
  assert.deepEqual([refused[0], refused[1].code], [409, 'merchant_not_open'])
  assert.deepEqual(await seat('nobody@example.com'), refused, 'nor whether anybody has it')
  await reviewer.post(`${path}/approve`)
  assert.equal((await seat('somebody@example.com'))[0], 201)
  await reviewer.post(`${path}/suspend`, { reason: '证照过期' })
  assert.deepEqual(await seat('somebody@example.com'), refused)
})
