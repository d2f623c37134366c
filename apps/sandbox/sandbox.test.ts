import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { makeKeys, startSandbox } from './sandbox.ts'
import { openWorld } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
const keys = makeKeys()
const sandbox = await startSandbox({ keys })
after(async () => {
  await sandbox.stop()
  rmSync(folder, { recursive: true })
})

const control = (body: string, type = 'application/json') =>
  fetch(`${sandbox.url}/control`, { method: 'POST', headers: { 'content-type': type }, body })

test('what was written is there after a restart, but for a line that was cut off', () => {
  const file = join(folder, 'world.jsonl')
  const world = openWorld(file)
  world.put(['account', 'a', { minor: 12n }], ['line', 'a/1', { change: 12n }])
  world.put(['account', 'a', { minor: 34n }])
  world.put(['line', 'a/1', null])
  // As after a kill: nothing is closed, and the last line is half there.
  appendFileSync(file, '[["account","a",{"mino')
  const again = openWorld(file)
  assert.deepEqual(again.get('account', 'a'), { minor: 34n })
  assert.deepEqual(again.all('line'), [])
  assert.equal(readFileSync(file, 'utf8').trim().split('\n').length, 1)
  assert.equal(statSync(file).mode & 0o077, 0, 'nobody else reads it')
  again.put(['account', 'b', { minor: 5n }])
  again.close()
  assert.deepEqual(openWorld(file).get('account', 'b'), { minor: 5n })
})

test('faults are armed with JSON alone: a page in somebody’s browser cannot send that', async () => {
  const fault = JSON.stringify({ on: 'bank', fault: 'silence', times: 2 })
  assert.equal((await control(fault, 'text/plain')).status, 400)
  assert.equal((await control('{"on":"bank","fault":"fire"}')).status, 400)
  assert.equal((await control('not JSON')).status, 400)
  const armed = (await (await control(fault)).json()) as { faults: { fault: string }[] }
  assert.deepEqual(
    armed.faults.map(one => one.fault),
    ['silence'],
  )
  const cleared = (await (await control('{"do":"clear"}')).json()) as { faults: object[] }
  assert.deepEqual(cleared.faults, [])
})

test('who is not the operator is told nothing', async () => {
  for (const party of ['wallet', 'bank']) {
    const body = JSON.stringify({ call: 'account.balance', account: '1' })
    const answer = await fetch(`${sandbox.url}/${party}`, { method: 'POST', body })
    assert.equal(answer.status, 401)
  }
})

test('a pay page that is not there says so in both languages, and lets nothing in', async () => {
  for (const [language, word] of [
    ['zh-CN', '没有这笔订单'],
    ['en', 'No such order'],
  ] as const) {
    const headers = { 'accept-language': language }
    const page = await fetch(`${sandbox.url}/pay/nothing`, { headers })
    assert.equal(page.status, 404)
    assert.match(await page.text(), new RegExp(word))
    assert.match(String(page.headers.get('content-security-policy')), /default-src 'none'/)
  }
})
