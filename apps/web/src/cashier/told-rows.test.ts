import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { listGoodsOrders, ReplyOf } from '@bursar/contract'
import { merged } from './told-rows.ts'

type Row = ReplyOf<typeof listGoodsOrders>['rows'][number]
const row = (id: string, state: Row['state'], ...stations: string[]) =>
  ({ id, state, placedAt: id, lines: stations.map(station => ({ station })) }) as unknown as Row
const ids = (...asked: Parameters<typeof merged>) => merged(...asked).rows.map(({ id }) => id)

test('P5-07 what is told is in the list that asks for it: new, to be delivered, or time that runs', () => {
  const told = [
    row('4', 'placed', 'bar'),
    row('3', 'accepted', 'kitchen', 'bar'),
    row('2', 'accepted', 'time'),
    row('1', 'refused', 'bar'),
  ]
  const page = { rows: [row('1', 'placed', 'bar'), row('0', 'placed', 'bar')] }
  assert.deepEqual(ids(page, told, { state: 'placed' }), ['0', '4'])
  const none = { rows: [] }
  assert.deepEqual(ids(none, told, { state: 'placed', station: 'kitchen' }), [])
  assert.deepEqual(ids(none, told, { state: 'accepted', station: 'made' }), ['3'])
  assert.deepEqual(ids(none, told, { state: 'accepted', station: 'bar' }), ['3'])
  assert.deepEqual(ids(none, told, { state: 'accepted', station: 'time' }), ['2'])
})
