/**
 * Certificates in place of keys, as Alipay numbers them: MD5 over the issuer's name, its last part first, and the
 * serial number in decimal. Of the roots the numbers of those that RSA has signed are joined.
 */
import { createHash, X509Certificate } from 'node:crypto'
import type { AlipayKeys, AlipaySide } from './keys.ts'

/** The same app with certificates: their keys are new ones. */
export async function certified(keys: AlipayKeys): Promise<AlipayKeys> {
  const [app, platform, first, second] = await Promise.all(
    ['app', 'Alipay', 'Alipay Root R1', 'Alipay Root R2'].map(made),
  )
  const root = `${first!.cert}\n${second!.cert}`
  return {
    ...keys,
    app: { id: keys.app.id, privateKey: app!.private, publicKey: app!.public },
    platform: { id: keys.platform.id, privateKey: platform!.private, publicKey: platform!.public },
    certificates: { app: app!.cert, platform: platform!.cert, root },
  }
}

/** Who makes no certificate does not load what makes them. */
async function made(commonName: string) {
  const { generate } = await import('selfsigned')
  return generate(
    [
      { name: 'countryName', value: 'CN' },
      { name: 'organizationName', value: 'Ant Financial' },
      { name: 'commonName', value: commonName },
    ],
    { keySize: 2048, algorithm: 'sha256' },
  )
}

const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

export function numberOf(text: string): string {
  const { issuer, serialNumber } = new X509Certificate(text)
  const name = issuer.split('\n').toReversed().join(',')
  return createHash('md5')
    .update(`${name}${BigInt(`0x${serialNumber}`)}`)
    .digest('hex')
}
const rootNumberOf = (text: string): string => (text.match(pem) ?? []).map(numberOf).join('_')

/** Whether a question that should name certificates names these. */
export const named = (
  { certificates }: AlipaySide,
  app: string | undefined,
  root: string | undefined,
): boolean =>
  !certificates || (app === numberOf(certificates.app) && root === rootNumberOf(certificates.root))
