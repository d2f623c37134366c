import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId, type Id } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { custodyAccount, makeKeys, serialOf, startSandbox, type Sandbox } from '@bursar/sandbox'
import type { Bank, BankNotice } from '@bursar/settlement/bank'
import { walletOverHttp } from '@bursar/gateway-payments'
import { bankOverHttp } from './banks.ts'

const keys = makeKeys()
const ours = { id: 'operator-1', privateKey: keys.operator.privateKey }
const heard: BankNotice[] = []
const folder = mkdtempSync(join(tmpdir(), 'world-'))
const file = join(folder, 'world.jsonl')
let sandbox: Sandbox
let bank: Bank

const notified = createServer(async (request, reply) => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  heard.push(await bank.verify(request.headers, Buffer.concat(parts)))
  reply.end('success')
})

/** The world starts again from its file, as after a restart. */
async function open(): Promise<void> {
  const url = `http://127.0.0.1:${(notified.address() as AddressInfo).port}/`
  const pauses = { executeAfter: 150, retry: [20, 20, 20] }
  sandbox = await startSandbox({ keys, file, notifyUrls: { bank: url }, ...pauses })
  const line = { gateway: 'bank', account: custodyAccount, ours, theirs: keys.bank, timeout: 1_000 }
  bank = bankOverHttp({ ...line, url: sandbox.bankUrl })
}
/** A payer pays 1,000.00, and the platform pays it out to our account. */
async function fund(): Promise<void> {
  const line = {
    gateway: 'wallet',
    account: 'pool',
    url: sandbox.walletUrl,
    ours,
    theirs: keys.wallet,
  }
  const order = newId('top')
  const expiresAt = new Date(Date.now() + 60_000)
  const ask = {
    order,
    amount: cny('1000.00'),
    subject: 'x',
    expiresAt,
    way: 'phone' as const,
    returnUrl: 'http://127.0.0.1:9/',
  }
  await walletOverHttp(line).create(ask)
  sandbox.pay(order, order)
  await until(() => heard.some(notice => notice.kind === 'credit'))
}

before(async () => {
  notified.listen(0, '127.0.0.1')
  await once(notified, 'listening')
  await open()
})
beforeEach(async () => {
  heard.length = 0
  await fund()
  heard.length = 0
})
after(async () => {
  await sandbox.stop()
  notified.close()
  rmSync(folder, { recursive: true })
})

const control = (wish: object) =>
  fetch(`${sandbox.url}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  })
const until = async (done: () => boolean) => {
  for (let left = 200; !done(); left--) {
    assert.ok(left > 0, 'It did not happen in two seconds.')
    await sleep(10)
  }
}
const pay = (account: string, yuan = '60.00', payout: Id = newId('pay'), name = '老茶馆') => {
  const payee = { bank: '沙盒银行', account, name }
  const order = { payout, amount: cny(yuan), payee, remark: payout }
  return { payout, again: () => bank.pay(order) }
}
/** What the bank says of a payment of 60.00. */
const became = (payout: string, reason?: string) => {
  const said = { amount: cny('60.00'), serial: serialOf(payout) }
  return reason ? { state: 'bounced', ...said, reason } : { state: 'paid', ...said }
}
const change = async (work: () => Promise<void>) => {
  const before = (await bank.balance()).minor
  await work()
  return (await bank.balance()).minor - before
}

test('a payment is accepted, then paid, and we are told', async () => {
  const { payout, again } = pay('6217000000001234')
  const moved = await change(async () => {
    assert.equal(await again(), 'accepted')
    assert.equal(await bank.query(payout), 'unknown')
    await until(() => heard.length === 1)
  })
  const { id, at, ...notice } = heard[0]!
  const [account, amount, serial] = [custodyAccount, cny('60.00'), serialOf(payout)]
  assert.deepEqual(notice, { account, amount, kind: 'paid', payout, serial })
  assert.deepEqual(await bank.query(payout), { state: 'paid', amount, serial })
  assert.equal(moved, -6000n)
})

test('an instruction whose answer was lost is paid once, however often it is sent', async () => {
  const { payout, again } = pay('6217000000001234')
  const moved = await change(async () => {
    await control({ on: 'bank', fault: 'lost_answer', call: 'payment.make' })
    assert.equal(await again(), 'unknown')
    for (let times = 0; times < 5; times++) assert.equal(await again(), 'accepted')
    await until(() => heard.length === 1)
  })
  assert.equal(moved, -6000n)
  const other = pay('6217000000001234', '61.00', payout)
  assert.deepEqual(await other.again(), { refused: 'reference_used' })
})

test('an instruction that never arrived is unknown to us, and none to the bank', async () => {
  const { payout, again } = pay('6217000000001234')
  await control({ on: 'bank', fault: 'html', call: 'payment.make' })
  assert.equal(await again(), 'unknown')
  assert.equal(await bank.query(payout), 'none')
})

test('what was closed before it came is refused for good, though it comes late, and over a restart', async () => {
  const { payout, again } = pay('6217000000001234')
  const moved = await change(async () => {
    await control({ on: 'bank', fault: 'late', ms: 1_300, call: 'payment.make' })
    assert.equal(await again(), 'unknown')
    assert.equal(await bank.query(payout), 'none')
    await control({ on: 'bank', fault: 'lost_answer', call: 'payment.close' })
    assert.equal(await bank.close(payout), 'unknown')
    assert.deepEqual(await bank.close(payout), { state: 'closed' })
    await sleep(1_400)
    await sandbox.stop()
    await open()
    assert.deepEqual(await again(), { refused: 'closed' })
    assert.deepEqual(await bank.query(payout), { state: 'closed' })
  })
  assert.equal(moved, 0n)
  assert.deepEqual(heard, [])
})

test('what has come cannot be closed: the bank says how it stands', async () => {
  const { payout, again } = pay('6217000000001234')
  await again()
  assert.equal(await bank.close(payout), 'accepted')
  await until(() => heard.length === 1)
  assert.deepEqual(await bank.close(payout), became(payout))
})

test('a bank can break its word, and execute what it has closed', async () => {
  const { payout, again } = pay('6217000000001234')
  await bank.close(payout)
  await control({ do: 'reopen', payout })
  assert.equal(await again(), 'accepted')
  await until(() => heard.length === 1)
})

for (const [account, name, reason] of [
  ['62170000000019999', '老茶馆', 'no_such_account'],
  ['6217000000001234', '户名不符', 'name_differs'],
] as const)
  test(`a payment can bounce before it is paid: ${reason}`, async () => {
    const { payout, again } = pay(account, '60.00', newId('pay'), name)
    const moved = await change(async () => {
      assert.equal(await again(), 'accepted')
      await until(() => heard.length === 1)
    })
    assert.equal(heard[0]!.kind, 'bounced')
    assert.deepEqual(await bank.query(payout), became(payout, reason))
    assert.equal(moved, 0n)
  })

test('a payment can bounce after it was paid, and the money is back', async () => {
  const { payout, again } = pay('6217000000018888')
  const moved = await change(async () => {
    assert.equal(await again(), 'accepted')
    await until(() => heard.length === 2)
  })
  assert.deepEqual(
    heard.map(notice => notice.kind),
    ['paid', 'bounced'],
  )
  assert.deepEqual(await bank.query(payout), became(payout, 'returned_by_payee_bank'))
  assert.equal(moved, 0n)
})

test('a closed account, and more than we have, are refused at once', async () => {
  assert.deepEqual(await pay('6217000000010000').again(), { refused: 'account_closed' })
  const tooMuch = await pay('6217000000001234', '1000000.00').again()
  assert.deepEqual(tooMuch, { refused: 'insufficient_balance' })
})

test('the world remembers its money, and what it still has to do, over a restart', async () => {
  const { payout, again } = pay('6217000000001234')
  assert.equal(await again(), 'accepted')
  const before = (await bank.balance()).minor
  await sandbox.stop()
  await open()
  await until(() => heard.length === 1)
  assert.deepEqual(await bank.query(payout), became(payout))
  assert.equal((await bank.balance()).minor, before - 6000n)
  const back = new Date(Date.now() - 3_600_000)
  assert.deepEqual(await bank.balance(back), cny('0.00'))
})

test('a silent bank has no balance to tell: that is refused, not zero', async () => {
  await control({ on: 'bank', fault: 'silence', call: 'account.balance' })
  await assert.rejects(bank.balance(), { code: 'gateway_silent' })
})
