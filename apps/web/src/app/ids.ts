/** Ids that a page makes: a prefix and 26 letters of Crockford's base 32 that sort by time. */
import { uuid7 } from './uuid.ts'

const letters = '0123456789abcdefghjkmnpqrstvwxyz'

export function newId<P extends string>(prefix: P): `${P}_${string}` {
  let left = BigInt(`0x${uuid7().replaceAll('-', '')}`)
  let text = ''
  for (let n = 0; n < 26; n++) {
    text = `${letters[Number(left % 32n)]}${text}`
    left /= 32n
  }
  return `${prefix}_${text}`
}
