/** What was read, as evidence has it: the seven attributes of a collection notice. */
import { money, type Money } from '@bursar/money'
import { read, type Kind } from './texts.ts'

type Attributes = Readonly<{
  platform: string | null
  kind: Kind
  orders: readonly string[]
  amount: Money | null
  payer: string | null
  payee: string | null
  way: string | null
  at: Date
}>

/**
 * The attributes of what a phone showed; undefined where it is no receipt. `app` is a package's name, or the number
 * that an SMS came from.
 */
export function attributes(
  shown: Readonly<{
    source: 'phone' | 'sms'
    app: string | null
    title: string | null
    text: string
    at: Date
  }>,
): Attributes | undefined {
  const { source, app, title, text, at } = shown
  const from = app ? (source === 'sms' ? { sender: app } : { package: app }) : {}
  const found = read({ text, at, ...from, ...(title ? { title } : {}) })
  if ('none' in found) return undefined
  const { platform, kind, amount, orderId, payer, payee, bank, time } = found
  return {
    platform,
    kind,
    orders: orderId ? [orderId] : [],
    amount: money(amount, 'CNY'),
    payer,
    payee,
    way: bank,
    at: time ?? at,
  }
}
