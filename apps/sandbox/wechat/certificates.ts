/** Which keys the played WeChat Pay signs with: certificates that are changed now and then, and a public key. */
import { X509Certificate } from 'node:crypto'
import { encrypted, makeCertificate, type WechatKey, type WechatKeys } from './seal.ts'
import { instant } from './orders.ts'
import type { World } from '../world.ts'

export type Certificates = ReturnType<typeof openCertificates>

/** The newest signs. After a change both are shown, until the older is dropped. */
export function openCertificates(world: World, keys: WechatKeys) {
  const all = (): WechatKey[] => {
    const kept = world.all<WechatKey>('wechat-certificate')
    return kept.length > 0 ? kept : [keys.platform]
  }
  return {
    signer: (wanted?: string): WechatKey =>
      wanted === keys.publicKey.id ? keys.publicKey : all().at(-1)!,
    /** As GET /v3/certificates tells them. */
    shown: () => ({ data: all().map(one => shownOf(keys.apiV3Key, one)) }),
    async change(): Promise<string> {
      const made = await makeCertificate('Tenpay.com sandbox')
      for (const one of all()) world.put(['wechat-certificate', one.id, one])
      world.put(['wechat-certificate', made.id, made])
      return made.id
    },
    /** The change is over: only the newest counts. */
    drop(): void {
      for (const one of all().slice(0, -1)) world.put(['wechat-certificate', one.id, null])
    },
  }
}

function shownOf(apiV3Key: string, { id, shown }: WechatKey) {
  const { validFrom, validTo } = new X509Certificate(shown)
  return {
    serial_no: id,
    effective_time: instant(validFrom),
    expire_time: instant(validTo),
    encrypt_certificate: encrypted(apiV3Key, shown, 'certificate'),
  }
}
