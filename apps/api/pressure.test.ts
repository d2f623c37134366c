import assert from 'node:assert/strict'
import { test } from 'node:test'
import { useApi } from './testing.ts'

// Every event loop is later than that.
const api = useApi(() => ({ behindMost: -1 }))

test('a server that is too far behind says so at once, and is still known to live', async () => {
  const answer = await api.guest.get('/v1/parties/set-up')
  assert.deepEqual([answer.statusCode, answer.json().code], [503, 'busy'])
  assert.equal(answer.headers['retry-after'], '2')
  assert.equal((await api.guest.get('/healthz')).statusCode, 200)
})
