/**
 * How makers of cloud loudspeakers want to be told, as they publish it. A field's value is a text with holes: {text} what
 * is spoken, {device} the loudspeaker, {account} and {key} ours with the maker, {fen} the sum, {id} one for each prompt,
 * {seconds} and {stamp} the time, {nonce} another for each call. What a maker wants besides stands in the settings' own
 * `fields`; so does a maker that is not here (`vendor: "other"`).
 */
import { createHash, createHmac } from 'node:crypto'

export type Fields = Readonly<Record<string, string>>
export type Vendor = Readonly<{
  /** Where its interface is described. */
  source: string
  /** Absent: it stands on its customer's own page, or network. */
  url?: string
  as: 'form' | 'json'
  fields: Fields
  /** Adds the signature to the fields. */
  sign(fields: Fields, key: string): Fields
  /** Where its answer has the code; which says that it is spoken, which that it never will be. */
  code: string
  good: readonly string[]
  never: readonly string[]
  /** What is said twice it speaks once: then a call without an answer may be made again. */
  knowsRepeats: boolean
}>

const sorted = (fields: Fields) =>
  Object.entries(fields).toSorted(([one], [other]) => (one < other ? -1 : 1))

/** Names and values, sorted, with nothing between them, the key as one of them: MD5. */
export const signedByMd5 = (fields: Fields, key: string): Fields => {
  const text = sorted({ ...fields, token: key })
    .flat()
    .join('')
  return { ...fields, sign: createHash('md5').update(text).digest('hex') }
}

/** `a=1&b=2`, sorted, what is empty left out: HMAC-SHA256, in base64. */
export const signedByHmac = (fields: Fields, key: string): Fields => {
  const text = sorted(fields)
    .filter(([, value]) => value !== '')
    .map(pair => pair.join('='))
    .join('&')
  return { ...fields, sign: createHmac('sha256', key).update(text).digest('base64') }
}

export const vendors = {
  /** 博瑞: a token for each customer, no signature. */
  borui: {
    source: 'https://developer.aliyun.com/article/843768',
    ...{ url: 'https://speaker.17laimai.cn/notify.php', as: 'form' },
    fields: { id: '{device}', token: '{key}', version: '1', message: '{text}' },
    sign: fields => fields,
    ...{ code: 'errcode', good: ['0', '17'], never: ['2', '3', '5', '6', '8', '9'] },
    knowsRepeats: true,
  },
  /** 声光播报终端 on the local network: MD5. */
  eyegroup: {
    source: 'https://www.eyegroup.cc/q3_help/doc/quick_door.html',
    as: 'form',
    fields: { text: '{text}', time: '{seconds}' },
    sign: signedByMd5,
    ...{ code: 'code', good: ['200'], never: [], knowsRepeats: false },
  },
  /** 飞天: HMAC. The address and the message's own fields are those of one's application. */
  feitian: {
    source: 'https://iotdoc.cloudentify.com/web_api_restful.html',
    as: 'json',
    fields: { appkey: '{account}', timestamp: '{stamp}', nonce: '{nonce}' },
    sign: signedByHmac,
    ...{ code: 'code', good: ['0'], never: [], knowsRepeats: false },
  },
  /** One that is not here: all of it stands in the settings. */
  other: {
    ...{ source: '', as: 'form', fields: {}, sign: signedByHmac, code: 'code', good: ['0'] },
    ...{ never: [], knowsRepeats: false },
  },
} as const satisfies Record<string, Vendor>
