/**
 * First wins, at an output: of what is the same, the first that arrives here is told, the rest is filtered and counted.
 * Two lines may bring the same prompt, a broker delivers at least once, and a retained message comes with every visit.
 */
export type First = Readonly<{
  /** True once for each key. */
  isFirst(key: string): boolean
  filtered(): number
}>

/** Keys are remembered up to a number of them, the oldest forgotten first: days of a busy counter. */
export function firstWins(known: readonly string[] = [], most = 10_000): First {
  const seen = new Set(known)
  let filtered = 0
  return {
    isFirst(key) {
      if (seen.has(key)) {
        filtered++
        return false
      }
      seen.add(key)
      if (seen.size > most) seen.delete(seen.values().next().value!)
      return true
    },
    filtered: () => filtered,
  }
}

/** What makes two prompts of a house the same. A notice can be contradicted several times, by other sums: by its place. */
export const promptKey = (
  prompt: Readonly<{ notice: string; class: string; seq: bigint | number | string }>,
): string =>
  `${prompt.notice}/${prompt.class}${prompt.class === 'contradicted' ? `/${prompt.seq}` : ''}`

/**
 * What makes two receipts the same where no house numbers them (P4-22): platform and order id; without an order id the
 * sum, the payer and the minute, which is weak.
 */
export function receiptKey(
  receipt: Readonly<{
    platform: string
    kind: string
    orderId: string | null
    amount: bigint
    payer: string | null
    time: Date
  }>,
): string {
  const { platform, kind, orderId, amount, payer, time } = receipt
  const what = orderId ?? `${amount}/${payer ?? ''}/${time.toISOString().slice(0, 16)}`
  return `${platform}/${what}/${kind}`
}
