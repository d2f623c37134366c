import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventWord } from './events.ts'

test('what is set aside waits for its merchant, unless it goes to a bank account', () => {
  assert.equal(eventWord('spend', 'pend'), 'event.hold')
  assert.equal(eventWord('residue_asked', 'pend'), 'event.residueAsked')
  assert.equal(eventWord('residue_withdrawn', 'void'), 'event.residueWithdrawn')
})
