/**
 * The two figures at the end of every spoken receipt. They change with the day and the notice, and only who has the
 * counter's secret can know them: a recorded "received" in a pocket has the wrong ones, in 99 cases of 100.
 */
import { createHmac } from 'node:crypto'

export function codeOf(secret: string, notice: string, day: string): string {
  const mac = createHmac('sha256', secret).update(`${day}\n${notice}`).digest()
  return String(mac.readUInt32BE(0) % 100).padStart(2, '0')
}
