/** A screen that reads no more, over a real connection, with the clock in our hands. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { Books } from '@bursar/kernel'
import { openScreens } from './screens.ts'

test('a screen that does not read when its time is over is let go, and nothing is written after it', async t => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const screens = openScreens({} as Books, () => new Date(), 1)
  const server = createServer()
  const asked = once(server, 'request')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect({ port, host: '127.0.0.1' }).pause()
  client.on('error', () => undefined)
  client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  const [, to] = (await asked) as [unknown, ServerResponse]
  const errors: unknown[] = []
  to.on('error', error => errors.push(error))
  assert.ok(screens.open('mer_a', 'per_a', to))
  assert.ok(!screens.open('mer_b', 'per_a', to), 'one at a time')
  to.write('x'.repeat(50_000_000))
  assert.ok(to.writableNeedDrain)
  t.mock.timers.tick(5 * 60_000)
  t.mock.timers.tick(30_000)
  await new Promise(setImmediate)
  assert.deepEqual([to.destroyed, errors], [true, []])
  screens.stop()
  client.destroy()
  server.close()
})
