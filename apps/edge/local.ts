/**
 * Without a house (P4-22): the main terminal is the broker of its own devices. What it has stored is the stream, a
 * device's secret stands in its own file, and what it knows is a phone's word: `seen`. Where the owner's file says so
 * (`threshold: "B"`), the SMS of a bank's own number is `received`, and spoken; what was received is not seen any more.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { serveDevices, startBroker, type House, type Log, type Told } from '@bursar/gateway-mqtt'
import { fromWire } from '@bursar/money'
import { firstWins, receiptKey, type First } from '@bursar/notices/first'
import { isBanksNumber } from '@bursar/notices/texts'
import type { Item } from './store.ts'

export type Device = Readonly<{
  terminal: string
  secret: string
  language: 'zh-CN' | 'en'
  ways: readonly string[]
}>
export type Local = Readonly<{
  port: number
  /** False: told before, by another app or another name. */
  tell(item: Item): boolean
  stop(): Promise<void>
}>
/** A phone's notification is never more than seen: so A, which nobody can tell here, is the same as absent. */
export type Threshold = 'A' | 'B'
type Class = 'seen' | 'received'
type Numbered = Readonly<{ seq: bigint; item: Item; notice: string; class: Class }>

export async function serveLocally(
  devices: readonly Device[],
  stored: readonly Item[],
  options: Readonly<{
    port: number
    host?: string
    log: Log
    now: () => Date
    patience?: number
    threshold?: Threshold
  }>,
): Promise<Local> {
  const { log, now, patience = 60, threshold = 'A' } = options
  const by = new Map(devices.map(device => [device.terminal, device]))
  const lines = new Map<string, Told>()
  const first = firstWins()
  const prompts: Numbered[] = []
  const add = (item: Item): Numbered | null => {
    const key = keyOf(item)
    const told = classOf(item, threshold)
    if (!key || !isFirst(first, key, told)) return null
    const notice = `local_${createHash('sha256').update(key).digest('hex').slice(0, 24)}`
    const numbered = { seq: BigInt(prompts.length + 1), item, notice, class: told }
    prompts.push(numbered)
    return numbered
  }
  for (const item of stored) add(item)

  const viewFor = (device: Device, one: Numbered) => viewOf(device, one, now(), patience)
  const house: House = {
    async open(name, after, line) {
      const device = by.get(name)!
      lines.set(name, line)
      // A device that names no place is new: it is told what comes, not what was.
      const from = after ?? BigInt(prompts.length)
      line.tell(
        prompts.filter(({ seq }) => seq > from).map(one => viewFor(device, one)),
        BigInt(prompts.length),
      )
      return () => void (lines.get(name) === line && lines.delete(name))
    },
    heartbeat: async () => undefined,
    gone: async name => log('device_gone', { device: name }),
  }
  const admits = async (name: string, secret: string) => {
    const digest = (text: string) => createHash('sha256').update(text).digest()
    return timingSafeEqual(digest(by.get(name)?.secret ?? ''), digest(secret)) && by.has(name)
  }
  const broker = await startBroker({ ...options, admits, log })
  const serving = serveDevices(broker, house, log)
  return {
    port: broker.port,
    tell(item) {
      const numbered = add(item)
      if (!numbered) return false
      for (const [name, line] of lines) line.tell([viewFor(by.get(name)!, numbered)], numbered.seq)
      return true
    },
    stop: () => serving.stop(),
  }
}

const classOf = ({ source, app = '' }: Item, threshold: Threshold): Class =>
  threshold === 'B' && source === 'sms' && isBanksNumber(app) ? 'received' : 'seen'

/** Each class once; what was received is not seen afterwards. */
function isFirst(first: First, key: string, told: Class): boolean {
  const isNew = first.isFirst(`${key}/${told}`)
  if (isNew && told === 'received') first.isFirst(`${key}/seen`)
  return isNew
}

/** What a device is told. A phone's word is a tone at the most. */
const viewOf = (
  { language, ways }: Device,
  { seq, item, notice, class: told }: Numbered,
  now: Date,
  patience: number,
) => ({
  seq,
  notice,
  class: told,
  kind: item.kind!,
  told: now.toISOString(),
  late: now.getTime() - Date.parse(item.at) > patience * 1_000,
  rehearsal: false,
  ways: told === 'received' ? ways : ways.filter(way => way !== 'voice'),
  ...(told === 'seen' && ways.includes('voice') && { soft: true }),
  language,
  amount: item.amount,
  platform: item.platform,
  ...(item.payer ? { payer: item.payer } : {}),
  ...(item.orders ? { orders: item.orders } : {}),
  at: item.at,
  grade: item.source === 'sms' ? 'B' : 'C',
})

function keyOf({ platform, kind, orders, amount, payer, at }: Item): string | null {
  if (!platform || !kind || !amount) return null
  const { minor } = fromWire(amount)
  return receiptKey({
    platform,
    kind,
    orderId: orders?.[0] ?? null,
    amount: minor,
    payer: payer ?? null,
    time: new Date(at),
  })
}
