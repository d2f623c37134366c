import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { inOrder, longest } from './together.ts'

const tool = path.join(import.meta.dirname, 'test.ts')
let temporary: string
before(() => {
  temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'bursar-run-'))
  fs.chmodSync(temporary, 0o755)
})
after(() => fs.rmSync(temporary, { recursive: true, force: true }))

/** A run of one small test file, in a temp folder of its own; `shown` says when to do something to it. */
async function run(words: string[], shown?: RegExp, signal?: NodeJS.Signals) {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [tool, ...words], { env: { PATH, TMPDIR: temporary } })
  let text = ''
  for (const out of [child.stdout, child.stderr])
    out.on('data', (bytes: Buffer) => {
      text += bytes.toString()
      if (signal && shown?.test(text)) child.kill(signal)
    })
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { code, text }
}
const left = () => fs.readdirSync(temporary)
const servers = () =>
  fs.readdirSync('/proc').filter(name => {
    const file = `/proc/${name}/cmdline`
    try {
      return /^\d+$/.test(name) && fs.readFileSync(file, 'utf8').includes(temporary)
    } catch {
      return false
    }
  })

test('a run of tests leaves no process and no folder behind', async () => {
  const { code, text } = await run(['database/settings.test.ts'])
  assert.equal(code, 0, text)
  assert.deepEqual([left(), servers()], [[], []])
})

test('a run that is broken off leaves no process and no folder behind', async () => {
  const { code } = await run(['database/postgres.test.ts'], /✔|ok \d/, 'SIGINT')
  assert.notEqual(code, 0)
  assert.deepEqual(
    left().filter(name => name.startsWith('bursar-test-')),
    [],
  )
  // The servers that a broken test had started are stopped by the kernel's signal, and say goodbye.
  for (let i = 0; i < 100 && servers().length; i++) await sleep(100)
  assert.deepEqual(servers(), [])
})

test('a word that no test file has is one sentence', async () => {
  const { code, text } = await run(['no-such-test'])
  assert.equal(code, 1)
  assert.equal(text, 'No test file matches no-such-test.\n')
})

test('what takes longest begins first, and is there', () => {
  const files = fs.globSync('{apps,business,database,faults,ledger,scenarios,tools}/**/*.test.ts', {
    cwd: path.join(import.meta.dirname, '..'),
    exclude: name => name.includes('node_modules'),
  })
  assert.deepEqual(
    longest.filter(one => !files.some(file => file.startsWith(one))),
    [],
  )
  assert.match(inOrder(files)[0]!, /^scenarios\/pages\.merchant/)
})
