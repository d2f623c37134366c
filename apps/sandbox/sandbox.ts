/**
 * The outside world, played: a wallet with its own pay page, behind three doors (a nameless platform's, Alipay's, WeChat Pay's), and a
 * bank. It speaks the wire and knows nothing of the business. README.md has the messages, the schedule and the faults.
 */
import type { AddressInfo } from 'node:net'
import type { Money } from '@bursar/money'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { openAlipay } from './alipay/alipay.ts'
import type { AlipaySide } from './alipay/keys.ts'
import { alipaySchedule, alipayVoice } from './alipay/notice.ts'
import { openBank } from './bank.ts'
import { bindControl } from './control.ts'
import { openCourier, schedule, signedVoice, type Voice } from './courier.ts'
import { makeFaults, type Party } from './faults.ts'
import { bindLine } from './line.ts'
import { bindPayPage } from './pay-page.ts'
import { tell, type Past } from './past.ts'
import type { BankPayer } from './returns.ts'
import { makeTimers } from './timers.ts'
import { openWallet, type Paid } from './wallet.ts'
import { openCertificates, type Certificates } from './wechat/certificates.ts'
import { wechatVoice } from './wechat/notices.ts'
import { playWechat, type PlayedWechat } from './wechat/play.ts'
import type { WechatKeys } from './wechat/seal.ts'
import type { Keys, KeyPair } from './wire.ts'
import { openWorld, type World } from './world.ts'

export { serialOf } from './bank.ts'
export type { Past, PastOrder, PastPayment } from './past.ts'
export { makeAlipayKeys, makeRsaKey, type AlipayKeys } from './alipay/keys.ts'
export { certified } from './alipay/certificates.ts'
export { alipayNotice } from './alipay/notice.ts'
export { payersOut, type Door } from './doors.ts'
export { envelope as wechatEnvelope } from './wechat/notices.ts'
export { makeWechatKeys, wechatSeal, type WechatMerchantKeys } from './wechat/seal.ts'
export { makeKeys, seal, type KeyPair, type Keys } from './wire.ts'

/** The operator's public half is enough; its private half stays with the operator. */
export type SandboxKeys = Readonly<Omit<Keys, 'operator'>> &
  Readonly<{ operator: Omit<KeyPair, 'privateKey'> }>

export type SandboxOptions = Readonly<{
  keys: SandboxKeys
  /** Opens Alipay's door. */
  alipay?: AlipaySide
  /** Opens WeChat Pay's door. */
  wechat?: WechatKeys
  /** Milliseconds before WeChat Pay has paid something back. Default 0. */
  refundAfter?: number
  /** 0 or absent: any free port. */
  port?: number
  host?: string
  /** Serves the pay page over HTTPS on `port`; calls then have a port of their own on this machine. */
  https?: Readonly<{ key: string; cert: string }>
  /** How payers reach the pay page, if not at `url`: `https://192.168.1.7:7301`. */
  publicUrl?: string
  notifyUrls?: Readonly<{ wallet?: string; bank?: string }>
  /** Where the world is remembered. Without it, it is forgotten. */
  file?: string
  /** Our custody account, to which the platform pays out. */
  custody?: string
  /** Milliseconds before the platform pays out. Default 0. */
  payOutAfter?: number
  /** Milliseconds before the bank executes a payment. Default 1,500. */
  executeAfter?: number
  /** What a new test wallet holds, in fen. Default 2,000.00. */
  purse?: bigint
  /** Milliseconds between the tries of a notice, if not each platform's own. */
  retry?: readonly number[]
  report?: (error: unknown) => void
}>

export type Sandbox = Readonly<{
  /** Where payers go. */
  url: string
  /** Where the adapters call: `<callUrl>/wallet` and `<callUrl>/bank`. */
  walletUrl: string
  bankUrl: string
  /** Alipay's, where it is open: its gateway for us, the same for payers, and where people authorise us. */
  alipay: Readonly<{ gateway: string; pages: string; authorise: string }>
  /** WeChat Pay's calls are below `callUrl`, its pages below `publicUrl`. */
  callUrl: string
  publicUrl: string
  wechat: PlayedWechat | undefined
  /** Does what the payer does on the page. */
  pay(order: string, payer?: string): Paid
  /** Somebody pays straight into our account at the bank. */
  credit(amount: Money, payer: BankPayer, reference: string): void
  /** Notices go here from now on; for a server that gets its port later. */
  notify(urls: Readonly<{ wallet?: string; bank?: string }>): void
  /** The world has seen this before; what it still owes is paid when it is due. */
  recall(past: Past): void
  stop(): Promise<void>
}>

export const custodyAccount = '6228480018000000001'

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { keys, port = 0, host = '127.0.0.1', https, file, custody = custodyAccount } = options
  const { payOutAfter = 0, executeAfter = 1_500, purse = 200_000n, alipay } = options
  const urls: { wallet?: string; bank?: string } = { ...options.notifyUrls }
  const report = options.report ?? (() => undefined)
  const [world, faults, timers] = [openWorld(file), makeFaults(), makeTimers(report)]

  let publicUrl = options.publicUrl ?? ''
  const certificates = options.wechat && openCertificates(world, options.wechat)
  const voices = voicesOf(options, world, certificates)
  const courier = openCourier({ world, faults, timers, voices, urls })
  const bank = openBank({ world, timers, courier, pause: executeAfter })
  const payUrl = () => `${publicUrl}/pay`
  const own = { world, timers, courier, bank, payUrl, custody, pause: payOutAfter, purse }
  const wallet = openWallet(own)

  const pages = server(https && { https })
  const calls = https ? server() : pages
  bindPayPage(pages, wallet)
  if (alipay) {
    const home = () => `http://${https ? '127.0.0.1' : host}:${portOf(calls)}`
    openAlipay({ pages, calls }, { side: alipay, world, faults, timers, wallet, home })
  }
  const wechat =
    certificates &&
    playWechat({
      ...{ pages, calls, world, wallet, faults, timers, courier, certificates },
      ...{ keys: options.wechat!, publicUrl: () => publicUrl, pause: options.refundAfter ?? 0 },
    })
  bindLine(calls, { faults, timers, operator: keys.operator, own: keys, wallet, bank })
  const credit: Sandbox['credit'] = (amount, payer, reference) =>
    bank.credit(custody, amount, payer, reference)
  bindControl(calls, { faults, wallet, bank, courier, credit, wechat, world })
  await pages.listen({ port, host })
  if (https) await calls.listen({ port: 0, host: '127.0.0.1' })

  const url = `${https ? 'https' : 'http'}://${host}:${portOf(pages)}`
  const callUrl = https ? `http://127.0.0.1:${portOf(calls)}` : url
  publicUrl ||= url
  return {
    url,
    walletUrl: `${callUrl}/wallet`,
    bankUrl: `${callUrl}/bank`,
    ...{ callUrl, publicUrl, wechat },
    alipay: {
      gateway: `${callUrl}/gateway.do`,
      pages: `${publicUrl}/gateway.do`,
      authorise: `${publicUrl}/oauth2/publicAppAuthorize.htm`,
    },
    pay: (order, payer = 'somebody') => wallet.pay(order, payer),
    credit,
    notify: more => void Object.assign(urls, more),
    recall: past => {
      if (tell(world, past)) wallet.owes(past.owed)
    },
    async stop() {
      timers.stop()
      await pages.close()
      if (https) await calls.close()
      world.close()
    },
  }
}

function voicesOf(
  { keys, alipay, wechat, retry }: SandboxOptions,
  world: World,
  certificates: Certificates | undefined,
): Partial<Record<Party, Voice>> {
  const [wallet, bank] = [keys.wallet, keys.bank].map(key => signedVoice(key, retry ?? schedule))
  return {
    ...{ wallet: wallet!, bank: bank! },
    ...(alipay && { alipay: alipayVoice(alipay, retry ?? alipaySchedule) }),
    ...(certificates && { wechat: wechatVoice(world, wechat!, certificates, retry ?? schedule) }),
  }
}

function server(more: object = {}): FastifyInstance {
  const options: FastifyServerOptions = { bodyLimit: 65_536, forceCloseConnections: true }
  const made = Fastify({ ...options, ...more })
  // The bytes as they came: a signature covers these and no others.
  const raw = { parseAs: 'buffer' } as const
  made.removeAllContentTypeParsers()
  made.addContentTypeParser('*', raw, (_, body, done) => done(null, body))
  return made
}

const portOf = (made: FastifyInstance) => (made.server.address() as AddressInfo).port
