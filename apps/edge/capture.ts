/**
 * The door for capture apps that exist (V免签 and its kin): `GET /<terminal>/appHeart` and `/<terminal>/appPush`, signed
 * by an MD5 with a key per terminal at its end. What they say is a phone's word, of grade C.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { Item } from './store.ts'

type Options = Readonly<{
  /** The keys, by terminal. */
  keys: Readonly<Record<string, string>>
  now: () => Date
  /** Kept before it is answered; once, whatever is sent again. */
  keep(terminal: string, item: Item): void
  alive(terminal: string): void
}>
type Query = Readonly<Record<string, string>>

const patience = 5 * 60_000
const platforms: Readonly<Record<string, string>> = { '1': 'wechat-pay', '2': 'alipay' }
/** As the apps understand it. */
const yes = { code: 1, msg: '成功', data: null }
const no = (msg: string) => ({ code: -1, msg, data: null })

/** Answers a call. Nothing of a wrong signature is told, nor whether there is such a terminal. */
export function answer(path: string, query: Query, { keys, now, keep, alive }: Options) {
  const [, terminal = '', call = ''] = path.split('/')
  const { t = '', type = '', price = '', sign = '' } = query
  const signed = call === 'appHeart' ? t : call === 'appPush' ? type + price + t : null
  if (signed === null) return no('no such call')
  const key = Object.hasOwn(keys, terminal) ? keys[terminal]! : ''
  if (!isSigned(signed + key, sign) || !key) return no('签名校验不通过')
  const at = /^\d{13}$/.test(t) ? new Date(Number(t)) : null
  if (!at || Math.abs(now().getTime() - at.getTime()) > patience) return no('客户端时间错误')
  alive(terminal)
  if (call === 'appHeart') return yes
  const amount = amountOf(price)
  const platform = platforms[type]
  if (!amount || !platform) return no('参数错误')
  // The same signature is the same call: sent again, it is answered as before.
  keep(terminal, {
    id: `vmq-${sign.toLowerCase()}`,
    source: 'phone',
    at: at.toISOString(),
    app: 'vmq',
    platform,
    kind: 'payment',
    amount: { amount, currency: 'CNY' },
  })
  return yes
}

function isSigned(text: string, sign: string): boolean {
  const right = createHash('md5').update(text).digest()
  const given = /^[0-9a-f]{32}$/i.test(sign) ? Buffer.from(sign, 'hex') : Buffer.alloc(16)
  return timingSafeEqual(right, given)
}

/** `12`, `12.5` and `12.50` are the same; nothing finer than a fen, and not nothing. */
function amountOf(price: string): string | null {
  const [, yuan, fen = ''] = /^(0|[1-9]\d{0,8})(?:\.(\d{1,2}))?$/.exec(price) ?? []
  if (!yuan || !/[1-9]/.test(yuan + fen)) return null
  return `${yuan}.${fen.padEnd(2, '0')}`
}

export const openDoor = (options: Options): Server =>
  createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://agent')
    const said =
      request.method === 'GET'
        ? answer(pathname, Object.fromEntries(searchParams), options)
        : no('GET')
    response.setHeader('content-type', 'application/json; charset=utf-8').end(JSON.stringify(said))
  })
