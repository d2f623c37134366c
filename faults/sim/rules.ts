/** The rules alone, beside the naive ledger, one command after the other: every answer and every balance. */
import assert from 'node:assert/strict'
import type { Account } from '@bursar/ledger'
import { decide, Overlay, stateOf } from '@bursar/ledger/simulation'
import { accounts, type Ask } from './draw.ts'
import { Naive } from './naive.ts'

/** Answers how many were accepted. Throws at the first difference. */
export function rules(asks: readonly Ask[]): number {
  const naive = new Naive()
  const held = new Overlay({ currency: 'CNY', held: () => undefined, pending: () => undefined })
  let seq = 0n
  let accepted = 0
  for (const [place, { at, drafts }] of asks.entries()) {
    const expected = naive.say(drafts, at)
    const found = codeOf(() => {
      const rows = decide(held, new Date(at), seq + 1n, drafts)
      for (const row of rows) assert.equal(row.seq, ++seq)
    })
    const kinds = drafts.map(({ kind }) => kind).join(' and ')
    assert.equal(found, expected, `${place}: ${kinds}: ${found} instead of ${expected}`)
    if (expected !== undefined) continue
    accepted++
    for (const draft of drafts)
      for (const side of ['debit', 'credit'] as const)
        if (side in draft) alike(held, naive, (draft as Record<typeof side, Account>)[side], place)
  }
  for (const account of accounts) alike(held, naive, account, asks.length)
  return accepted
}

function alike(held: Overlay, naive: Naive, account: Account, place: number): void {
  const now = held.held(account)
  if (!now) return
  const { posted, out, in: coming } = now
  assert.deepEqual(
    { posted, out, in: coming, state: stateOf(now.state) },
    { ...naive.model.sums(account), state: naive.model.state(account) },
    `${place}: ${account} is another`,
  )
}

function codeOf(work: () => void): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error
    return (error as { code?: string }).code ?? String(error)
  }
}
