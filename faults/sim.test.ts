import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import type { Books } from '@bursar/ledger'
import { newSeed } from './dice.ts'
import { crowd, servers } from './sim/crowd.ts'
import { readKept, writtenKept, type Kept } from './sim/kept.ts'
import { rules } from './sim/rules.ts'
import { simulateCrowds, simulateRules } from './sim/simulate.ts'
import { shorten } from './sim/shorten.ts'

const db = useDatabase()
let at: Books[]
before(async () => {
  await db.ready
  at = servers(db.url)
})
after(() => Promise.all(at.map(books => books.close())))

const seed = newSeed()

test(`20,000 random operations are decided as a naive ledger decides them (seed ${seed})`, async () => {
  const { failed, entries } = await simulateRules({ operations: 20_000, seed })
  assert.equal(failed, undefined)
  assert.ok(entries > 4_000, `${entries} accepted`)
})

test(`of crowds at three servers, some order of a naive ledger explains every answer (seed ${seed})`, async () => {
  const { failed, entries } = await simulateCrowds(at, { operations: 1_200, seed })
  assert.equal(failed, undefined)
  assert.ok(entries > 200, `${entries} entries`)
})

test('every list of commands that ever failed is answered rightly', async () => {
  for (const [place, { asks, callers, says }] of readKept().entries()) {
    if (callers === 0) rules(asks)
    // Chance has a part in it: a few times.
    for (let times = 0; callers > 0 && times < 3; times++)
      await crowd(at, { asks, callers, book: 1_000_000 + place * 3 + times }).catch(error =>
        assert.fail(`${says}: ${error}`),
      )
  }
})

test('a list that fails is shortened to what it fails of', async () => {
  const list = Array.from({ length: 120 }, (_, i) => i)
  const short = await shorten(list, some => some.includes(17) && some.includes(93))
  assert.deepEqual(short, [17, 93])
})

test('what is kept is read as it was written', () => {
  const draft = {
    kind: 'settle',
    id: 'a',
    event: 'test',
    pend: 'b',
    amount: { minor: -(2n ** 60n), currency: 'CNY' },
  } as const
  const pend = {
    kind: 'pend',
    id: 'b',
    event: 'test',
    debit: 'a/b',
    credit: 'c/d',
    amount: draft.amount,
    expiresAt: new Date(5),
  } as const
  const kept: Kept = { seed: 1, callers: 8, says: 'no', asks: [{ at: 3, drafts: [draft, pend] }] }
  assert.deepEqual(readKept(writtenKept([kept])), [kept])
})
