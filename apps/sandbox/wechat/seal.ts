/**
 * How the played WeChat Pay signs, checks and encrypts: API v3, as the platform documents it.
 *
 *   Authorization         WECHATPAY2-SHA256-RSA2048 over `method\npath\ntimestamp\nnonce\nbody\n`
 *   Wechatpay-Signature   the same algorithm over `timestamp\nnonce\nbody\n`, by the key that -Serial names
 *   resource              AES-256-GCM with the merchant's APIv3 key; the tag is at the end
 */
import {
  createCipheriv,
  createPublicKey,
  createSign,
  createVerify,
  randomBytes,
  X509Certificate,
} from 'node:crypto'
import { makeRsaKey } from '../alipay/keys.ts'

/** `id`: a certificate's serial number, or a public key's id. `shown`: the half that others see, in PEM. */
export type WechatKey = Readonly<{ id: string; privateKey: string; shown: string }>
/** One merchant at the platform. The platform needs of the merchant's key only what is shown. */
export type WechatKeys = Readonly<{
  mchid: string
  appid: string
  appSecret: string
  apiV3Key: string
  merchant: Omit<WechatKey, 'privateKey'>
  /** Signs what the platform says: a certificate that is changed now and then. */
  platform: WechatKey
  /** Signs for those who ask with its id in `Wechatpay-Serial`. */
  publicKey: WechatKey
}>
/** With the merchant's private half, which stays with the merchant. */
export type WechatMerchantKeys = WechatKeys & Readonly<{ merchant: WechatKey }>

const scheme = 'WECHATPAY2-SHA256-RSA2048'
const shape = /(\w+)="([^"]*)"/g
/** The platform's own limit, either way. */
const windowSeconds = 300

export async function makeWechatKeys(): Promise<WechatMerchantKeys> {
  const digits = (count: number) =>
    randomBytes(count)
      .map(byte => byte % 10)
      .join('')
  return {
    mchid: `19${digits(8)}`,
    appid: `wx${randomBytes(8).toString('hex')}`,
    appSecret: randomBytes(16).toString('hex'),
    apiV3Key: randomBytes(16).toString('hex'),
    merchant: await makeCertificate('Bursar'),
    platform: await makeCertificate('Tenpay.com sandbox'),
    publicKey: publicKeyOf(`PUB_KEY_ID_01${digits(26)}`),
  }
}

function publicKeyOf(id: string): WechatKey {
  const { privateKey, publicKey: shown } = makeRsaKey(id)
  return { id, privateKey, shown }
}

export async function makeCertificate(commonName: string): Promise<WechatKey> {
  const notAfterDate = new Date(Date.now() + 5 * 365 * 86_400_000)
  const { generate } = await import('selfsigned')
  const made = await generate([{ name: 'commonName', value: commonName }], {
    keySize: 2048,
    algorithm: 'sha256',
    notAfterDate,
  })
  const id = new X509Certificate(made.cert).serialNumber
  return { id, privateKey: made.private, shown: made.cert }
}

export type Asked = Readonly<{
  method: string
  /** With the query. */
  path: string
  authorization: string
  body: Buffer
}>

/** Whether it is the merchant who asks, and now. */
export function isMerchant(keys: WechatKeys, asked: Asked): boolean {
  const { method, path, authorization, body } = asked
  if (!authorization.startsWith(`${scheme} `)) return false
  const said = Object.fromEntries([...authorization.matchAll(shape)].map(([, k, v]) => [k, v]))
  const { mchid, serial_no: serial, timestamp = '', nonce_str: nonce = '', signature = '' } = said
  if (mchid !== keys.mchid || serial !== keys.merchant.id) return false
  if (!(Math.abs(Number(timestamp) - Date.now() / 1000) <= windowSeconds)) return false
  return createVerify('RSA-SHA256')
    .update(`${method}\n${path}\n${timestamp}\n${nonce}\n`)
    .update(body)
    .update('\n')
    .verify(createPublicKey(keys.merchant.shown), signature, 'base64')
}

/** The headers of what the platform says: an answer, or a notice. */
export function wechatSeal(
  key: Omit<WechatKey, 'shown'>,
  body: string,
  time = Math.floor(Date.now() / 1000),
): Record<string, string> {
  const nonce = randomBytes(16).toString('hex')
  return {
    'wechatpay-serial': key.id,
    'wechatpay-timestamp': String(time),
    'wechatpay-nonce': nonce,
    'wechatpay-signature': createSign('RSA-SHA256')
      .update(`${time}\n${nonce}\n${body}\n`)
      .sign(key.privateKey, 'base64'),
    'wechatpay-signature-type': scheme,
    'request-id': randomBytes(16).toString('hex').toUpperCase(),
  }
}

export function encrypted(apiV3Key: string, text: string, about: string) {
  const nonce = randomBytes(6).toString('hex')
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce).setAAD(Buffer.from(about))
  const sealed = [cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]
  return {
    algorithm: 'AEAD_AES_256_GCM',
    nonce,
    associated_data: about,
    ciphertext: Buffer.concat(sealed).toString('base64'),
  }
}

/** Whether the parameters with which a page calls the wallet inside are the merchant's. */
export function isCall(keys: WechatKeys, call: Readonly<Record<string, string>>): boolean {
  const { appId, timeStamp, nonceStr, package: what, paySign = '' } = call
  return createVerify('RSA-SHA256')
    .update(`${appId}\n${timeStamp}\n${nonceStr}\n${what}\n`)
    .verify(createPublicKey(keys.merchant.shown), paySign, 'base64')
}
