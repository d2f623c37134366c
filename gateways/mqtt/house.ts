/** The house as devices find it: terminals with their secrets, their lines, their places. */
import type { Books, Clock } from '@bursar/kernel'
import {
  beat,
  mustBeAllowed,
  readTerminal,
  terminalBySecret,
  type Lines,
  type TerminalId,
} from '@bursar/notices'
import type { House, Log } from './carrier.ts'

type Options = Readonly<{ books: Books; clock: Clock; lines: Lines; log: Log }>

/** A device that has said nothing for two minutes is on the health board; one whose will was said is written down at once. */
export function houseOf({ books, clock, lines, log }: Options): House {
  return {
    async open(device, after, line) {
      const terminal = await readTerminal(books.sql, device as TerminalId)
      mustBeAllowed(terminal, 'receive', clock())
      return lines.open(terminal, after ?? terminal.acked, line)
    },
    async heartbeat(device, said) {
      await beat(books, { terminal: device as TerminalId, ...said, now: clock() })
    },
    gone: async device => log('mqtt_gone', { device }),
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
