/**
 * One process for many test files: alone, a file of two seconds takes half of them to load the house. Each
 * of a few processes takes file after file from a queue, and a file keeps its own hooks: it is a suite.
 * The queue is a folder with a name in each entry; who removes an entry has the file.
 */
import fs from 'node:fs'
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

/** Answers what `node --test` has to start: as many small modules as there shall be processes, a file in each. */
export function fillQueue(
  folder: string,
  files: readonly string[],
  processes: number,
): readonly string[] {
  for (const [nth, file] of files.slice(processes).entries())
    fs.writeFileSync(path.join(folder, entryOf(nth)), file)
  return files.slice(0, processes).map((first, nth) => {
    const begin = path.join(folder, `${nth + 1}.mjs`)
    const call = `workOff(${JSON.stringify(folder)}, ${JSON.stringify(first)})`
    fs.writeFileSync(begin, `import { workOff } from ${JSON.stringify(here)}\nawait ${call}\n`)
    return begin
  })
}

/** The files that nobody has taken. */
export const leftIn = (folder: string): string[] =>
  entriesIn(folder).map(entry => fs.readFileSync(path.join(folder, entry), 'utf8'))

export async function workOff(folder: string, first: string): Promise<void> {
  let file: string | undefined = first
  // A suite that never ended is told of nowhere else.
  process.once('exit', () => file && console.error(`The process ended in ${file}`))
  for (; file; file = take(folder)) {
    const { href } = pathToFileURL(path.join(root, file))
    await suite(file, async () => void (await import(href)))
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

function take(folder: string): string | undefined {
  for (const entry of entriesIn(folder))
    try {
      const file = fs.readFileSync(path.join(folder, entry), 'utf8')
      fs.unlinkSync(path.join(folder, entry))
      return file
    } catch {
      // Somebody else has it.
    }
  return undefined
}
