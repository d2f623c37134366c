/** The house as devices find it: terminals with their secrets, their lines, their places. */
import type { Books, Clock } from '@bursar/kernel'
import {
  beat,
  endedAfter,
  gone,
  isOn,
  mustBeAllowed,
  readTerminal,
  terminalBySecret,
  type Lines,
  type TerminalId,
} from '@bursar/notices'
import type { Carrier, House, Log } from './carrier.ts'

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

type Forgetting = Readonly<{ books: Books; clock: Clock; carrier: Pick<Carrier, 'send'>; log: Log }>

const endedAtOnce = 500

/**
 * Heard when the database says that a terminal has changed, and of all that have ended when it could not say it: at the
 * start, and after a connection that was broken. Of one that is told no more the broker keeps no last prompt, though it is
 * away and has no line: whoever connects in its place must not read what was received.
 */
export function forgetsEnded({ books, clock, carrier, log }: Forgetting): Forgets {
  const forget = (device: TerminalId) => carrier.send(device, 'prompt', Buffer.alloc(0), true)
  const quietly = (work: Promise<void>, device: string) =>
    void work.catch((error: unknown) => log('mqtt_failed', { device, why: String(error) }))
  const changed = async (device: TerminalId) => {
    const terminal = await readTerminal(books.sql, device)
    if (terminal.kind !== 'sub' && !isOn(terminal, clock())) await forget(device)
  }
  const all = async () => {
    for (let after: TerminalId | '' = ''; ;) {
      const ended: TerminalId[] = await endedAfter(books.sql, after, endedAtOnce, clock())
      for (const device of ended) await forget(device)
      if (ended.length < endedAtOnce) return
      after = ended.at(-1)!
    }
  }
  return {
    heard(payload) {
      if (payload.startsWith('trm_')) quietly(changed(payload as TerminalId), payload)
    },
    missed: () => quietly(all(), '*'),
  }
}
type Forgets = Readonly<{ heard(payload: string): void; missed(): void }>
