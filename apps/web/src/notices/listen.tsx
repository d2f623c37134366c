/**
 * The microphone's word: was this voice ours, for this receipt, now? It listens for a quarter of a minute, compares the tones
 * with the code of the receipt that is shown, and keeps nothing. A recording has another receipt's tones.
 */
import type { PromptView } from '@bursar/contract'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { Notice } from '../app/look/page.tsx'
import { codeOf } from './sentence.ts'
import { codeIn } from './tones.ts'
import { useWords } from './words.ts'

type State = Readonly<{ is: 'idle' | 'listening' | 'silent' | 'refused' } | { heard: string }>
const [every, most] = [120, 15_000]

export function Listen({ shown }: { shown: PromptView | undefined }) {
  const say = useWords()
  const [state, setState] = useState<State>({ is: 'idle' })
  const stop = useRef(() => undefined as void)
  useEffect(() => () => stop.current(), [])
  if (!navigator.mediaDevices) return null
  const listen = () => {
    stop.current()
    setState({ is: 'listening' })
    stop.current = listening(
      heard => setState(heard === undefined ? { is: 'silent' } : { heard }),
      () => setState({ is: 'refused' }),
    )
  }
  const is = 'is' in state ? state.is : undefined
  return (
    <div className="stack">
      <Button loading={is === 'listening'} onClick={listen}>
        {say('listen')}
      </Button>
      <p className="fine">{say('listenHint')}</p>
      <Word of={state} code={shown && codeOf(shown)} />
    </div>
  )
}

function Word({ of, code }: { of: State; code: string | undefined }) {
  const say = useWords()
  if ('heard' in of)
    return of.heard === code ? (
      <Notice tone="good">{say('listenTrue', { code: of.heard })}</Notice>
    ) : (
      <Notice tone="bad">{say('listenFalse', { heard: of.heard, code: code ?? '—' })}</Notice>
    )
  if (of.is === 'idle') return null
  if (of.is === 'listening') return <Notice>{say('listening')}</Notice>
  return <Notice tone="wait">{say(of.is === 'silent' ? 'listenSilent' : 'listenRefused')}</Notice>
}

/** Until it has heard a code, or its time is over; the microphone is let go. */
function listening(done: (heard: string | undefined) => void, refused: () => void): () => void {
  let [gone, stream, context, timer]: [
    boolean,
    MediaStream | undefined,
    AudioContext | undefined,
    ReturnType<typeof setInterval> | undefined,
  ] = [false, undefined, undefined, undefined]
  const leave = () => {
    gone = true
    clearInterval(timer)
    for (const track of stream?.getTracks() ?? []) track.stop()
    if (context?.state !== 'closed') void context?.close()
  }
  const begin = async () => {
    const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
    stream = await navigator.mediaDevices.getUserMedia({ audio: plain })
    if (gone) return leave()
    context = new AudioContext()
    await context.resume()
    const ear = context.createAnalyser()
    ear.fftSize = 32_768
    context.createMediaStreamSource(stream).connect(ear)
    const samples = new Float32Array(ear.fftSize)
    const began = Date.now()
    const { sampleRate } = context
    timer = setInterval(() => {
      ear.getFloatTimeDomainData(samples)
      const heard = codeIn(samples, sampleRate)
      if (heard === undefined && Date.now() - began < most) return
      leave()
      done(heard)
    }, every)
  }
  begin().catch(() => {
    leave()
    refused()
  })
  return leave
}
