/** The rules alone: beside a naive ledger, and where a coin more or less makes the difference. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { stateOf, states } from './bars.ts'
import { decide, most } from './decide.ts'
import { Overlay, type Asked } from './overlay.ts'
import type { Account, AccountState, Draft } from './ledger.ts'
import { Model } from './model.testing.ts'
import { accounts, beginning, sequences } from './sequences.testing.ts'

const empty = () =>
  new Overlay({ currency: 'CNY', held: () => undefined, pending: () => undefined })

let latest = 0
const id = () => `00000000-0000-7000-8000-${(++latest).toString(16).padStart(12, '0')}`
const noon = new Date('2026-11-20T12:00:00Z')
const cny = (minor: bigint) => ({ minor, currency: 'CNY' })
const named = () => ({ id: id(), event: 'test' })
const open = (
  account: Account,
  limits: { floor?: bigint | null; ceiling?: bigint } = {},
): Draft => ({
  ...named(),
  kind: 'open',
  account,
  ...limits,
})
const post = (debit: Account, credit: Account, minor: bigint): Draft => ({
  ...named(),
  kind: 'post',
  debit,
  credit,
  amount: cny(minor),
})

/** Books with a bank, and a purse of 100 that may have 150. */
function funded(): {
  on: Overlay
  say: (...drafts: readonly Asked[]) => ReturnType<typeof decide>
} {
  const on = empty()
  let seq = 1n
  const say = (...drafts: readonly Asked[]) => {
    const rows = decide(on, noon, seq, drafts)
    seq += BigInt(rows.length)
    return rows
  }
  say(open('pool/bank', { floor: null }), open('purse/ann', { ceiling: 150n }), open('purse/bob'))
  say(post('pool/bank', 'purse/ann', 100n))
  return { on, say }
}

test('a refusal says of which account it is, and what there was', () => {
  const { say } = funded()
  const facts = (draft: Asked) => {
    try {
      return say(draft) && undefined
    } catch (error) {
      const { code, facts: told } = error as { code: string; facts: Record<string, unknown> }
      return { code, ...told }
    }
  }
  assert.deepEqual(facts(post('purse/ann', 'purse/bob', 101n)), {
    code: 'insufficient_funds',
    account: 'purse/ann',
    available: 100n,
    minor: 101n,
  })
  assert.deepEqual(facts(post('pool/bank', 'purse/ann', 51n)), {
    code: 'no_room',
    account: 'purse/ann',
    room: 50n,
    minor: 51n,
  })
  assert.deepEqual(facts({ ...named(), kind: 'close', account: 'purse/ann' }), {
    code: 'account_not_empty',
    account: 'purse/ann',
    posted: 100n,
  })
  assert.deepEqual(facts(post('purse/ann', 'purse/bob', most + 1n)), {
    code: 'amount_out_of_range',
    minor: most + 1n,
    most,
  })
})

test('the entries of one command stand on one another and fall together', () => {
  const { on, say } = funded()
  const rows = say(post('purse/ann', 'purse/bob', 60n), post('purse/bob', 'purse/ann', 10n))
  assert.deepEqual(
    rows.map(({ seq, debit, credit }) => [seq, debit?.posted, credit?.posted]),
    [
      [5n, 40n, 60n],
      [6n, 50n, 50n],
    ],
  )
  assert.equal(on.held('purse/ann')?.posted, 50n)
  assert.throws(() => say(post('purse/ann', 'purse/bob', 50n), post('purse/ann', 'purse/bob', 1n)))
  assert.equal(on.held('purse/ann')?.posted, 50n)
  const pend: Draft = { ...post('purse/ann', 'purse/bob', 5n), kind: 'pend' } as Draft
  say(pend, { ...named(), kind: 'memo' })
  assert.throws(() =>
    say({ ...named(), kind: 'void', pend: pend.id }, post('purse/ann', 'purse/bob', 51n)),
  )
  say({ ...named(), kind: 'void', pend: pend.id })
  assert.equal(on.held('purse/ann')?.out, 0n)
})

test('each side names its entry, the one before it, and how many its account has', () => {
  const { say } = funded()
  const [row] = say(post('purse/ann', 'purse/bob', 1n))
  const place = (held: NonNullable<typeof row>['debit']) => [held?.last, held?.before, held?.nth]
  assert.deepEqual(place(row!.debit), [5n, 4n, 3n])
  assert.deepEqual(place(row!.credit), [5n, 3n, 2n])
})

test('a limit is no larger than the books can hold', () => {
  const { say } = funded()
  const far = 2n ** 63n
  const set = (limits: { floor?: bigint; ceiling?: bigint }): Draft => ({
    ...named(),
    kind: 'limit',
    account: 'purse/bob',
    ...limits,
  })
  say(set({ ceiling: far - 1n }))
  for (const limits of [{ floor: -far - 1n }, { ceiling: far }])
    assert.throws(() => say(set(limits)), {
      name: 'RangeError',
      message: /is larger than the books can hold/,
    })
})

test('a freeze sets any state but the last, which is set by a close', () => {
  const { on, say } = funded()
  const freeze = (state: AccountState): Draft => ({
    ...named(),
    kind: 'freeze',
    account: 'purse/bob',
    state,
  })
  for (const state of states) {
    say(freeze(state))
    assert.equal(stateOf(on.held('purse/bob')!.state), state)
  }
  assert.throws(() => say(freeze('closed')), RangeError)
})

test('what is decided is what a naive ledger decides, entry by entry, refusal by refusal', () => {
  fc.assert(
    fc.property(sequences(60), asked => {
      const model = new Model()
      const books = empty()
      let seq = 1n
      for (const [place, draft] of [...beginning, ...asked].entries()) {
        const at = place - beginning.length
        const refused = refusalOf(() => decide(books, new Date(at), seq, [draft as Asked]))
        assert.equal(refused, model.say(draft, at), `${place}: ${draft.kind}`)
        if (refused !== undefined) continue
        seq += 1n
      }
      for (const account of accounts) {
        const held = books.held(account)
        if (!held) continue
        const { posted, out, in: coming } = held
        assert.deepEqual(
          { posted, out, in: coming, state: stateOf(held.state) },
          { ...model.sums(account), state: model.state(account) },
        )
      }
    }),
    { numRuns: 3000 },
  )
})

function refusalOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return (error as { code: string }).code ?? String(error)
  }
}
