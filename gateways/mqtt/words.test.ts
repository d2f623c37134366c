import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mqttOf } from './words.ts'

test('the words of the command line are a port, an address, or one sentence', () => {
  assert.equal(mqttOf(undefined, undefined), undefined)
  assert.deepEqual(mqttOf('1883', undefined), { port: 1883 })
  assert.deepEqual(mqttOf(undefined, 'mqtts://broker.example:8883'), {
    url: 'mqtts://broker.example:8883',
  })
  for (const [port, url] of [
    ['0', undefined],
    ['70000', undefined],
    ['x', undefined],
    [undefined, 'http://a'],
    [undefined, 'broker'],
    ['1883', 'mqtt://a'],
  ] as const)
    assert.match(mqttOf(port, url) as string, /^[^\n]{20,140}\.$/)
})
