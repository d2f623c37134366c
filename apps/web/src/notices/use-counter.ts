/** A counter's whole life on one screen: the line, the heartbeat, the queue, and what is told aloud. */
import {
  hearPrompt,
  lookUpToday,
  readTotals,
  replayLast,
  watchPrompts,
  type PromptView,
  type TerminalView,
} from '@bursar/contract'
import { useEffect, useEffectEvent, useReducer, useRef, useState } from 'react'
import { call, urlOf } from '../app/call.ts'
import { readAgain } from '../app/read.ts'
import { beat, type Silent } from './beat.ts'
import { mannerOf } from './manner.ts'
import { openLine, type Line, type LineState } from './line.ts'
import { pulseOf } from './pulse.ts'
import { empty, moved, type Board } from './queue.ts'
import { sentenceOf } from './sentence.ts'
import { openTold } from './told.ts'
import { say, tone } from './voice.ts'

/** What is older than this when it comes here was missed: it is shown as late, never told as new. */
const patience = 60_000
/** The least time that a receipt stands alone, so that somebody can read it. */
const stand = 1500

export function useCounter(terminal: TerminalView, sound: boolean) {
  const [board, act] = useReducer(moved, empty)
  const [line, setLine] = useState<LineState>(() => ({ is: 'opening', since: Date.now() }))
  const [silent, setSilent] = useState<readonly Silent[]>([])
  const hear = useEffectEvent((prompt: PromptView, ahead: number) => {
    const late = Date.now() + ahead - new Date(prompt.told).getTime() > patience
    act({ do: 'hear', prompt, late })
    void readAgain(lookUpToday, readTotals)
  })
  const { id } = terminal
  useEffect(() => attend(id, { hear, state: setLine, silent: setSilent }), [id])
  useEffect(() => {
    const ask = call(replayLast, { params: { terminal: id } })
    void ask.then(
      ({ prompt }) => prompt && act({ do: 'show', prompt }),
      () => undefined,
    )
  }, [id])
  useTelling(board, terminal, sound, () => act({ do: 'next' }))
  useAlarms(board, sound)
  return { board, act, line, silent }
}

type Hears = {
  hear(prompt: PromptView, ahead: number): void
  state(to: LineState): void
  silent(who: readonly Silent[]): void
}

/** Opens the line once the server's clock is known, and looks after it: asleep, offline, behind. */
function attend(id: TerminalView['id'], { hear, state, silent }: Hears): () => void {
  const told = openTold(id)
  let [line, ahead, gone, last]: [Line | undefined, number, boolean, number] = [
    undefined,
    0,
    false,
    Date.now(),
  ]
  const { beat: pulse, look } = pulseOf(
    () => line,
    () => told.place(),
  )
  let soon: ReturnType<typeof setTimeout> | undefined
  const here = async () => {
    const now = await beat(id, told.place())
    if (gone) return
    pulse(now?.seq)
    if (!now) return
    ahead = now.ahead
    silent(now.silent)
  }
  const seen = () => document.visibilityState === 'visible' && look()
  const prompt = (one: PromptView) => {
    hear(one, ahead)
    clearTimeout(soon)
    soon = setTimeout(() => void here(), 500)
  }
  const url = (after: string | undefined) =>
    urlOf(watchPrompts, { params: { terminal: id }, query: after === undefined ? {} : { after } })
  void here().then(() => {
    if (!gone) line = openLine({ url, told, prompt, state })
  })
  const beats = setInterval(() => void here(), 30_000)
  // A machine that slept wakes with a clock that has jumped.
  const naps = setInterval(() => {
    if (Date.now() - last > 20_000) look()
    last = Date.now()
  }, 5000)
  for (const net of ['online', 'offline']) addEventListener(net, look)
  document.addEventListener('visibilitychange', seen)
  return () => {
    gone = true
    line?.close()
    for (const timer of [beats, naps]) clearInterval(timer)
    clearTimeout(soon)
    for (const net of ['online', 'offline']) removeEventListener(net, look)
    document.removeEventListener('visibilitychange', seen)
  }
}

/** One after another: the next is shown when the last has been heard. */
function useTelling(board: Board, terminal: TerminalView, sound: boolean, next: () => void): void {
  const [busy, setBusy] = useState(false)
  const { shown, times, queue } = board
  const goOn = useEffectEvent(next)
  useEffect(() => {
    if (!busy && queue.length > 0) goOn()
  }, [busy, queue.length])
  const tellIt = useEffectEvent(async () => {
    if (!shown) return
    setBusy(true)
    const rest = new Promise(done => setTimeout(done, stand))
    await tell(shown, terminal.id, sound)
    await rest
    setBusy(false)
  })
  const what = shown && times > 0 ? `${shown.seq}/${times}` : ''
  useEffect(() => {
    if (what) void tellIt()
  }, [what])
}

async function tell(
  prompt: PromptView,
  terminal: TerminalView['id'],
  sound: boolean,
): Promise<void> {
  const { language } = prompt
  const { shakes, tone: mood, speaks } = mannerOf(prompt)
  if (shakes) navigator.vibrate?.([...shakes])
  if (!sound || !mood) return
  if (!speaks) return await tone(mood)
  const recording = urlOf(hearPrompt, { params: { terminal, seq: prompt.seq } })
  await say({ text: sentenceOf(prompt), language, recording, mood })
}

/** An alarm is heard when it comes, and again every 20 s until somebody has looked; its sums are spoken where they are proved. */
function useAlarms(board: Board, sound: boolean): void {
  const alarm = board.alarms[0]
  const told = useRef(new Set<string>())
  const first = useEffectEvent(async (prompt: PromptView) => {
    const { shakes, tone: mood, speaks } = mannerOf(prompt)
    if (shakes) navigator.vibrate?.([...shakes])
    if (!sound || !mood) return
    await tone(mood)
    if (!speaks || told.current.has(prompt.seq)) return
    told.current.add(prompt.seq)
    await say({ text: sentenceOf(prompt), language: prompt.language, mood: 'alarm' })
  })
  useEffect(() => {
    if (!alarm) return
    void first(alarm)
    const again = setInterval(() => void first(alarm), 20_000)
    return () => clearInterval(again)
  }, [alarm])
}
