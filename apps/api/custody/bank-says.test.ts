import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPool } from '@bursar/custody'
import { newId, type PoolId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { foundInstitution } from '@bursar/parties'
import { useApi } from '../testing.ts'

const account = '6228480018000000001'
let now = Date.now()
let asked = 0
let says = async () => cny('0.00')
const bank = { gateway: 'bank', account, balance: () => (asked++, says()) }
const api = useApi(() => ({ bank: bank as never, clock: () => new Date(now) }))

let book = 0
/** A pool whose books say that the bank has 100.00, and its supervisor's browser. */
async function watched(at: string): Promise<{ pool: PoolId; look(): Promise<object> }> {
  const [pool, keeper, supervisor] = [newId('pol'), newId('ins'), newId('ins')]
  await foundInstitution(api.books, { id: keeper, kind: 'bank', name: '存管银行' })
  await foundInstitution(api.books, { id: supervisor, kind: 'supervisor', name: '监管' })
  const named = { id: pool, book: ++book, name: '资金池', currency: 'CNY', account: at }
  await openPool(api.books, { ...named, bank: keeper, supervisor })
  const post = { kind: 'post', id: crypto.randomUUID(), event: 'test' } as const
  const sides = { debit: 'pool/custody', credit: 'pool/suspense' } as const
  const entry = { ...post, ...sides, amount: cny('100.00') }
  await api.books.submit({ book, plan: () => ({ entries: [entry] }) })
  const client = await api.as('supervisor', { institution: supervisor })
  const look = async () => (await client.get(`/v1/custody/pools/${pool}/custody`)).json()
  return { pool, look }
}
const yuan = (amount: string) => ({ amount, currency: 'CNY' })

test('P1-09 P1-27 P1-34 the supervisor reads what the bank says beside what the books say', async () => {
  const { look } = await watched(account)
  const at = () => new Date(now).toISOString()
  says = async () => cny('99.30')
  const short = { books: yuan('100.00'), bank: yuan('99.30'), difference: yuan('-0.70'), at: at() }
  assert.deepEqual(await look(), short)

  says = async () => cny('100.00')
  now += 9_999
  assert.deepEqual([await look(), asked], [short, 1], 'asked once in ten seconds at most')
  now += 1
  const all = await Promise.all([look(), look(), look()])
  const agreed = { ...short, bank: yuan('100.00'), difference: yuan('0.00'), at: at() }
  assert.deepEqual([all, asked], [[agreed, agreed, agreed], 2])

  now += 10_000
  says = () => Promise.reject(new Error('gateway_silent'))
  const silence = { books: yuan('100.00'), at: at() }
  assert.deepEqual([await look(), await look(), asked], [silence, silence, 3])
})

test('P1-34 while the bank is asked, no transaction waits for it; another account’s balance is nobody’s', async () => {
  const { look } = await watched('somewhere-else')
  assert.deepEqual([Object.keys(await look()).sort(), asked], [['at', 'books'], 3])
  const [here] = await api.books.sql<{ id: PoolId }>`
    select id from custody.pool where account = ${account}`
  let waiting = -1n
  says = async () => {
    const [row] = await api.books.sql<{ count: bigint }>`
      select count(*) from pg_stat_activity
      where datname = current_database() and state like 'idle in transaction%'`
    waiting = row!.count
    return cny('100.00')
  }
  now += 10_000
  const admin = await api.as('admin')
  const answer = await admin.get(`/v1/custody/pools/${here!.id}/custody`)
  assert.deepEqual([answer.json().difference, waiting], [yuan('0.00'), 0n])
})
