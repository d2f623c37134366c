/**
 * What the outside world remembers: small tables in one file, a line per change, the last one counts.
 *
 * A change is written before it is answered for, so that a killed process forgets no money; `close`
 * also asks the disk. A line holds all rows of one change: money that moves between two rows is never
 * seen half moved. At the start the lines are read, and written again without what they replaced.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** A row and its place; `row: null` takes it away. */
export type Change = readonly [table: string, key: string, row: object | null]
export type World = Readonly<{
  get<Row>(table: string, key: string): Row | undefined
  all<Row>(table: string): Row[]
  put(...changes: readonly Change[]): void
  /** How often something was put: whether anything has changed. */
  puts(): number
  close(): void
}>

/** Sums are whole numbers of the smallest coin; JSON has none that long, so they stand as text. */
const sums = new Set(['minor', 'change', 'after'])
const written = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
const read = (key: string, value: unknown) =>
  sums.has(key) && typeof value === 'string' ? BigInt(value) : value

/** Without a file, the world is forgotten at the end. */
export function openWorld(file?: string): World {
  const tables = new Map<string, Map<string, object>>()
  const table = (name: string) => {
    const known = tables.get(name) ?? new Map<string, object>()
    tables.set(name, known)
    return known
  }
  const keep = (changes: readonly Change[]) => {
    for (const [name, key, row] of changes)
      if (row) table(name).set(key, row)
      else table(name).delete(key)
  }

  if (file && existsSync(file)) for (const line of lines(file)) keep(line)
  const handle = file === undefined ? undefined : fresh(file, tables)
  let puts = 0

  return {
    get: <Row>(name: string, key: string) => table(name).get(key) as Row | undefined,
    all: <Row>(name: string) => [...table(name).values()] as Row[],
    put(...changes) {
      if (handle !== undefined) writeSync(handle, `${JSON.stringify(changes, written)}\n`)
      keep(changes)
      puts++
    },
    puts: () => puts,
    close() {
      if (handle === undefined) return
      fsyncSync(handle)
      closeSync(handle)
    },
  }
}

/** All whole lines. One that was cut off by a power failure was never answered for. */
function* lines(file: string): Generator<Change[]> {
  for (const line of readFileSync(file, 'utf8').split('\n'))
    try {
      if (line) yield JSON.parse(line, read) as Change[]
    } catch {
      return
    }
}

function fresh(file: string, tables: ReadonlyMap<string, ReadonlyMap<string, object>>): number {
  mkdirSync(dirname(file), { recursive: true })
  const handle = openSync(`${file}.new`, 'w', 0o600)
  for (const [name, rows] of tables)
    for (const [key, row] of rows)
      writeSync(handle, `${JSON.stringify([[name, key, row]], written)}\n`)
  fsyncSync(handle)
  renameSync(`${file}.new`, file)
  return handle
}
