import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  admitMerchant,
  creditReceived,
  decide,
  equation,
  join,
  listSuspense,
  openPool,
  propose,
  readPurse,
  readTopUp,
  receiveNotice,
  spend,
  startTopUp,
  withdraw,
  type Route,
  type Wallet,
} from '@bursar/custody'
import { useDatabase } from '@bursar/database/testing'
import { bankOverHttp } from '@bursar/gateway-banks'
import { walletOverHttp } from '@bursar/gateway-payments'
import { newId, type Books, type MerchantId } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { cny } from '@bursar/money'
import { applyMerchant, decideMerchant, foundInstitution, register } from '@bursar/parties'
import { custodyAccount, makeKeys, payersOut, startSandbox, type Sandbox } from '@bursar/sandbox'
import { bankAnswered, position, request, requestOf, review, type Bank } from '@bursar/settlement'
import { startWorker, type JobName, type Worker } from './worker.ts'

const db = useDatabase()
const keys = makeKeys()
const quiet = { info: () => undefined, warn: () => undefined }
const [owner, reviewer, member] = [newId('per'), newId('per'), newId('per')]
const [pool, merchant] = [newId('pol'), newId('mer')]
const all: JobName[] = ['payouts', 'answers', 'unbooked', 'topUps', 'withdrawals', 'pends']
let [deaf, workers]: [boolean, Worker[]] = [false, []]
let books: Books
let sandbox: Sandbox
let wallet: Wallet
let bank: Bank & Route

/** The way in, as the API does it. While `deaf`, no notice comes through. */
const door = createServer((request, reply) => {
  void hear(request).then(
    said => reply.end(said),
    () => reply.writeHead(500).end(),
  )
})
async function hear(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  if (deaf) throw new Error('Nobody is at home.')
  const [headers, rawBody] = [request.headers, Buffer.concat(parts)]
  if (request.url === '/wallet')
    return (await receiveNotice(books, wallet, { headers, rawBody })).body
  const notice = await bank.verify(headers, rawBody)
  const { gateway } = bank
  const { id: event, amount, account } = notice
  if (notice.kind !== 'credit') await bankAnswered(books, bank, { notice, rawBody })
  else {
    const { payer, payerAccount, reference } = notice
    await creditReceived(books, {
      gateway,
      event,
      body: rawBody,
      account,
      amount,
      payer,
      ...(payerAccount && { payerAccount }),
      reference,
    })
  }
  return bank.success.body
}

before(async () => {
  await db.ready
  books = openBooks({ url: db.url })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  const home = `http://127.0.0.1:${(door.address() as AddressInfo).port}`
  const notifyUrls = { wallet: `${home}/wallet`, bank: `${home}/bank` }
  const retry = Array.from({ length: 1000 }, () => 100)
  sandbox = await startSandbox({ keys, notifyUrls, retry, executeAfter: 20 })
  const ours = { id: 'operator-1', privateKey: keys.operator.privateKey }
  const line = { ours, timeout: 500 }
  const [walletUrl, bankUrl] = [sandbox.walletUrl, sandbox.bankUrl]
  const theirs = keys.wallet
  wallet = walletOverHttp({ ...line, gateway: 'wallet', account: 'pool', url: walletUrl, theirs })
  bank = bankOverHttp({
    ...line,
    ...{ gateway: 'bank', account: custodyAccount, url: bankUrl, theirs: keys.bank },
  })
  await people()
})
after(async () => {
  await Promise.all(workers.map(worker => worker.stop()))
  await sandbox.stop()
  door.close()
  await books.close()
})

async function people(): Promise<void> {
  for (const [id, name, phone] of [
    [owner, '茶老板', '+8613800000001'],
    [reviewer, '审核员', '+8613800000002'],
    [member, '会员', '+8613800000003'],
  ] as const)
    await register(books, { id, name, phone, password: 'a quiet river at dawn', locale: 'zh-CN' })
  const payee = { bank: '沙盒银行', account: '6217000000001234', name: '老茶馆' }
  const papers = { licence: '91310000MA1', representative: '茶老板', address: '人民路 1 号', payee }
  await applyMerchant(books, {
    id: merchant,
    by: owner,
    name: '老茶馆',
    trade: 'teahouse',
    ...papers,
  })
  await decideMerchant(books, { merchant, by: reviewer, step: 'approve' })
  const [custodian, supervisor] = [newId('ins'), newId('ins')]
  await foundInstitution(books, { id: custodian, kind: 'bank', name: '存管银行' })
  await foundInstitution(books, { id: supervisor, kind: 'supervisor', name: '监管' })
  const home = {
    id: pool,
    book: 1,
    name: '资金池',
    currency: 'CNY',
    account: custodyAccount,
    platforms: Object.values(payersOut),
  }
  await openPool(books, { ...home, bank: custodian, supervisor })
  await admitMerchant(books, { merchant, pool })
}

const work = (every: number) => {
  const paces = Object.fromEntries(all.map(job => [job, every]))
  workers.push(startWorker({ books, wallets: [wallet], bank, logger: quiet, every: paces }))
}
const until = async (what: string, done: () => Promise<boolean>) => {
  for (let left = 600; !(await done()); left--) {
    assert.ok(left > 0, `Within twelve seconds: ${what}.`)
    await sleep(20)
  }
}
const control = (wish: object) =>
  fetch(`${sandbox.url}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  })
const custody = async () => {
  const { terms } = await equation(books, pool)
  return terms.find(({ term }) => term === 'custody')!.amount.minor
}
const topUp = async (yuan: string) => {
  const { id: purse } = await join(books, { person: member, merchant: merchant as MerchantId })
  const id = newId('top')
  const returnUrl = 'http://127.0.0.1:9/'
  await startTopUp(books, wallet, { id, purse, amount: cny(yuan), by: member, returnUrl })
  return { id, purse }
}

test('P1-08 P1-12 money goes round once: topped up, spent, asked for, approved, paid, and the bank agrees', async () => {
  work(30)
  work(30)
  const { id, purse } = await topUp('300.00')
  assert.equal(sandbox.pay(id, 'member'), 'paid')
  await until(
    'the top-up is credited',
    async () => (await readTopUp(books, id)).state === 'credited',
  )

  await spend(books, { id: newId('spd'), purse, by: member, merchant, amount: cny('120.00') })
  const asked = newId('stl')
  await request(books, { id: asked, merchant, by: owner, amount: cny('100.00') })
  await review(books, { id: asked, by: reviewer, step: 'approve' })
  await until('it is paid', async () => (await requestOf(books, asked)).state === 'paid')

  const { earned, requested } = await position(books, merchant)
  assert.deepEqual([earned, requested], [cny('20.00'), cny('0.00')])
  assert.ok((await equation(books, pool)).holds)
  assert.equal(await custody(), 20000n)
  assert.deepEqual(await bank.balance(), cny('200.00'))
})

test('P1-08 a top-up and a payout whose notices never come are found by asking', async () => {
  deaf = true
  const { id, purse } = await topUp('50.00')
  sandbox.pay(id, 'member')
  await books.sql`select 1`
  await until('the top-up is found', async () => (await readTopUp(books, id)).state === 'credited')
  deaf = false
  await spend(books, { id: newId('spd'), purse, by: member, merchant, amount: cny('50.00') })
  const asked = newId('stl')
  await request(books, { id: asked, merchant, by: owner, amount: cny('50.00') })
  await until('the platform has paid out', async () => (await bank.balance()).minor === 25000n)
  deaf = true
  await review(books, { id: asked, by: reviewer, step: 'approve' })
  await until('the payout is found', async () => (await requestOf(books, asked)).state === 'paid')
  deaf = false
})

test('P1-12 whatever befalls an instruction on its way, it is paid once', async () => {
  const faults = ['silence', 'lost_answer', 'html'] as const
  for (const fault of faults) await control({ on: 'bank', fault, call: 'payment.make' })
  const before = (await bank.balance()).minor
  const asked = await Promise.all(
    faults.map(async () => {
      const id = newId('stl')
      await request(books, { id, merchant, by: owner, amount: cny('5.00') })
      await review(books, { id, by: reviewer, step: 'approve' })
      return id
    }),
  )
  const state = async (id: (typeof asked)[number]) => (await requestOf(books, id)).state
  for (const id of asked) await until('it is paid', async () => (await state(id)) === 'paid')
  assert.equal((await bank.balance()).minor, before - 1500n)
})

test('P1-08 what a stranger paid to the account waits for two people, and goes back through the bank', async () => {
  const before = (await bank.balance()).minor
  const stranger = { name: `陌生人 ${newId('x')}`, account: '6222001' }
  sandbox.credit(cny('88.00'), stranger, '货款')
  const row = async () => (await listSuspense(books, { q: stranger.name }))[0]
  await until('it stands in suspense', async () => (await row()) !== undefined)
  const { id: suspense, reason } = (await row())!
  assert.equal(reason, 'unknown_payer')
  const [id, why] = [newId('pro'), { reason: '付款人说打错了' }]
  await propose(books, { id, suspense, by: owner, ...why })
  await decide(books, { id, step: 'confirm', by: reviewer })
  await until('it is back', async () => (await row())!.state === 'returned')
  assert.equal((await bank.balance()).minor, before)
})

test('P1-12 what the bank has paid before we know of its money is told of in the log, and booked once we do', async () => {
  const told: { break?: string }[] = []
  const logger = { ...quiet, warn: (about: object) => void told.push(about) }
  const { id, purse } = await topUp('700.00')
  deaf = true
  sandbox.pay(id, 'member')
  await until('it is found', async () => (await readTopUp(books, id)).state === 'credited')
  const there = await custody()
  await spend(books, { id: newId('spd'), purse, by: member, merchant, amount: cny('700.00') })
  const asked = newId('stl')
  await request(books, { id: asked, merchant, by: owner, amount: cny('690.00') })
  const atBank = async () => (await bank.balance()).minor
  await until('the platform has paid out', async () => (await atBank()) === there + 70000n)
  await review(books, { id: asked, by: reviewer, step: 'approve' })
  workers.push(startWorker({ books, wallets: [wallet], bank, logger, every: { breaks: 20 } }))
  const state = async () => (await requestOf(books, asked)).payout?.state
  await until('it is unbooked', async () => (await state()) === 'unbooked')
  await until('it is told', async () => told.some(one => one.break === 'unbooked'))
  deaf = false
  await until('it is booked', async () => (await state()) === 'paid')
  await until('the books agree with the bank', async () => (await custody()) === (await atBank()))
  assert.equal(await atBank(), there + 1000n)
})

test('P1-14 what a member takes back goes to where it came from, though the first answer is lost', async () => {
  const { purse } = await topUp('1.00')
  const before = (await readPurse(books, purse)).available
  await control({ on: 'wallet', fault: 'lost_answer', call: 'refund.make' })
  await withdraw(books, [wallet], { id: newId('wdr'), purse, amount: cny('80.00'), by: member })
  const left = { ...before, minor: before.minor - 8000n }
  assert.deepEqual((await readPurse(books, purse)).available, left)
  const there = await bank.balance()
  await until('the books agree with the bank', async () => (await custody()) === there.minor)
})

test('a job that fails is logged, waits longer each time, and stops no other', async () => {
  const [told, rounds]: [object[], JobName[]] = [[], []]
  const seal = () => Promise.reject(new Error('broken'))
  const worker = startWorker({
    ...{ books, wallets: [wallet], bank, seal },
    logger: { ...quiet, warn: about => void told.push(about) },
    every: Object.fromEntries([...all, 'seals' as const].map(job => [job, 10])),
    observe: (job, outcome) => void (outcome === 'done' && rounds.push(job)),
  })
  const paidOut = () => rounds.filter(job => job === 'payouts').length
  await until('the others go on', async () => paidOut() > 20 && told.length > 1)
  await worker.stop()
  const failures = told as { job: JobName; failures: number; err: Error }[]
  assert.ok(failures.every(({ job, err }) => job === 'seals' && err.message === 'broken'))
  assert.ok(failures.length < paidOut() / 2, 'a broken job comes round ever more rarely')
})
