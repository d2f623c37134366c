import assert from 'node:assert/strict'
import { test } from 'node:test'
import { handOver, walletOf, type Within } from './within.ts'

const phone = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36'
const call = { tradeNO: '2026113022001' }

test('P5-15 a wallet’s own browser is known by what it calls itself, and no other browser is', () => {
  assert.equal(walletOf(`${phone} MicroMessenger/8.0.50(0x2800325B)`), 'wechat-pay')
  assert.equal(walletOf(`${phone} AliApp(AP/10.6) AlipayClient/10.6.10 Language/zh-Hans`), 'alipay')
  assert.equal(walletOf(phone), undefined)
})

/** A browser whose bridge comes when the test lets it, and whose sheet closes with these words. */
function browser(says: object) {
  const [ready, asked]: [Map<string, () => void>, unknown[]] = [new Map(), []]
  const bridges = {
    WeixinJSBridge: {
      invoke(name: string, what: object, then: (heard: object) => void) {
        asked.push([name, what])
        then(says)
      },
    },
    AlipayJSBridge: {
      call(name: string, what: object, then: (heard: object) => void) {
        asked.push([name, what])
        then(says)
      },
    },
  }
  const document = {
    addEventListener: (name: string, come: () => void) => void ready.set(name, come),
  }
  const within = { document } as unknown as Within
  const come = () => {
    Object.assign(within, bridges)
    for (const one of ready.values()) one()
  }
  return { within, come, asked, ready }
}

test('P5-15 the payment is handed over once the bridge has come, in the words of each wallet', async () => {
  const here = browser({ err_msg: 'get_brand_wcpay_request:ok' })
  const waits = handOver('wechat-pay', { package: 'prepay_id=wx1' }, here.within)
  assert.deepEqual([...here.ready.keys()], ['WeixinJSBridgeReady'])
  here.come()
  assert.equal(await waits, 'done')
  const there = browser({ resultCode: '9000' })
  there.come()
  assert.equal(await handOver('alipay', call, there.within), 'done')
  assert.deepEqual(here.asked, [['getBrandWCPayRequest', { package: 'prepay_id=wx1' }]])
  assert.deepEqual(there.asked, [['tradePay', call]])
})

test('P5-15 a sheet that was left is no payment; one that does not know may be one; no bridge is said', async () => {
  const after = async (gateway: string, says: object) => {
    const { within, come } = browser(says)
    come()
    return await handOver(gateway, call, within)
  }
  assert.equal(await after('alipay', { resultCode: '6001' }), 'left')
  assert.equal(await after('alipay', { resultCode: '8000' }), 'done')
  assert.equal(await after('wechat-pay', { err_msg: 'get_brand_wcpay_request:cancel' }), 'left')
  assert.equal(await after('sandbox-wallet', {}), 'none')
  assert.equal(await handOver('alipay', call, browser({}).within, 1), 'none')
})
