import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../app/call.ts'
import { openOutbox, sendAll, type Word } from './outbox.ts'

const drawer = () => {
  const kept = new Map<string, string>()
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => void kept.set(name, text),
    removeItem: (name: string) => void kept.delete(name),
  }
}
const word = (n: number, more: Partial<Word> = {}): Word => ({
  ...{ id: `evd_${n}`, source: 'phone', at: `2026-12-01T04:00:${10 + n}.000Z`, text: `收款${n}元` },
  ...more,
})
const answer = (items: readonly Word[]) => ({
  rows: items.map(({ id }) => ({ id, outcome: 'new' as const })),
})

test('P4-12 P4-I4 what was pasted without a network is on the device, and is sent later with its own time, in order', async () => {
  const storage = drawer()
  const box = openOutbox('trm_1', storage)
  for (const n of [1, 2, 1]) box.keep(word(n))
  const away = await sendAll(box, () => Promise.reject(new Failure('offline')))
  assert.ok(away.error instanceof Failure)
  const again = openOutbox('trm_1', storage)
  assert.deepEqual(again.waiting(), [word(2), word(1)])
  assert.deepEqual(openOutbox('trm_2', storage).waiting(), [])
  const sent: Word[] = []
  const { rows, error } = await sendAll(again, async items => (sent.push(...items), answer(items)))
  assert.deepEqual([sent, rows.length, error], [[word(2), word(1)], 2, undefined])
  assert.equal(storage.kept.size, 0, 'what was sent is kept nowhere')
})

test('P4-12 an answer that was lost leaves it waiting; one that is refused holds up no other', async () => {
  const box = openOutbox('trm_1', drawer())
  for (let n = 0; n < 60; n++) box.keep(word(n))
  const lost = await sendAll(box, async items => {
    if (items[0]!.id === 'evd_50') throw new Failure('unknown', 502)
    return answer(items)
  })
  assert.equal(lost.rows.length, 50)
  assert.equal(box.waiting().length, 10)
  const busy = await sendAll(box, () => Promise.reject(new Failure('refused', 429)))
  assert.deepEqual([busy.refused.length, box.waiting().length], [0, 10])
  const mixed = await sendAll(box, async items => {
    if (items.some(({ id }) => id === 'evd_55')) throw new Failure('refused', 422)
    return answer(items)
  })
  assert.deepEqual([mixed.rows.length, mixed.refused.map(({ id }) => id)], [9, ['evd_55']])
  assert.deepEqual(box.waiting(), [])
})
