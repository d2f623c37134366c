/**
 * How a prompt is heard: the browser's own voice where it has one of the language, else the server's recording, else
 * tones. A browser is silent until somebody has tapped; `unlock` is called by that tap.
 */
import type { Language } from '../app/language.ts'
import type { Mood } from './manner.ts'

export type Heard = 'speech' | 'recording' | 'tone'

let context: AudioContext | undefined
const notes: Readonly<Record<Mood, readonly (readonly [at: number, pitch: number])[]>> = {
  good: [
    [0, 659],
    [0.16, 880],
  ],
  soft: [[0, 523]],
  // Downwards: money that goes is heard as such before a word is understood.
  back: [
    [0, 659],
    [0.2, 440],
  ],
  alarm: [
    [0, 880],
    [0.22, 622],
    [0.44, 880],
    [0.66, 622],
  ],
}

export function tone(mood: Mood): Promise<void> {
  context ??= new AudioContext()
  const { currentTime, destination } = context
  const loudest = mood === 'soft' ? 0.08 : 0.2
  for (const [at, pitch] of notes[mood]) {
    const [note, loud] = [context.createOscillator(), context.createGain()]
    note.frequency.value = pitch
    loud.gain.setValueAtTime(0, currentTime + at)
    loud.gain.linearRampToValueAtTime(loudest, currentTime + at + 0.02)
    loud.gain.exponentialRampToValueAtTime(0.001, currentTime + at + 0.4)
    note.connect(loud).connect(destination)
    note.start(currentTime + at)
    note.stop(currentTime + at + 0.45)
  }
  void context.resume()
  return new Promise(done => setTimeout(done, 450 + 1000 * (notes[mood].at(-1)?.[0] ?? 0)))
}

/** By a tap: from then on the browser lets us be heard. */
export function unlock(): void {
  void tone('good')
  if (hasSpeech()) speechSynthesis.getVoices()
}

const hasSpeech = () => typeof speechSynthesis !== 'undefined'
const voiceOf = (language: Language) =>
  hasSpeech()
    ? speechSynthesis.getVoices().find(one => one.lang.startsWith(language.slice(0, 2)))
    : undefined

/** Which way this browser has, as far as one can know before it is tried. */
export const voiceHere = (language: Language): Heard => (voiceOf(language) ? 'speech' : 'recording')

type Saying = Readonly<{ text: string; language: Language; recording?: string; mood: Mood }>

/** Ends when it has been heard. It never fails: what cannot be spoken is at least a tone. */
export async function say({ text, language, recording, mood }: Saying): Promise<Heard> {
  if (await speak(text, language, mood === 'back')) return 'speech'
  if (recording && (await play(recording))) return 'recording'
  await tone(mood)
  return 'tone'
}

/** Some browsers never tell that they have ended: nobody is waited for longer than 12 s. */
function speak(text: string, language: Language, lower: boolean): Promise<boolean> {
  const voice = voiceOf(language)
  if (!voice) return Promise.resolve(false)
  return new Promise(end => {
    const words = new SpeechSynthesisUtterance(text)
    Object.assign(words, { voice, lang: voice.lang, pitch: lower ? 0.6 : 1 })
    words.addEventListener('end', () => end(true))
    words.addEventListener('error', () => end(false))
    setTimeout(() => end(true), 12_000)
    speechSynthesis.speak(words)
  })
}

/** Through what the tap has unlocked: an element of its own would need a tap of its own. */
async function play(url: string): Promise<boolean> {
  try {
    context ??= new AudioContext()
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) })
    if (!answer.ok) return false
    const source = context.createBufferSource()
    source.buffer = await context.decodeAudioData(await answer.arrayBuffer())
    source.connect(context.destination)
    void context.resume()
    await new Promise<void>(done => {
      source.addEventListener('ended', () => done())
      setTimeout(done, 12_000)
      source.start()
    })
    return true
  } catch {
    return false
  }
}
