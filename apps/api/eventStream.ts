/**
 * Server-sent events, as every line of ours has them: let in for five minutes, so that whoever lost the seat loses the
 * line and a browser comes again by itself; a beat every fifteen seconds; and one that does not read what it was sent
 * is let go.
 */
import type { ServerResponse } from 'node:http'

const beatEvery = 15_000
const letInFor = 5 * 60_000

/** Answers what stops the time that it is let in for; `over` ends it. */
export function beginEvents(to: ServerResponse, over: () => void): () => void {
  to.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  to.write(': \n\n')
  const end = setTimeout(over, letInFor)
  return () => clearTimeout(end)
}

/** Nothing, to one whose time is over. Answers whether it is still there. */
export function say(to: ServerResponse, said: string | Buffer): boolean {
  if (to.writableNeedDrain) to.destroy()
  else if (!to.writableEnded) to.write(said)
  return !to.destroyed && !to.writableEnded
}

export const hangUp = (to: ServerResponse): void =>
  void (to.writableNeedDrain ? to.destroy() : to.end())

/** Until it is stopped, which hangs up on all of them. */
export function keepBeating(all: () => Iterable<ServerResponse>): () => void {
  const beat = setInterval(() => {
    for (const to of all()) say(to, ': \n\n')
  }, beatEvery)
  beat.unref()
  return () => {
    clearInterval(beat)
    for (const to of all()) to.end()
  }
}
