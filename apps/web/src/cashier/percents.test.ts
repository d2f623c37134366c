import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bpsOf, clockOf, minuteOf, percentOf } from './percents.ts'

test('P5-09 a share is read and written exactly, and never as more than 30 %', () => {
  for (const [text, bps] of [
    ['0', 0],
    ['10', 1000],
    ['6.25', 625],
    ['6.5', 650],
    ['0.07', 7],
    ['30', 3000],
  ] as const)
    assert.deepEqual([bpsOf(text), percentOf(bps)], [bps, text])
  for (const wrong of ['', '-1', '30.01', '1.234', '1,5', 'ten'])
    assert.equal(bpsOf(wrong), undefined)
})

test('P5-I7 the end of a business day is a minute of the day', () => {
  for (const [text, minute] of [
    ['06:00', 360],
    ['00:00', 0],
    ['23:59', 1439],
  ] as const)
    assert.deepEqual([minuteOf(text), clockOf(minute)], [minute, text])
  assert.equal(minuteOf('24:00'), undefined)
})
