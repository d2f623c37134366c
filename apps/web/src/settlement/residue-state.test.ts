import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ResidueView } from '@bursar/contract'
import { deskStep } from './residue-state.ts'
import en from './residue.en.ts'
import zh from './residue.zh.ts'

test('P5-13 a reviewer is never spoken to as the guest whose money it is', () => {
  const { enum: states } = ResidueView.properties.state as unknown as {
    enum: ResidueView['state'][]
  }
  assert.ok(states.length > 9)
  for (const step of states.flatMap(state => deskStep(state) ?? [])) {
    assert.doesNotMatch(en[step], /\byou/i, step)
    assert.doesNotMatch(zh[step], /您/, step)
  }
})
