/**
 * Prompts as server-sent events: a line to a terminal. Each event's id is its place in the merchant's stream, so a
 * browser that comes again says by itself what it had (`Last-Event-ID`), and misses nothing.
 *
 * A stream is let in for five minutes and comes again, so that whoever lost the session loses the stream. One that does
 * not read what it is sent is let go; a holder's oldest gives way to a twenty-first.
 */
import type { ServerResponse } from 'node:http'
import type { Ended, Lines, Terminal, TerminalPrompt } from '@bursar/notices'
import { promptView } from './views.ts'

export type Streams = Readonly<{
  open(terminal: Terminal, after: bigint, to: ServerResponse): void
  stop(): void
}>

const beatEvery = 15_000
const letInFor = 5 * 60_000
const streamsMost = 20

type Open = Readonly<{ to: ServerResponse; end(why?: Ended): void }>

export function openStreams(lines: Lines): Streams {
  const holders = new Map<string, Open[]>()
  const all = new Set<ServerResponse>()
  const textOf = openTexts()

  const beat = setInterval(() => {
    for (const to of all)
      if (to.writableNeedDrain) to.destroy()
      else if (!to.writableEnded) to.write(': \n\n')
  }, beatEvery)
  beat.unref()

  return {
    open(terminal, after, to) {
      to.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      to.write(': \n\n')
      const holder = terminal.person ?? terminal.id
      const theirs = makeRoom(holders, holder)
      const end = (why?: Ended) => {
        if (to.writableEnded || to.destroyed) return
        if (to.writableNeedDrain) return void to.destroy()
        if (why) to.write(`event: ended\ndata: ${JSON.stringify({ why })}\n\n`)
        to.end()
        forget()
      }
      const close = lines.open(terminal, after, {
        tell(prompts, place) {
          if (to.destroyed || to.writableEnded) return false
          if (to.writableNeedDrain) to.destroy()
          else to.write(textOf(prompts, place))
          return !to.destroyed
        },
        end,
      })
      const over = setTimeout(() => end(), letInFor)
      const one: Open = { to, end }
      theirs.push(one)
      all.add(to)
      const forget = () => {
        clearTimeout(over)
        close()
        all.delete(to)
        const left = (holders.get(holder) ?? []).filter(each => each !== one)
        if (left.length) holders.set(holder, left)
        else holders.delete(holder)
      }
      to.once('close', forget)
    },
    stop() {
      clearInterval(beat)
      for (const to of all) to.end()
    },
  }
}

/** Terminals that are told alike are told by the same text. */
function openTexts(): (prompts: readonly TerminalPrompt[], place: bigint) => string {
  const texts = new WeakMap<readonly TerminalPrompt[], string>()
  return (prompts, place) => {
    const known = texts.get(prompts)
    if (known !== undefined) return known
    const events = prompts.map(
      one => `event: prompt\nid: ${one.seq}\ndata: ${JSON.stringify(promptView(one))}\n\n`,
    )
    if (prompts.at(-1)?.seq !== place)
      events.push(`event: place\nid: ${place}\ndata: {"seq":"${place}"}\n\n`)
    const text = events.join('')
    texts.set(prompts, text)
    return text
  }
}

function makeRoom(holders: Map<string, Open[]>, holder: string): Open[] {
  const open = holders.get(holder) ?? []
  if (open.length >= streamsMost) open[0]!.end('too_many')
  const now = holders.get(holder) ?? []
  holders.set(holder, now)
  return now
}
