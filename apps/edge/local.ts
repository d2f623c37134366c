/**
 * Without a house (P4-22): the main terminal is the broker of its own devices. What it has stored is the stream, a
 * device's secret stands in its own file, and all that it knows is a phone's word: every prompt is `seen`.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { serveDevices, startBroker, type House, type Log, type Told } from '@bursar/gateway-mqtt'
import { fromWire } from '@bursar/money'
import { firstWins, receiptKey } from '@bursar/notices/first'
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
type Numbered = Readonly<{ seq: bigint; item: Item; notice: string }>

export async function serveLocally(
  devices: readonly Device[],
  stored: readonly Item[],
  options: Readonly<{ port: number; host?: string; log: Log; now: () => Date; patience?: number }>,
): Promise<Local> {
  const { log, now, patience = 60 } = options
  const by = new Map(devices.map(device => [device.terminal, device]))
  const lines = new Map<string, Told>()
  const first = firstWins()
  const prompts: Numbered[] = []
  const add = (item: Item): Numbered | null => {
    const key = keyOf(item)
    if (!key || !first.isFirst(key)) return null
    const notice = `local_${createHash('sha256').update(key).digest('hex').slice(0, 24)}`
    const numbered = { seq: BigInt(prompts.length + 1), item, notice }
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

/** What a device is told: a phone's word, of class seen. */
const viewOf = (
  { language, ways }: Device,
  { seq, item, notice }: Numbered,
  now: Date,
  patience: number,
) => ({
  seq,
  notice,
  class: 'seen',
  kind: item.kind!,
  told: now.toISOString(),
  late: now.getTime() - Date.parse(item.at) > patience * 1_000,
  rehearsal: false,
  ways,
  ...(ways.includes('voice') && { soft: true }),
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
