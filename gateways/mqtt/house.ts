/** The house as devices find it: terminals with their secrets, their lines, their places. */
import type { Books, Clock } from '@bursar/kernel'
import {
  beat,
  gone,
  mustBeAllowed,
  readTerminal,
  terminalBySecret,
  type Lines,
  type TerminalId,
} from '@bursar/notices'
import type { House, Log } from './carrier.ts'

type Options = Readonly<{ books: Books; clock: Clock; lines: Lines; log: Log }>

/** A device that says hello is there again; one whose last will was said is gone, at once, on the health board and in the log. */
export function houseOf({ books, clock, lines, log }: Options): House {
  return {
    async open(device, after, line) {
      const terminal = await readTerminal(books.sql, device as TerminalId)
      mustBeAllowed(terminal, 'receive', clock())
      await beat(books, { terminal: terminal.id, now: clock() })
      return lines.open(terminal, after ?? terminal.acked, line)
    },
    async heartbeat(device, said) {
      await beat(books, { terminal: device as TerminalId, ...said, now: clock() })
    },
    async gone(device) {
      log('mqtt_gone', { device })
      await gone(books, device as TerminalId, clock())
    },
  }
}

/** Whether a device is the terminal that it says, and may be told. */
export const admitsBy =
  (books: Books, clock: Clock) =>
  async (device: string, secret: string): Promise<boolean> => {
    const terminal = await terminalBySecret(books, secret)
    if (terminal?.id !== device) return false
    try {
      mustBeAllowed(terminal, 'receive', clock())
      return true
    } catch {
      return false
    }
  }
