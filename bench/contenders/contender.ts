/** What is measured: a ledger with its accounts funded, and one way to move money in it. */
import type { Transfer } from '../load.ts'

export type Contender = Readonly<{
  name: string
  /** Connections are chosen by the frame: the number that this contender is fastest with. */
  open(connections: number): Promise<Readonly<{ transfer: Transfer; close(): Promise<void> }>>
  end?(): Promise<void>
  /** True if it gathers for itself, and so uses as many connections as it likes. */
  gathers?: true
}>

export const fenEach = 1_000_000n
