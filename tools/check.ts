/**
 * What can be known without running anything: types, lint, format, dead code. Every step runs, even
 * after one has failed, so that one run tells all that is wrong.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const steps: Readonly<Record<string, string>> = {
  types: 'tsc -p .',
  'types of the web': 'tsc -p apps/web',
  lint: 'oxlint --type-aware --deny-warnings',
  format: 'prettier --check --log-level warn .',
  'dead code': 'knip --no-progress --no-config-hints',
}

/** True if the step found nothing. */
function passes(name: string, command: string): boolean {
  const [program = '', ...args] = command.split(' ')
  const start = performance.now()
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' })
  if (error) throw error
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${status === 0 ? '✔' : '✖'} ${name}, ${seconds} s`)
  return status === 0
}

if (!existsSync('tidy.test.ts')) throw new Error('Run it at the root: npm run check')
const results = Object.entries(steps).map(([name, command]) => passes(name, command))
process.exitCode = results.every(Boolean) ? 0 : 1
