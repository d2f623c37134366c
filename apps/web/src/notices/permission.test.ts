import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draftOf, everything, flawsOf, permissionOf, type Draft } from './permission.ts'

const draft = (more: Partial<Draft>): Draft => ({ ...draftOf(everything), ...more })

test('P4-09 what is typed and is no sum, and hours without an end, are told: left out they would let a terminal see more', () => {
  const wrong: Partial<Draft>[] = [
    { to: '5.123' },
    { to: '0' },
    { from: '.' },
    { hoursFrom: '09:00' },
    { hoursTo: '18:00' },
  ]
  for (const part of wrong) {
    const [field] = Object.keys(part) as (keyof Draft)[]
    const { any, ...flaws } = flawsOf(draft(part))
    assert.equal(any, true, `${field}`)
    const missing = { hoursFrom: 'hoursTo', hoursTo: 'hoursFrom' }[field as string] ?? field
    assert.deepEqual(
      Object.entries(flaws).filter(([, flaw]) => flaw),
      [[missing, true]],
    )
  }
})

test('P4-09 a whole draft has no flaw, and all of it is in the permission', () => {
  const whole = draft({ from: '5', to: '1,200.50', hoursFrom: '22:00', hoursTo: '02:00' })
  assert.equal(flawsOf(whole).any, false)
  assert.equal(flawsOf(draft({})).any, false)
  const { from, to, hours } = permissionOf(whole)
  assert.deepEqual(
    [from, to, hours],
    [
      { amount: '5.00', currency: 'CNY' },
      { amount: '1200.50', currency: 'CNY' },
      { from: 1320, to: 120 },
    ],
  )
})
