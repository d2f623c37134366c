/** What stands between devices and the house: a carrier on the one side, a line on the other. */
import type { Down, Up } from './topics.ts'

export type Log = (event: string, facts: Readonly<Record<string, string>>) => void
/** A way to devices: the broker in this process, or another. */
export type Carrier = Readonly<{
  /** `isKept`: the last one, for whoever comes; of no length, none is kept any more, and none waits. */
  send(device: string, what: Down, payload: Buffer, isKept: boolean): Promise<void>
  listen(heard: (device: string, what: Up, payload: string) => void): void
  /** Ends a device's connection, where we hold it. */
  drop(device: string): void
  close(): Promise<void>
}>
export type Prompt = Readonly<{ seq: bigint; notice: string; class: string }>
/** What the notices’ own lines wants of whoever tells a terminal. */
export type Told = Readonly<{
  tell(prompts: readonly Prompt[], place: bigint): boolean
  end(why: string): void
}>
/** What devices want of the house. */
export type House = Readonly<{
  /** Opens a line from after a place, or from the last acknowledged; answers how it is closed. */
  open(device: string, after: bigint | null, line: Told): Promise<() => void>
  heartbeat(
    device: string,
    said: Readonly<{ battery?: number; acked?: bigint; program?: string }>,
  ): Promise<void>
  /** The device's last will. */
  gone(device: string): Promise<void>
}>
