/**
 * Random commands that meet: few accounts, few pends, small sums; alone or linked; in a crowd also the
 * same one again, and its id with another content.
 */
import type { Account } from '@bursar/ledger'
import type { Asked } from '@bursar/ledger/simulation'
import { idFor, type Dice } from '../dice.ts'

/** Entries that stand or fall together, and when they are asked for where no clock runs. */
export type Ask = Readonly<{ at: number; drafts: readonly Asked[] }>
export type Drawing = Readonly<{
  length: number
  /** With ids that come again, and without expiries, which only the ledger makes. */
  crowd: boolean
  /** What a time that an expiry is drawn from begins at. */
  start: number
}>

const most = 1_000_000_000_000_000n
export const accounts: readonly Account[] = [
  'pool/custody',
  ...['a', 'b', 'c', 'd'].map((name): Account => `purse/${name}`),
  'merchant/m',
  'merchant/n',
]
const states = ['open', 'open', 'open', 'open', 'no_debits', 'no_credits', 'sealed'] as const

const memo = { kind: 'memo', event: 'test' } as const

export function draw(dice: Dice, { length, crowd, start }: Drawing): Ask[] {
  const run = dice.below(2 ** 32)
  let made = 0
  const id = () => idFor(run, made++)
  const pends: string[] = []
  const asks: Ask[] = beginning(id)
  while (asks.length < length) {
    const at = asks.length
    const before =
      crowd && asks.length > 20 && dice.once(12) ? asks.at(-1 - dice.below(12))! : undefined
    if (before && dice.once(2)) asks.push({ at, drafts: before.drafts })
    else if (before) {
      const other = { ...draftOf(dice, pends, at, start, crowd), id: before.drafts[0]!.id } as Asked
      // What is left out of these means what stands already: two that differ may mean the same.
      const open = ['limit', 'settle'].includes(other.kind)
      asks.push({ at, drafts: [open ? { ...memo, id: other.id } : other] })
    } else {
      const drafts = Array.from({ length: dice.once(6) ? 2 + dice.below(3) : 1 }, () => {
        const draft = { ...draftOf(dice, pends, at, start, crowd), id: id() } as Asked
        if (draft.kind === 'pend') pends.push(draft.id)
        return draft
      })
      asks.push({ at, drafts })
    }
  }
  return asks
}

function beginning(id: () => string): Ask[] {
  const opened = accounts.slice(0, 6).map((account, place): Asked => {
    const limits = place === 0 ? { floor: null, ceiling: 0n } : {}
    return { kind: 'open', id: id(), event: 'test', account, ...limits }
  })
  const filled = accounts.slice(1, 4).map((credit): Asked => {
    const amount = { minor: 500n, currency: 'CNY' }
    return { kind: 'post', id: id(), event: 'test', debit: 'pool/custody', credit, amount }
  })
  return [...opened, ...filled].map((draft, place) => ({ at: place, drafts: [draft] }))
}

/** Kinds by their weight, of 100. */
const weights = [
  ['post', 36],
  ['pend', 20],
  ['settle', 16],
  ['void', 7],
  ['expire', 6],
  ['open', 3],
  ['limit', 5],
  ['freeze', 4],
  ['close', 1],
  ['memo', 2],
] as const

function draftOf(dice: Dice, pends: readonly string[], at: number, start: number, crowd: boolean) {
  let left = dice.below(100)
  const kind = weights.find(([, weight]) => (left -= weight) < 0)![0]
  const event = 'test'
  const account = dice.of(accounts)
  // Mostly one of the newest: they are still open.
  const pend = pends.at(-1 - dice.below(8)) ?? idFor('nobody', dice.below(9))
  const limit = (off: number) => (dice.once(3) ? null : BigInt(dice.below(400) + off))
  const limits = () => ({
    ...(dice.once(2) ? { floor: limit(-400) } : {}),
    ...(dice.once(2) ? { ceiling: limit(300) } : {}),
  })
  const sides = () => ({
    debit: dice.of(accounts),
    credit: dice.of(accounts),
    amount: amountOf(dice),
  })
  switch (kind) {
    case 'post':
      return { kind, event, ...sides() }
    case 'pend': {
      const expiresAt = new Date(
        start + (crowd ? dice.of([-1, 5, 30, 3_600_000]) : at + dice.below(60)),
      )
      return { kind, event, ...sides(), ...(dice.once(3) ? { expiresAt } : {}) }
    }
    case 'settle':
      return { kind, event, pend, ...(dice.once(2) ? { amount: amountOf(dice) } : {}) }
    case 'expire':
      if (crowd) return { kind: 'void', event, pend }
      return { kind, event, pend }
    case 'void':
      return { kind, event, pend }
    case 'open':
    case 'limit':
      return { kind, event, account, ...limits() }
    case 'freeze':
      return { kind, event, account, state: dice.of(states) }
    case 'close':
      return { kind, event, account }
    case 'memo':
      return { kind, event }
  }
}

const amountOf = (dice: Dice) => ({
  minor: dice.once(25) ? dice.of([0n, -1n, most, most + 1n]) : BigInt(1 + dice.below(40)),
  currency: dice.once(60) ? 'USD' : 'CNY',
})
