/** Money that a stranger paid to our account goes back through the bank, once. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { custodyAccount, makeKeys, startSandbox, type Sandbox } from '@bursar/sandbox'
import type { BankNotice } from '@bursar/settlement/bank'
import { bankOverHttp } from './banks.ts'

const keys = makeKeys()
const heard: BankNotice[] = []
let sandbox: Sandbox
let bank: ReturnType<typeof bankOverHttp>
const notified = createServer(async (request, reply) => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  heard.push(await bank.verify(request.headers, Buffer.concat(parts)))
  reply.end('success')
})

before(async () => {
  notified.listen(0, '127.0.0.1')
  await once(notified, 'listening')
  const url = `http://127.0.0.1:${(notified.address() as AddressInfo).port}/`
  sandbox = await startSandbox({ keys, notifyUrls: { bank: url }, retry: [20, 20, 20] })
  const line = { gateway: 'bank', account: custodyAccount, theirs: keys.bank, timeout: 300 }
  bank = bankOverHttp({ ...line, ours: keys.operator, url: sandbox.bankUrl })
})
after(async () => {
  await sandbox.stop()
  notified.close()
})

async function paid(yuan: string) {
  heard.length = 0
  const payer = { name: '陌生人', account: '6222001' }
  sandbox.credit(cny(yuan), payer, '货款')
  for (let left = 200; heard.length === 0; left--) {
    assert.ok(left > 0, 'No notice came in two seconds.')
    await sleep(10)
  }
  return heard[0]!
}
const balance = async () => (await bank.balance()).minor

test('P1-08 the bank says who paid: the name and the account', async () => {
  const { id: _, at: __, ...notice } = await paid('12.30')
  assert.deepEqual(notice, {
    ...{ kind: 'credit', account: custodyAccount, amount: cny('12.30') },
    ...{ payer: '陌生人', payerAccount: '6222001', reference: '货款' },
  })
})

test('P1-08 a credit goes back once, however often we ask, also when the answer was lost', async () => {
  const { id: order } = await paid('50.00')
  const before = await balance()
  const ask = { order, refund: newId('wdp'), amount: cny('50.00') }
  await fetch(`${sandbox.url}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ on: 'bank', fault: 'lost_answer', call: 'credit.return' }),
  })
  assert.equal(await bank.refund(ask), 'unknown')
  assert.equal(await bank.refund(ask), 'done')
  assert.equal(await balance(), before - 5000n)
  assert.deepEqual(await bank.refund({ ...ask, refund: newId('wdp') }), {
    refused: 'more_than_was_paid',
  })
  assert.deepEqual(await bank.refund({ ...ask, amount: cny('49.00') }), {
    refused: 'return_number_used',
  })
})

test('P1-08 a credit that the bank never had does not go back', async () => {
  const ask = { order: 'ntc_nothing', refund: newId('wdp'), amount: cny('1.00') }
  assert.deepEqual(await bank.refund(ask), { refused: 'no_such_credit' })
})
