/**
 * Prompts as server-sent events: a line to a terminal. Each event's id is its place in the merchant's stream, so a
 * browser that comes again says by itself what it had (`Last-Event-ID`), and misses nothing.
 *
 * A holder's oldest gives way to a twenty-first.
 */
import type { ServerResponse } from 'node:http'
import type { Ended, Lines, Terminal, TerminalPrompt } from '@bursar/notices'
import { beginEvents, hangUp, keepBeating, say } from '../eventStream.ts'
import { promptView } from './views.ts'

export type Streams = Readonly<{
  open(terminal: Terminal, after: bigint, to: ServerResponse): void
  stop(): void
}>

const streamsMost = 20

type Open = Readonly<{ to: ServerResponse; end(why?: Ended): void }>

export function openStreams(lines: Lines): Streams {
  const holders = new Map<string, Open[]>()
  const all = new Set<ServerResponse>()
  const texts = new WeakMap<readonly TerminalPrompt[], Buffer>()

  /** Terminals that are told alike are told by the same bytes, which are made once. */
  function bytesOf(prompts: readonly TerminalPrompt[], place: bigint): Buffer {
    const known = texts.get(prompts)
    if (known !== undefined) return known
    const events = prompts.map(
      one => `event: prompt\nid: ${one.seq}\ndata: ${JSON.stringify(promptView(one))}\n\n`,
    )
    if (prompts.at(-1)?.seq !== place)
      events.push(`event: place\nid: ${place}\ndata: {"seq":"${place}"}\n\n`)
    const bytes = Buffer.from(events.join(''))
    texts.set(prompts, bytes)
    return bytes
  }

  function makeRoom(holder: string): Open[] {
    const open = holders.get(holder) ?? []
    if (open.length >= streamsMost) open[0]!.end('too_many')
    const now = holders.get(holder) ?? []
    holders.set(holder, now)
    return now
  }

  return {
    open(terminal, after, to) {
      const stopTime = beginEvents(to, () => end())
      const holder = terminal.person ?? terminal.id
      const theirs = makeRoom(holder)
      const end = (why?: Ended) => {
        if (why) say(to, `event: ended\ndata: ${JSON.stringify({ why })}\n\n`)
        if (to.writableEnded || to.destroyed) return
        hangUp(to)
        forget()
      }
      const close = lines.open(terminal, after, {
        tell: (prompts, place) => say(to, bytesOf(prompts, place)),
        end,
      })
      const one: Open = { to, end }
      theirs.push(one)
      all.add(to)
      const forget = () => {
        stopTime()
        close()
        all.delete(to)
        const left = (holders.get(holder) ?? []).filter(each => each !== one)
        if (left.length) holders.set(holder, left)
        else holders.delete(holder)
      }
      to.once('close', forget)
    },
    stop: keepBeating(() => all),
  }
}
