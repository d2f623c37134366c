/** Which words a receipt has: the platform's own, ours, the bank's; and money that names nobody. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  creditReceived,
  decide,
  listSuspense,
  pollTopUps,
  propose,
  receiveNotice,
  startTopUp,
} from '@bursar/custody'
import { newId, type MerchantId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { hearNow } from './hear.ts'
import { readBooks } from './reader.ts'
import { listEvidence, listNotices } from './shown.ts'
import { useCounters } from './testing.ts'
import type { Evidence } from './words.ts'

const { town, counter, prompts } = useCounters()
const { wallet } = town

const words = async (merchant: MerchantId) =>
  (await listEvidence(town.books, { merchant })).map(one => [one.source, one.grade, one.outcome])
async function ordered(merchant: MerchantId) {
  const [{ person: by, purse }, id] = [await town.member(merchant), newId('top')]
  const ask = { id, purse, amount: cny('20.00'), by, returnUrl: 'https://bursar.test/back' }
  await startTopUp(town.books, wallet.wallet, ask)
  wallet.pay(id)
  return id
}

test('P4-08 P4-18 a signed callback is a word of its own beside the books’, and the two are told once', async () => {
  const merchant = await counter()
  const order = await ordered(merchant)
  const notice = wallet.notice({ order })
  await receiveNotice(town.books, wallet.wallet, notice)
  await receiveNotice(town.books, wallet.wallet, notice)
  await receiveNotice(town.books, wallet.wallet, wallet.notice({ order }))
  await readBooks(town.books)
  assert.deepEqual(await words(merchant), [
    ['books', 'A', 'filtered'],
    ['callback', 'A', 'new'],
  ])
  assert.equal((await prompts(merchant)).length, 1)
  const [row] = await town.books.sql<{ same: boolean }>`
    select e.id = i.event as same from notices.evidence e join custody.inbox i on i.about = ${order}
    where e.merchant = ${merchant} and e.source = 'callback' and i.outcome = 'credit'`
  assert.ok(row!.same, 'it is found in the inbox by its id')
})

test('P4-08 where the platform was asked, its answer is no callback: the books alone speak', async () => {
  const merchant = await counter()
  await ordered(merchant)
  await pollTopUps(town.books, wallet.wallet, { olderThanMs: 0 })
  await readBooks(town.books)
  assert.deepEqual(await words(merchant), [['books', 'A', 'new']])
})

test('P4-I5 F27 a bank’s credit that names nobody is told at no counter; at the one of the purse once two have assigned it', async () => {
  const merchant = await counter()
  const { purse } = await town.member(merchant)
  const event = newId('ntc')
  const said = { gateway: 'bank', event, body: Buffer.from('{}'), pool: town.pool }
  const payer = { payer: '陌生人', payerAccount: '6222001' }
  await creditReceived(town.books, { ...said, ...payer, amount: cny('33.00'), reference: '货款' })
  await readBooks(town.books)
  assert.deepEqual([await prompts(merchant), await words(merchant)], [[], []])
  const [stray] = await listSuspense(town.books, { q: event })
  const { id: suspense, state } = stray!
  assert.equal(state, 'unclaimed')
  const [by, checker] = [await town.person(), await town.person()]
  const { id } = await propose(town.books, {
    id: newId('pro'),
    suspense,
    purse,
    by,
    reason: '凭证',
  })
  await readBooks(town.books)
  assert.deepEqual(await prompts(merchant), [])
  await decide(town.books, { id, step: 'confirm', by: checker })
  await readBooks(town.books)
  const [notice] = await listNotices(town.books, { merchant })
  assert.deepEqual([notice!.state, notice!.amount, notice!.grade], ['received', cny('33.00'), 'A'])
  assert.equal((await prompts(merchant)).length, 1)
})

test('P4-18 I13 words that are written in parts are decided as one: told twice, far apart, once; and one that is refused undoes all', async () => {
  const merchant = await counter()
  const word = (order: string, source: Evidence['source']): Evidence => ({
    ...{ merchant, source, terminal: null, id: newId('evd'), outlet: null, till: null, text: null },
    ...{ app: null, platform: 'alipay', kind: 'payment', orders: [order], way: null, payee: null },
    ...{ amount: cny('1.00'), payer: null, at: new Date() },
  })
  const orders = Array.from({ length: 300 }, () => newId('top'))
  const [phones, proofs] = [
    orders.map(one => word(one, 'phone')),
    orders.map(one => word(one, 'callback')),
  ]
  const answers = await hearNow(town.books, [...phones, ...proofs, ...phones], new Date())
  assert.equal(new Set(answers.map(one => one!.notice)).size, 300)
  const told = await prompts(merchant)
  assert.deepEqual(
    told.map(one => [one.seq, one.class]),
    [...orders.keys(), ...orders.keys()].map((_, no) => [
      BigInt(no + 1),
      no < 300 ? 'seen' : 'received',
    ]),
  )
  const wrong = { ...word(newId('top'), 'callback'), platform: 'No Platform' }
  const more = [wrong, ...Array.from({ length: 600 }, () => word(newId('top'), 'callback'))]
  await assert.rejects(hearNow(town.books, more, new Date()), { code: '23514' })
  assert.equal((await prompts(merchant)).length, 600)
  assert.equal((await hearNow(town.books, more.slice(1), new Date())).length, 600)
  assert.equal((await prompts(merchant)).at(-1)!.seq, 1200n)
})
