/**
 * The files of an archive: a book's entries as `rowsOf` tells them, in PostgreSQL's own binary COPY format,
 * gzipped. `COPY … (format binary)` reads them back wherever there is a PostgreSQL. Each is named after its
 * book, its first and its last entry, and is whole or not there.
 */
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type pg from 'pg'
import { Cells, stream } from './stream.ts'
import { rowsOf } from './verify.row.ts'
import type { Book } from './types.ts'

/** A file of a book's entries, from one to another, both within. */
export type ArchiveFile = Readonly<{ file: string; from: bigint; to: bigint }>

/** A file that is not what its name says. */
export class Damaged extends Error {}

const named = /^book-(\d+)-from-(\d+)-to-(\d+)\.copy\.gz$/
const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const trailer = Buffer.from([255, 255])

/** The files of a book in a folder. */
export async function archivesIn(folder: string, book: Book): Promise<ArchiveFile[]> {
  return (await readdir(folder)).flatMap(name => {
    const [, of, from, to] = named.exec(name) ?? []
    if (of !== `${book}`) return []
    return [{ file: join(folder, name), from: BigInt(from!), to: BigInt(to!) }]
  })
}

/**
 * Of a folder's files those that a book's archives are, which end at these entries, in their order. Any other is of an archive
 * that failed after its file was written, and that nobody was told of.
 */
export const filesOf = (found: readonly ArchiveFile[], ends: readonly bigint[]): ArchiveFile[] =>
  ends.flatMap((end, place) => {
    const begin = (ends[place - 1] ?? 0n) + 1n
    return found.filter(({ from, to }) => from === begin && to === end)
  })

/** Writes the entries after `after` up to `to`, as this connection's transaction sees them. */
export async function writeArchive(
  on: pg.ClientBase,
  book: Book,
  { folder, after, to }: Readonly<{ folder: string; after: bigint; to: bigint }>,
): Promise<ArchiveFile> {
  const file = join(folder, `book-${book}-from-${after + 1n}-to-${to}.copy.gz`)
  const half = `${file}.half`
  const zip = createGzip()
  const written = pipeline(zip, createWriteStream(half))
  written.catch(() => undefined) // told where it is waited for
  let drained: Promise<void> | undefined
  try {
    zip.write(header)
    await stream(on, rowsOf(book, after, to), ({ bytes, at }) => {
      // A copy: the row's own bytes are the socket's.
      if (zip.write(Buffer.from(bytes.subarray(at - 2)))) return undefined
      // Rows that the socket had brought by then come all the same, and wait together.
      return (drained ??= Promise.race([
        once(zip, 'drain').then(() => void (drained = undefined)),
        written,
      ]))
    })
    zip.end(trailer)
    await written
    await synced(half)
    await rename(half, file)
    await synced(folder)
  } catch (error) {
    zip.destroy()
    await rm(half, { force: true })
    throw error
  }
  return { file, from: after + 1n, to }
}

async function synced(path: string): Promise<void> {
  await using handle = await open(path, 'r')
  await handle.sync()
}

/** Tells the rows of a file one by one. Throws `Damaged` where it is cut or is something else. */
export async function readArchive(
  { file }: ArchiveFile,
  each: (cells: Cells) => void,
): Promise<void> {
  const cells = new Cells()
  let left: Buffer = Buffer.alloc(0)
  let begun = false
  let ended = false
  try {
    const zip = createGunzip()
    pipeline(createReadStream(file), zip).catch(() => undefined) // told where it is read
    for await (const chunk of zip) {
      left = left.length === 0 ? chunk : Buffer.concat([left, chunk])
      let at = 0
      if (!begun) {
        if (left.length < header.length) continue
        if (!left.subarray(0, header.length).equals(header)) break
        begun = true
        at = header.length
      }
      for (let end = rowEnd(left, at); end > 0 && !ended; end = rowEnd(left, at)) {
        ended = left.readInt16BE(at) < 0
        if (!ended) {
          cells.row(left, at + 2)
          each(cells)
        }
        at = end
      }
      left = left.subarray(at)
    }
  } catch (error) {
    const { code } = error as { code?: string }
    // A row that has not the cells of an entry.
    if (!code?.startsWith('Z_') && !(error instanceof RangeError)) throw error
    ended = false
  }
  if (!ended) throw new Damaged(`${file} is damaged: it is no archive, or its end is missing`)
}

/** Where the row at `at` ends; 0 while not all of it is there. The trailer is a row of −1 cells. */
function rowEnd(bytes: Buffer, at: number): number {
  if (at + 2 > bytes.length) return 0
  let cells = bytes.readInt16BE(at)
  let end = at + 2
  for (; cells > 0; cells--) {
    if (end + 4 > bytes.length) return 0
    end += 4 + Math.max(0, bytes.readInt32BE(end))
  }
  return end > bytes.length ? 0 : end
}
