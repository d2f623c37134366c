/** The terminal's heartbeat: here I am, so much battery, told up to here. It brings the server's clock, and how far the stream is. */
import { sendHeartbeat, type ReplyOf } from '@bursar/contract'
import { call } from '../app/call.ts'

export type Silent = ReplyOf<typeof sendHeartbeat>['silent'][number]
type Battery = { level: number }
type WithBattery = { getBattery?: () => Promise<Battery> }
type Beat = Readonly<{
  /** By how much the server's clock is before ours, in milliseconds. */
  ahead: number
  seq: string
  /** Mains and devices of the shop that have fallen silent. */
  silent: readonly Silent[]
}>

/** Some browsers never answer: a counter is not kept from its line by its battery. */
const patience = 300
const later = (): Promise<undefined> => new Promise(done => setTimeout(done, patience))

async function battery(): Promise<number | undefined> {
  try {
    const asked = (navigator as WithBattery).getBattery?.()
    const level = asked && (await Promise.race([asked, later()]))?.level
    return level === undefined ? undefined : Math.round(level * 100)
  } catch {
    return undefined
  }
}

export async function beat(
  terminal: `trm_${string}`,
  acked: string | undefined,
): Promise<Beat | undefined> {
  const charge = await battery()
  const body = {
    ...(charge !== undefined && { battery: charge }),
    ...(acked !== undefined && { acked }),
  }
  try {
    const { now, seq, silent } = await call(sendHeartbeat, { params: { terminal }, body })
    return { ahead: new Date(now).getTime() - Date.now(), seq, silent }
  } catch {
    return undefined
  }
}
