/** The demo town, while it is being built behind the first page: its people, and how far it is. */
import type { Books } from '@bursar/kernel'
import type { Logger } from 'pino'
import type { Outside } from './outside.ts'

export type Progress = Readonly<{
  state: 'building' | 'ready' | 'failed'
  done: number
  total: number
}>
export type Town = Readonly<{
  demo: Readonly<{ faces(): Promise<readonly never[]>; progress(): Progress }>
  begin(): void
  /** One line per role. */
  signIns(): string[]
  stop(): Promise<void>
}>

export function openTown(_: { books: Books; outside: Outside; journal: Logger }): Town {
  return {
    demo: { faces: async () => [], progress: () => ({ state: 'ready', done: 0, total: 0 }) },
    begin: () => {},
    signIns: () => [],
    stop: async () => {},
  }
}
