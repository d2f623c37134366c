/**
 * What the phone was told, kept on the phone (P4-12): one line of JSON each, on the disk before it is sent anywhere.
 * A second file says how far it has been sent. A line that a power cut has torn is cut off: it was not acknowledged.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'

import type { WireMoney } from '@bursar/money'

/** An item as POST …/evidence takes it. */
export type Item = Readonly<{
  id: string
  source: 'phone' | 'sms'
  at: string
  app?: string
  title?: string
  text?: string
  platform?: string
  kind?: 'payment' | 'refund' | 'reversal'
  orders?: readonly string[]
  amount?: WireMoney
  payer?: string
  payee?: string
  way?: string
}>
export type Store = Readonly<{
  /** False for what is there already: an id is kept once. */
  keep(item: Item): boolean
  /** The oldest that were not sent. */
  unsent(most: number): readonly Item[]
  /** So many of them are with the house now. */
  sent(count: number): void
  all(): readonly Item[]
  close(): void
}>

export function openStore(file: string): Store {
  const items = existsSync(file) ? read(file) : []
  const ids = new Set(items.map(({ id }) => id))
  const mark = `${file}.sent`
  let place = existsSync(mark) ? Math.min(Number(readFileSync(mark, 'utf8')) || 0, items.length) : 0
  const handle = openSync(file, 'a')
  return {
    keep(item) {
      if (ids.has(item.id)) return false
      writeSync(handle, `${JSON.stringify(item)}\n`)
      fsyncSync(handle)
      ids.add(item.id)
      items.push(item)
      return true
    },
    unsent: most => items.slice(place, place + most),
    sent(count) {
      place += count
      const [draft, at] = [`${mark}.new`, String(place)]
      const written = openSync(draft, 'w')
      writeFileSync(written, at)
      fsyncSync(written)
      closeSync(written)
      renameSync(draft, mark)
    },
    all: () => items,
    close: () => closeSync(handle),
  }
}

function read(file: string): Item[] {
  const bytes = readFileSync(file)
  const whole = bytes.lastIndexOf(0x0a) + 1
  if (whole < bytes.length) {
    const handle = openSync(file, 'r+')
    ftruncateSync(handle, whole)
    closeSync(handle)
  }
  const lines = bytes.toString('utf8', 0, whole).split('\n').filter(Boolean)
  return lines.map(line => JSON.parse(line) as Item)
}
