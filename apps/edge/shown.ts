/**
 * What a phone showed, from whichever source, as an item to be kept. What is no receipt is neither kept nor sent: a
 * phone's other messages are nobody's business. What could be one and is unclear goes on, for a person to read.
 */
import { createHash, randomUUID } from 'node:crypto'
import { money, toWire } from '@bursar/money'
import { read, type Told } from '@bursar/notices/texts'
import type { Item } from './store.ts'

export type Shown = Told & Readonly<{ id?: string }>

/** Android's own: the title of an SMS is the number that sent it. Any other app may call itself anything. */
const smsApps = new Set([
  'com.android.mms',
  'com.android.messaging',
  'com.android.mms.service',
  'com.google.android.apps.messaging',
  'com.hihonor.mms',
  'com.huawei.message',
  'com.samsung.android.messaging',
])
/** A bank is known by its number (grade B), so it is the number that is told, where one is known. */
const sentBy = ({ package: app, sender }: Shown) =>
  app === undefined || smsApps.has(app) ? (sender ?? app) : app

/** Null for what is no receipt. */
export function itemOf(shown: Shown): Item | null {
  const found = read(shown)
  if ('none' in found && found.none !== 'unclear') return null
  const app = sentBy(shown)
  const isSms = shown.sender !== undefined || /mms|sms|messaging/i.test(shown.package ?? '')
  const said = {
    id: shown.id ?? randomUUID(),
    source: isSms ? ('sms' as const) : ('phone' as const),
    ...(app ? { app: app.slice(0, 100) } : {}),
    ...(shown.title ? { title: shown.title.slice(0, 200) } : {}),
    text: shown.text.slice(0, 2_000),
  }
  if ('none' in found) return { ...said, at: shown.at.toISOString() }
  const { platform, kind, amount, orderId, payer, payee, bank, time } = found
  return {
    ...said,
    at: (time ?? shown.at).toISOString(),
    platform,
    kind,
    amount: toWire(money(amount, 'CNY')),
    ...(orderId ? { orders: [orderId] } : {}),
    ...(payer ? { payer } : {}),
    ...(payee ? { payee } : {}),
    ...(bank ? { way: bank } : {}),
  }
}

/** The same words at the same moment are the same notice, however often a list shows it. */
export const idOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)

type Termux = Readonly<{
  packageName?: string
  key?: string
  title?: string
  content?: string
  when?: string
  lines?: readonly string[]
}>

/** The answer of `termux-notification-list`: what the phone shows now, `when` on its own clock. */
export function ofTermux(json: string, now: Date): Shown[] {
  const list = JSON.parse(json) as readonly Termux[]
  return list.flatMap(
    ({ packageName = '', key = '', title = '', content = '', when = '', lines = [] }) => {
      const told = new Date(when.replace(' ', 'T'))
      const at = Number.isNaN(told.getTime()) ? now : told
      const isSms = /mms|sms|messaging/i.test(packageName)
      return (lines.length > 0 ? lines : [content]).map(text => ({
        id: idOf(packageName, key, title, text, when),
        text,
        at,
        title,
        package: packageName,
        ...(isSms ? { sender: title } : {}),
      }))
    },
  )
}

/** A line: JSON with text, app, title, sender, at, id; or the text of an SMS, after its sender and a tab if known. */
export function ofLine(line: string, now: Date): Shown | null {
  if (!line.trim()) return null
  if (!line.startsWith('{')) {
    const [sender, text] = line.includes('\t') ? line.split('\t', 2) : [undefined, line]
    return { text: text!, at: now, ...(sender ? { sender } : {}) }
  }
  const { text, app, title, sender, at, id } = JSON.parse(line) as Record<string, unknown>
  if (typeof text !== 'string') return null
  const time = typeof at === 'string' ? new Date(at) : now
  return {
    text,
    at: Number.isNaN(time.getTime()) ? now : time,
    ...(typeof app === 'string' ? { package: app } : {}),
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof sender === 'string' ? { sender } : {}),
    ...(typeof id === 'string' && id.length <= 64 ? { id } : {}),
  }
}
