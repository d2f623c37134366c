/**
 * The lines that are open on this server, and what is told over them.
 *
 *   heard     the database names a merchant whose stream has moved; it is read once, however many lines there are
 *   told      each line what its terminal may see, after its own place: no gap, no double
 *   opened    a line catches up by itself, and joins the others when it has all that they have
 *   changed   the database names a terminal: what it may see now counts from the next prompt on, or its line ends
 *   watched   every four seconds all are looked up again, should that word have been lost
 */
import type { Books, Clock, MerchantId } from '@bursar/kernel'
import type { Ended, Line } from './ports.ts'
import { promptsAfter } from './prompts.ts'
import { terminalsBy } from './terminals.ts'
import { isOn, viewFor } from './view.ts'
import type { Prompt, Terminal, TerminalPrompt } from './words.ts'

export type Lines = Readonly<{
  /** From after a place on. Answers how to close it. */
  open(terminal: Terminal, after: bigint, line: Line): () => void
  /** `mer_… 17` or `trm_…`, as the database says it. */
  heard(payload: string): void
  /** What was said meanwhile was said to nobody: all are looked up, all streams read. */
  missed(): void
  stop(): void
}>

type Open = {
  terminal: Terminal
  /** Of all that decides what it sees: terminals alike in it are told alike. */
  sight: string
  place: bigint
  readonly line: Line
  joined: boolean
  shut: boolean
}
/** `place`: how far those that have joined are; unknown until the first line has looked. */
type Stream = {
  readonly lines: Set<Open>
  place: bigint | undefined
  ahead: bigint
  reading: boolean
}

const page = 500
const lookEvery = 4_000

export function openLines(books: Books, clock: Clock): Lines {
  const streams = new Map<MerchantId, Stream>()
  const hall: Hall = { books, clock, streams }

  const lookQuietly = (only?: string) => void look(hall, only).catch(() => undefined)
  const pumpAll = () => {
    for (const [merchant, stream] of streams) {
      stream.ahead = farAhead
      void pump(hall, merchant, stream)
    }
  }
  const watch = setInterval(() => {
    lookQuietly()
    pumpAll()
  }, lookEvery)
  watch.unref()

  return {
    open(terminal, after, line) {
      const { merchant } = terminal
      const stream = streams.get(merchant) ?? newStream()
      streams.set(merchant, stream)
      const place = after > terminal.since ? after : terminal.since
      const one: Open = {
        terminal,
        sight: sightOf(terminal),
        place,
        line,
        joined: false,
        shut: false,
      }
      stream.lines.add(one)
      void catchUp(hall, one, stream)
      return () => shut(hall, one)
    },
    heard(payload) {
      const [name = '', seq = ''] = payload.split(' ')
      if (name.startsWith('trm_')) return lookQuietly(name)
      const stream = streams.get(name as MerchantId)
      if (!stream) return
      const told = BigInt(seq)
      if (told > stream.ahead || stream.ahead === farAhead) stream.ahead = told
      void pump(hall, name as MerchantId, stream)
    },
    missed() {
      lookQuietly()
      pumpAll()
    },
    stop() {
      clearInterval(watch)
      for (const { lines } of streams.values()) for (const one of lines) shut(hall, one, 'closing')
    },
  }
}

type Hall = Readonly<{ books: Books; clock: Clock; streams: Map<MerchantId, Stream> }>

function shut({ streams }: Hall, one: Open, why?: Ended): void {
  if (one.shut) return
  one.shut = true
  const stream = streams.get(one.terminal.merchant)
  stream?.lines.delete(one)
  if (stream?.lines.size === 0) streams.delete(one.terminal.merchant)
  if (why) one.line.end(why)
}

/** Each view is made once for all terminals that see alike. */
function tell(hall: Hall, one: Open, prompts: readonly Prompt[], now: Date, views: Views): void {
  const last = prompts.at(-1)
  if (!last || one.shut || last.seq <= one.place) return
  const { since } = one.terminal
  const from = one.place > since ? one.place : since
  const key = `${prompts.findIndex(({ seq }) => seq > from)} ${one.sight}`
  const known = views.get(key)
  const told =
    known ??
    prompts.flatMap(prompt => (prompt.seq > from && viewFor(one.terminal, prompt, now)) || [])
  if (!known) views.set(key, told)
  one.place = last.seq
  if (!one.line.tell(told, last.seq)) shut(hall, one)
}

async function pump(hall: Hall, merchant: MerchantId, stream: Stream): Promise<void> {
  if (stream.reading) return
  stream.reading = true
  try {
    while (stream.lines.size > 0 && stream.place !== undefined && stream.place < stream.ahead) {
      const prompts = await promptsAfter(hall.books.sql, merchant, stream.place, page)
      const last = prompts.at(-1)
      if (!last) break
      stream.place = last.seq
      const [now, views]: [Date, Views] = [hall.clock(), new Map()]
      for (const one of stream.lines) if (one.joined) tell(hall, one, prompts, now, views)
    }
  } catch {
    // The next word, or the next look, reads on from the same place.
  } finally {
    stream.reading = false
  }
}

/** Until it has all that the others have; between the last look and joining nothing can happen. */
async function catchUp(hall: Hall, one: Open, stream: Stream): Promise<void> {
  const { merchant } = one.terminal
  try {
    // Whoever names a place that is not there yet must not miss what comes until then.
    const end = await endOf(hall.books, merchant)
    if (one.place > end) one.place = end
    stream.place ??= end
    for (;;) {
      const prompts =
        one.place < end || one.place < stream.place
          ? await promptsAfter(hall.books.sql, merchant, one.place, page)
          : []
      tell(hall, one, prompts, hall.clock(), new Map())
      if (one.shut) return
      if (prompts.length < page && one.place >= stream.place) break
    }
    one.joined = true
    void pump(hall, merchant, stream)
  } catch {
    shut(hall, one, 'closing')
  }
}

async function look(hall: Hall, only?: string): Promise<void> {
  const all = [...hall.streams.values()].flatMap(({ lines }) => [...lines])
  const open = only ? all.filter(({ terminal }) => terminal.id === only) : all
  if (open.length === 0) return
  const found = await terminalsBy(hall.books.sql, {
    ids: [...new Set(open.map(one => one.terminal.id))],
  })
  const now = hall.clock()
  const known = new Map(found.map(terminal => [terminal.id, terminal]))
  for (const one of open) {
    const terminal = known.get(one.terminal.id)
    const why = terminal ? whyEnded(one.terminal, terminal, now) : 'revoked'
    if (why) shut(hall, one, why)
    else Object.assign(one, { terminal, sight: sightOf(terminal!) })
  }
}

type Views = Map<string, readonly TerminalPrompt[]>
const newStream = (): Stream => ({ lines: new Set(), place: undefined, ahead: 0n, reading: false })

async function endOf(books: Books, merchant: MerchantId): Promise<bigint> {
  const [row] = await books.sql<{ seq: bigint }>`
    select seq from notices.stream where merchant = ${merchant}`
  return row?.seq ?? 0n
}

const sightOf = ({
  permission,
  clock,
  ways,
  language,
  zone,
  speaks,
  mutedUntil,
}: Terminal): string =>
  JSON.stringify(
    [permission, clock, ways, language, zone, speaks, mutedUntil],
    (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
  )

/** Nobody knows how far: until nothing more comes. */
const farAhead = 2n ** 62n

function whyEnded(was: Terminal, is: Terminal, now: Date): Ended | undefined {
  if (is.state !== 'authorised') return is.state
  if (!isOn(is, now)) return 'expired'
  return was.person === is.person ? undefined : 'handed_over'
}
