/** What a statement calls each event of the book. */
import type zh from './words.zh.ts'

export type EventWord = Extract<keyof typeof zh, `event.${string}`>

const words: Partial<Record<string, EventWord>> = {
  joined: 'event.joined',
  top_up: 'event.topUp',
  spend: 'event.spend',
  charge: 'event.charge',
  refund: 'event.refund',
  withdrawal: 'event.withdraw',
}

export const eventWord = (event: string): EventWord => words[event] ?? 'event.other'
