/**
 * One process for many test files: alone, a file of two seconds takes half of them to load the house. Each
 * of a few processes takes file after file from a queue, and a file keeps its own hooks: it is a suite.
 * The queue is a folder with a name in each entry; who removes an entry has the file.
 */
import fs from 'node:fs'
import { flushCompileCache } from 'node:module'
import path from 'node:path'
import { suite } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const here = fileURLToPath(import.meta.url)

const entryOf = (nth: number) => `${String(nth).padStart(4, '0')}.file`
const entriesIn = (folder: string) =>
  fs
    .readdirSync(folder)
    .filter(name => name.endsWith('.file'))
    .sort()

/** What takes ten seconds and more, longest first: no process is to be left with one at the end. */
export const longest = `
  scenarios/pages.merchant scenarios/pages.others scenarios/evening scenarios/refusals apps/bursar/start
  faults/disk apps/town apps/worker scenarios/integrators tools/pack faults/faults
  scenarios/round apps/bursar/kill scenarios/counter scenarios/seats scenarios/suspense tools/test scenarios/
  apps/api/custody/alipay apps/bursar/ apps/api/custody/wechat-pay database/postgres ledger/gatherer
  ledger/model tools/ ledger/moves business/cashier/races faults/`
  .trim()
  .split(/\s+/)
const placeOf = (file: string) => {
  const place = longest.findIndex(one => file.startsWith(one))
  return place < 0 ? longest.length : place
}
export const inOrder = (files: readonly string[]): string[] =>
  files.toSorted((a, b) => placeOf(a) - placeOf(b))

/**
 * Answers what `node --test` has to start: as many small modules as there shall be processes, a file in each.
 * All but the last take from the queue's beginning, where the longest files are, and the last from its end:
 * three browsers at once on two cores make each other slow.
 */
export function fillQueue(
  folder: string,
  files: readonly string[],
  processes: number,
): readonly string[] {
  const queue = [...files]
  const begun = Array.from({ length: Math.min(processes, files.length) }, (_, nth) => {
    const end: End = nth > 0 && nth === processes - 1 ? 'last' : 'first'
    return { end, first: (end === 'last' ? queue.pop() : queue.shift())! }
  })
  for (const [nth, file] of queue.entries()) fs.writeFileSync(path.join(folder, entryOf(nth)), file)
  return begun.map(({ end, first }, nth) => {
    const begin = path.join(folder, `${nth + 1}.mjs`)
    const call = `workOff(${[folder, first, end].map(one => JSON.stringify(one)).join(', ')})`
    fs.writeFileSync(begin, `import { workOff } from ${JSON.stringify(here)}\nawait ${call}\n`)
    return begin
  })
}

/** The files that nobody has taken. */
export const leftIn = (folder: string): string[] =>
  entriesIn(folder).map(entry => fs.readFileSync(path.join(folder, entry), 'utf8'))

type End = 'first' | 'last'

export async function workOff(folder: string, first: string, end: End): Promise<void> {
  let file: string | undefined = first
  // A suite that never ended is told of nowhere else.
  process.once('exit', () => file && console.error(`The process ended in ${file}`))
  for (; file; file = take(folder, end)) {
    const { href } = pathToFileURL(path.join(root, file))
    await suite(file, async () => void (await import(href)))
    // By itself it is written when we end: whatever else starts until then would compile the house again.
    flushCompileCache()
  }
  leaveAtLast()
}

/** What a broken hook left open, a browser say, would hold this process for ever. */
function leaveAtLast(): void {
  const patience = setTimeout(() => {
    console.error(`Something was left open: ${process.getActiveResourcesInfo().join(', ')}`)
    process.exit(1)
  }, 30_000)
  patience.unref()
}

function take(folder: string, end: End): string | undefined {
  const entries = entriesIn(folder)
  for (const entry of end === 'first' ? entries : entries.reverse())
    try {
      const file = fs.readFileSync(path.join(folder, entry), 'utf8')
      fs.unlinkSync(path.join(folder, entry))
      return file
    } catch {
      // Somebody else has it.
    }
  return undefined
}
