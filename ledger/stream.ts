/**
 * Rows by COPY, in PostgreSQL's binary format, told one by one as the socket brings them. Nothing is
 * kept, and no row becomes an object that nobody asked for: a million are read in about two seconds.
 *
 * The server sends each row as one message, the first one behind 19 bytes of header, and a last one that
 * says −1 columns.
 */
import type pg from 'pg'

/** The cells of one row, read from left to right. Valid until the next row is told. */
export class Cells {
  bytes: Buffer = Buffer.alloc(0)
  /** Where the next cell begins, with the four bytes of its length. */
  at = 0
  // A DataView reads a bigint in one step; Buffer's own reader puts it together in JavaScript.
  #view = new DataView(this.bytes.buffer)

  /** Goes to a row. Many come in one piece of memory, which is looked at through one view. */
  row(bytes: Buffer, at: number): void {
    this.bytes = bytes
    this.at = at
    if (bytes.buffer !== this.#view.buffer) this.#view = new DataView(bytes.buffer)
  }

  /** Goes behind the next cell. Answers the length of it, −1 for null; its bytes end at `at`. */
  skip(): number {
    const length = this.#view.getInt32(this.bytes.byteOffset + this.at)
    this.at += length < 0 ? 4 : 4 + length
    return length
  }

  int8(): bigint | null {
    if (this.skip() < 0) return null
    return this.#view.getBigInt64(this.bytes.byteOffset + this.at - 8)
  }

  text(): string | null {
    const length = this.skip()
    return length < 0 ? null : this.bytes.toString('utf8', this.at - length, this.at)
  }

  hex(): string | null {
    const length = this.skip()
    return length < 0 ? null : this.bytes.toString('hex', this.at - length, this.at)
  }

  /** A copy: the row's own bytes are the socket's. */
  raw(): Buffer | null {
    const length = this.skip()
    return length < 0 ? null : Buffer.copyBytesFrom(this.bytes, this.at - length, length)
  }
}

/** Microseconds since 1970 of a timestamptz, which counts them since 2000. */
export const micros = (since2000: bigint): bigint => since2000 + 946_684_800_000_000n

/** What a row is told to. While a promise of it is open, the server is not read from. */
export type Each = (cells: Cells) => void | Promise<void>

/** Streams the rows of a query of ours. COPY takes no parameters: what varies in it is written as a number. */
export function stream(on: pg.ClientBase, query: string, each: Each): Promise<void> {
  return new Promise((resolve, reject) => {
    on.query(new CopyOut(`copy (${query}) to stdout (format binary)`, each, resolve, reject))
  })
}

type Connection = { query(text: string): void; stream: { pause(): void; resume(): void } }

const header = 19

/** What `pg` takes in place of a query: it is handed the messages of the answer. */
class CopyOut implements pg.Submittable {
  readonly #text: string
  readonly #each: Each
  readonly #done: () => void
  readonly #failed: (error: unknown) => void
  readonly #cells = new Cells()
  #begun = false
  #open = 0
  #wrong: unknown

  constructor(text: string, each: Each, done: () => void, failed: (error: unknown) => void) {
    this.#text = text
    this.#each = each
    this.#done = done
    this.#failed = failed
  }

  submit(connection: unknown): void {
    ;(connection as Connection).query(this.#text)
  }

  handleCopyData({ chunk }: { chunk: Buffer }, connection: Connection): void {
    const from = this.#begun ? 0 : header
    this.#begun = true
    // After a failure the rest is let go by: the connection stays usable, and nobody hears it.
    if (this.#wrong !== undefined || chunk.length < from + 2 || chunk.readInt16BE(from) < 0) return
    this.#cells.row(chunk, from + 2)
    try {
      const waiting = this.#each(this.#cells)
      if (waiting) this.#pause(waiting, connection.stream)
    } catch (error) {
      this.#wrong = error
    }
  }

  #pause(waiting: Promise<void>, socket: Connection['stream']): void {
    this.#open++
    socket.pause()
    void waiting
      .catch((error: unknown) => (this.#wrong ??= error))
      .finally(() => {
        if (--this.#open === 0) socket.resume()
      })
  }

  handleCommandComplete(): void {}

  handleError(error: unknown): void {
    this.#failed(error)
  }

  handleReadyForQuery(): void {
    if (this.#wrong === undefined) this.#done()
    else this.#failed(this.#wrong)
  }
}
