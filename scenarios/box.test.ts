/** A box at the counter that hears the house itself: the announcer as a process of its own. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { spend } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { makeTerminal } from '@bursar/notices'
import { openCounter } from './counter.testing.ts'
import { useHouse } from './house.testing.ts'

const house = useHouse()

test('P4-13 P4-15 a box that hears the house itself tells a receipt once, over a restart too', async t => {
  await openCounter(house, house.tea)
  const ann = await house.person('李晓梅')
  const purse = await house.filled(ann, house.tea, '50.00')
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'box-'))
  const file = (name: string) => path.join(folder, name)
  const line = file('line')
  fs.writeFileSync(line, '')
  const none = { from: null, to: null, outlets: null, tills: null, hours: null, until: null }
  const { secret, terminal } = await makeTerminal(house.books, {
    ...{ id: newId('trm'), merchant: house.tea.id, kind: 'device', name: '小盒子' },
    ...{ ways: ['text'], language: 'zh-CN', zone: null, speaks: false, by: house.tea.owner.id },
    permission: { fields: ['amount'], actions: ['receive'], ...none },
  })
  const args = ['--terminal', terminal.id, '--house', house.origin, '--state', file('state')]
  const box = () =>
    spawn(process.execPath, ['apps/edge/announcer.ts', ...args, '--line', line], {
      env: { ...process.env, TERMINAL_SECRET: secret },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  const written = async (count: number) => {
    while (fs.readFileSync(line, 'utf8').split('元').length <= count) await sleep(50)
  }
  for (const [turn, yuan] of ['9.10', '9.20'].entries()) {
    const running = box()
    t.after(() => running.kill())
    const complaint = once(running.stderr, 'data').then(([why]) => assert.fail(String(why)))
    const paid = { id: newId('spd'), purse, merchant: house.tea.id, by: ann.id }
    await spend(house.books, { ...paid, amount: cny(yuan) })
    await Promise.race([complaint, written(turn + 1)])
    while (!fs.existsSync(file('state'))) await sleep(50)
    complaint.catch(() => undefined)
    running.kill()
  }
  assert.equal(fs.readFileSync(line, 'utf8').split('元').length, 3)
  fs.rmSync(folder, { recursive: true })
})
