/**
 * As whom we ask Alipay, and by what its answers are believed: its public key, or in place of that three
 * certificates, ours and its own and the roots, whose numbers go along with every question.
 *
 * Two files are not replaced in one instant: until our key and our certificate fit one another, the pair before
 * them signs.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { Misconfigured, openKey, openSetting, type Key, type Report } from './keys.ts'

/** Each is text in PEM, or the file that it is in. */
export type Certificates = Readonly<{ app: string; alipay: string; root: string }>
export type Believed =
  | Readonly<{ publicKey: string; certificates?: never }>
  | Readonly<{ certificates: Certificates; publicKey?: never }>
/** As the SDK takes it. */
export type Identity = Readonly<{ version: string; config: SdkKeys }>
type SdkKeys = Readonly<{
  privateKey: string
  alipayPublicKey?: string
  appCertContent?: string
  alipayPublicCertContent?: string
  alipayRootCertContent?: string
}>

export function openIdentity(
  { privateKey, ...by }: Believed & Readonly<{ privateKey: string }>,
  report: Report,
): () => Identity {
  const ours = openKey('ALIPAY_PRIVATE_KEY', privateKey, 'private', report)
  const { certificates } = by
  if (!certificates) {
    const theirs = openKey('ALIPAY_PUBLIC_KEY', by.publicKey, 'public', report)
    return () => {
      const [mine, its] = [ours(), theirs()]
      const config = { privateKey: mine.pem, alipayPublicKey: its.pem }
      return { version: `${mine.version}/${its.version}`, config }
    }
  }
  const open = (name: string, setting: string) =>
    openSetting(`ALIPAY_${name}`, setting, report, certificateIn)
  const app = open('APP_CERT', certificates.app)
  const alipay = open('PUBLIC_CERT', certificates.alipay)
  const root = open('ROOT_CERT', certificates.root)
  let pair = { key: ours(), shown: app() }
  if (!fit(pair.key, pair.shown))
    throw new Misconfigured('ALIPAY_APP_CERT is not the certificate of ALIPAY_PRIVATE_KEY.')
  return () => {
    const now = { key: ours(), shown: app() }
    const isNew = now.key.version !== pair.key.version || now.shown.version !== pair.shown.version
    if (isNew && fit(now.key, now.shown)) pair = now
    const { key, shown } = pair
    const [its, roots] = [alipay(), root()]
    const versions = [key, shown, its, roots].map(({ version }) => version)
    const config = {
      ...{ privateKey: key.pem, appCertContent: shown.pem },
      ...{ alipayPublicCertContent: its.pem, alipayRootCertContent: roots.pem },
    }
    return { version: versions.join('/'), config }
  }
}

const fit = (key: Key, shown: Key): boolean =>
  new X509Certificate(shown.pem).checkPrivateKey(createPrivateKey(key.pem))

/** The first is what counts, or all of them where they are roots. */
function certificateIn(name: string, text: string): string {
  try {
    const { validTo } = new X509Certificate(text)
    if (Date.parse(validTo) > Date.now()) return text
  } catch {
    throw new Misconfigured(`${name} is not a certificate in PEM.`)
  }
  throw new Misconfigured(`${name} has expired.`)
}
