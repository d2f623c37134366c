/** Where the agent hears what the phone shows: its list of notifications, lines, a file that grows. */
import { execFile } from 'node:child_process'
import { closeSync, fstatSync, openSync, readSync, watchFile, unwatchFile } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { decode } from '@bursar/notices/texts'
import { idOf, ofLine, ofTermux, type Shown } from './shown.ts'

export type Source = (heard: (shown: Shown) => void, failed: (error: unknown) => void) => () => void

/** Lines of standard input. */
export const fromInput =
  (input: NodeJS.ReadableStream): Source =>
  (heard, failed) => {
    const lines = createInterface({ input })
    lines.on('line', line => one(line, heard, failed))
    return () => lines.close()
  }

/** `termux-notification-list`, every two seconds: Android gives a program no other way without an app of its own. */
export const fromTermux =
  (every = 2_000): Source =>
  (heard, failed) => {
    const run = promisify(execFile)
    let next: NodeJS.Timeout | undefined
    const look = async () => {
      try {
        const { stdout } = await run('termux-notification-list', { timeout: 10_000 })
        for (const shown of ofTermux(stdout, new Date())) heard(shown)
      } catch (error) {
        failed(error)
      }
      next = setTimeout(() => void look(), every)
    }
    void look()
    return () => clearTimeout(next)
  }

/** Lines that somebody appends to a file, in UTF-8 or GBK; from its beginning, since what is known is kept once. */
export const fromFile =
  (file: string): Source =>
  (heard, failed) => {
    let place = 0
    let rest = Buffer.alloc(0)
    const look = () => {
      try {
        const handle = openSync(file, 'r')
        const { size } = fstatSync(handle)
        // A shorter file is another one: it has been turned over.
        if (size < place) [place, rest] = [0, Buffer.alloc(0)]
        const bytes = Buffer.alloc(size - place)
        readSync(handle, bytes, 0, bytes.length, place)
        closeSync(handle)
        rest = Buffer.concat([rest, bytes])
        const start = size - rest.length
        place = size
        let from = 0
        for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a, from)) {
          const line = decode(rest.subarray(from, end))
          const id = idOf(basename(file), String(start + from), line)
          one(line, shown => heard({ id, ...shown }), failed)
          from = end + 1
        }
        rest = rest.subarray(from)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') failed(error)
      }
    }
    watchFile(file, { interval: 500 }, look)
    look()
    return () => unwatchFile(file, look)
  }

function one(line: string, heard: (shown: Shown) => void, failed: (error: unknown) => void): void {
  try {
    const shown = ofLine(line, new Date())
    if (shown) heard(shown)
  } catch (error) {
    failed(error)
  }
}
