import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '@bursar/kernel'
import { found } from './guards.ts'

test('only what is not there is not found: what could not be asked is neither a yes nor a no', async () => {
  const looking = (code: string) => found(Promise.reject(new Refusal(code)))
  assert.equal(await looking('no_such_purse'), undefined)
  assert.equal(await found(Promise.resolve(1)), 1)
  for (const code of ['outcome_unknown', 'busy'])
    await assert.rejects(looking(code), (error: Refusal) => error.code === code)
})
