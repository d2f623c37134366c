/**
 * A witness keeps seals where nobody who can write the database can write. It need not understand books:
 * it keeps, in the order in which they come, and can show what it has.
 *
 * The one here is a file of JSON lines that is only added to. It proves as much as the place where it
 * stands: beside the database it shows mistakes and restored backups, on another machine, or on a disk
 * that is written once, it shows a forger too.
 *
 *   {"book":1,"seq":"812","head":"<64 hex>","at":"2026-…Z","key":"<64 hex>","signature":"<128 hex>"}
 */
import fs from 'node:fs/promises'
import type { Book } from './types.ts'
import type { Seal } from './seal.ts'

/** The port: a file here; an auditor's own machine elsewhere. */
export type Witness = Readonly<{
  name: string
  /** The newest seal of a book that it has. */
  last(book: Book): Promise<Seal | undefined>
  /** Keeps it for ever, before it answers. */
  take(seal: Seal): Promise<void>
}>

export function lineOf({ book, seq, head, at, key, signature }: Seal): string {
  const hex = (bytes: Buffer) => bytes.toString('hex')
  return JSON.stringify({
    book,
    seq: `${seq}`,
    head: hex(head),
    at: at.toISOString(),
    key: hex(key),
    signature: hex(signature),
  })
}

/** Undefined where the line is no seal. */
function sealOf(line: string): Seal | undefined {
  try {
    const { book, seq, head, at, key, signature } = JSON.parse(line) as Record<string, string>
    const seal = {
      book: Number(book),
      seq: BigInt(seq!),
      head: Buffer.from(head!, 'hex'),
      at: new Date(at!),
      key: Buffer.from(key!, 'hex'),
      signature: Buffer.from(signature!, 'hex'),
    }
    return lineOf(seal) === line ? seal : undefined
  } catch {
    return undefined
  }
}

/** A witness that is not what it should be: the line, and why. */
export class Unreadable extends Error {}

/**
 * What a file has, oldest first. A line that a killed writer left half-written is passed over: its seal
 * was given again, so it is the beginning of the next line, or nothing follows it.
 */
export async function* readWitness(file: string): AsyncGenerator<Seal> {
  const handle = await fs.open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!handle) return
  let half: string | undefined
  let place = 0
  for await (const line of handle.readLines()) {
    if (half !== undefined && !line.startsWith(half))
      throw new Unreadable(`Line ${place} of ${file} is no seal, and no beginning of the next one.`)
    half = undefined
    place++
    const seal = sealOf(line)
    if (seal) yield seal
    else half = line
  }
}

/** A witness that is a file. `take` answers when the line is on disk. */
export function fileWitness(file: string): Witness {
  let known: Map<Book, Seal> | undefined

  /** Read once. What another process adds meanwhile may be given twice, which says nothing new. */
  async function newest(): Promise<Map<Book, Seal>> {
    if (!known) {
      known = new Map()
      for await (const seal of readWitness(file)) known.set(seal.book, seal)
    }
    return known
  }

  return {
    name: file,
    last: async book => (await newest()).get(book),
    async take(seal) {
      const all = await newest()
      await using handle = await fs.open(file, 'a+', 0o644)
      await handle.write((await endsWhole(handle)) ? `${lineOf(seal)}\n` : `\n${lineOf(seal)}\n`)
      await handle.sync()
      all.set(seal.book, seal)
    },
  }
}

/** Whether the last line was written to its end. */
async function endsWhole(handle: fs.FileHandle): Promise<boolean> {
  const { size } = await handle.stat()
  if (size === 0) return true
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer.toString() === '\n'
}
