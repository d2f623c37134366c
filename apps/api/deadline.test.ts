import assert from 'node:assert/strict'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { useApi } from './testing.ts'

const never = new Promise<never>(() => undefined)
const api = useApi(() => ({ ready: () => never }))
let port = 0
before(async () => {
  await api.ready
  await api.app.listen({ port: 0, host: '127.0.0.1' })
  port = (api.app.server.address() as AddressInfo).port
})

const head = (line: string, more = '') => `${line} HTTP/1.1\r\nHost: localhost:4000\r\n${more}\r\n`
const json = 'Content-Type: application/json\r\nContent-Length: 900\r\n'

/** What a client gets that speaks so slowly, and after how many seconds. */
async function asked(speak: (line: net.Socket) => Promise<void>) {
  const line = net.connect(port, '127.0.0.1')
  let heard = ''
  line.on('data', text => (heard += text)).on('error', () => undefined)
  await once(line, 'connect')
  const began = performance.now()
  const ended = once(line, 'close')
  void speak(line)
  while (!heard && !line.closed) await Promise.race([sleep(20), ended])
  const seconds = (performance.now() - began) / 1000
  line.destroy()
  return { seconds, status: heard.slice(9, 12), body: heard }
}

/** A letter now and then, for ever. */
async function drip(line: net.Socket, letter: string) {
  while (!line.destroyed) {
    line.write(letter)
    await sleep(100)
  }
}

test('every request ends within ten seconds, whoever is slow: the caller, or what we wait for', async () => {
  const slow = {
    'no headers at all': async () => undefined,
    'headers that do not end': async line => {
      line.write('GET /v1/parties/set-up HTTP/1.1\r\nX: ')
      await drip(line, 'x')
    },
    'a body that does not come': async line =>
      void line.write(head('POST /v1/parties/sessions', json)),
    'a body letter by letter': async line => {
      line.write(head('POST /v1/parties/sessions', json))
      await drip(line, ' ')
    },
    'something that never answers': async line => void line.write(head('GET /readyz')),
    'slow headers, and then something that never answers': async line => {
      line.write('GET /readyz HTTP/1.1\r\n')
      await sleep(1_700)
      line.write('Host: localhost:4000\r\n\r\n')
    },
  } satisfies Record<string, (line: net.Socket) => Promise<void>>
  const ends = Object.entries(slow).map(async ([name, speak]) => {
    const { seconds, status, body } = await asked(speak)
    assert.ok(seconds <= 10, `${name}: ${seconds.toFixed(1)} s`)
    assert.match(status, /^(408|503)$/, name)
    if (status === '503') assert.match(body, /"code":"too_slow"/, name)
  })
  await Promise.all(ends)
})
