/**
 * What can be known without running anything: types, lint, format, dead code. Every step runs, even
 * after one has failed, so that one run tells all that is wrong. Two at a time: some have one thread.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'

/** The longest first. */
const steps: Readonly<Record<string, string>> = {
  'types and lint': 'oxlint --type-aware --type-check --deny-warnings',
  'dead code': 'knip --no-progress --no-config-hints',
  format: 'oxfmt --list-different',
}

/** Says what the step found, all at once, and whether that was nothing. */
async function passes(name: string, command: string): Promise<boolean> {
  const [program = '', ...args] = command.split(' ')
  const start = performance.now()
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  )
  const [found, warned, status] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  process.stdout.write(found + warned)
  console.log(`${status === 0 ? '✔' : '✖'} ${name}, ${seconds} s`)
  return status === 0
}

if (!existsSync('tidy.test.ts')) throw new Error('Run it at the root: npm run check')
const left = Object.entries(steps)
let clean = true
await Promise.all([work(), work()])
process.exitCode = clean ? 0 : 1

async function work(): Promise<void> {
  for (let step = left.shift(); step; step = left.shift()) clean = (await passes(...step)) && clean
}
