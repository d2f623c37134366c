/** What the books say of a payment or a refund, in a word that the pages have: a refund under way is told apart nowhere. */
import type zh from '../app/words.zh.ts'

const refunds = { sending: 'sent', confirmed: 'sent', done: 'refunded' } as const

export const hereWord = (state: string) =>
  `state.${refunds[state as keyof typeof refunds] ?? state}` as Extract<
    keyof typeof zh,
    `state.${string}`
  >
