/**
 * `npm start`: a few lines for the person at the console, and one sentence when something is in the
 * way. Ctrl-C and SIGTERM stop everything in order; a second one does not wait.
 */
import { Hindrance, hindranceOf } from '@bursar/database'
import { startBursar } from './bursar.ts'
import { folderOf } from './ground.ts'
import type { Bursar } from './house.ts'
import { usage, wordsOf } from './words.ts'

/** What a stop may take before we leave all the same; PostgreSQL then ends by itself. */
const patience = 25_000

const say = (line: string) => console.log(line)
let running: Promise<Bursar> | undefined
let leaving = false

process.on('SIGINT', () => void leave(0)).on('SIGTERM', () => void leave(0))
process.on('SIGHUP', () => void leave(0))

await main(process.argv.slice(2)).catch((error: unknown) => {
  if (leaving) return
  console.error(sentence(error))
  process.exit(1)
})

async function main(args: string[]): Promise<void> {
  if (args[0] === 'reset') {
    const { reset } = await import('./reset.ts')
    return await reset(args.slice(1), process.env, say)
  }
  const words = wordsOf(args, process.env)
  if (words === 'help') return say(usage)
  running = startBursar(words, process.env, say)
  const bursar = await running.catch((error: unknown) => {
    throw hindranceOf(error, folderOf(words))
  })
  if (!leaving) greet(bursar)
  const why = await bursar.lost
  console.error(`The database is lost: ${why}`)
  await leave(1)
}

function greet({ address, here, folder, town, setUpToken }: Bursar): void {
  const lines = ['', `  Bursar is ready: ${address}`, '']
  if (here !== address) lines.push(`  It listens at ${here}, for the proxy before it.`, '')
  if (here.startsWith('https:'))
    lines.push('  The certificate is our own: each browser asks once whether to trust it.', '')
  if (town) lines.push(...town.signIns(), '')
  if (setUpToken)
    lines.push(
      `  Nobody is here yet. The first operator comes in at ${address}/set-up`,
      `  with this token, which works once: ${setUpToken}`,
      '',
    )
  lines.push(`  Data in ${folder}. Ctrl-C stops; "npm run reset" starts over.`, '')
  say(lines.join('\n'))
}

async function leave(code: number): Promise<void> {
  if (leaving) process.exit(130)
  leaving = true
  setTimeout(() => process.exit(1), patience).unref()
  try {
    await (await running)?.stop()
  } catch (error) {
    if (code === 0) console.error(sentence(error))
  }
  process.exit(code)
}

/** What we expected is a sentence; what we did not, shows its whole trace. */
function sentence(error: unknown): string {
  if (error instanceof Hindrance) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
