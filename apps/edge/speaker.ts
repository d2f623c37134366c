/**
 * What a box at the counter does with prompts: the first of each counts, one after the other is told, and what is
 * spoken is what `ways` allows. A prompt that cannot be spoken is still shown; nothing is dropped in silence.
 *
 * Whether it is late is decided where it comes out, when its turn has come: it may have waited for a line that was
 * broken, or behind others at a slow output. Older than half a minute it is spoken as late, older than ten it is shown.
 */
import { fromWire, type WireMoney } from '@bursar/money'
import { firstWins, promptKey } from '@bursar/notices/first'
import { sentence, type Said } from '@bursar/notices/speech'
import { signal, spoken } from '@bursar/notices/voice'

/** A prompt on the wire, as far as a box looks at it: PromptView of contract/. */
export type Prompt = Readonly<{
  seq: string
  notice: string
  class: 'seen' | 'received' | 'contradicted' | 'checked'
  kind: Said['kind']
  /** When the house told it: what waited on the way, or here, is late whatever `late` says. */
  told: string
  late: boolean
  rehearsal: boolean
  ways: readonly string[]
  soft?: boolean
  large?: boolean
  language: 'zh-CN' | 'en'
  amount?: WireMoney
  platform?: string
  code?: string
}>
/** Where it goes: one prompt after the other, each output at its own pace, so that a slow one holds up no other. */
export type Output = (told: Told) => Promise<void>
export type Told = Readonly<{
  prompt: Prompt
  /** What is shown. */
  text: string
  /** What is spoken; none where this box is to be silent. */
  sound?: Buffer
  /** What is heard where nothing is spoken: that something is unverified, or that two sums were told. */
  tone?: Buffer
}>
export type Announcer = Readonly<{
  /** Ends when the prompt has been told, or at once where it was known. */
  hear(prompt: Prompt): Promise<void>
  filtered(): number
  /** Keys that it knows, to be kept over a restart. */
  known(): readonly string[]
}>

type Failed = (error: unknown, prompt: Prompt) => void

export function announcer(
  outputs: readonly Output[],
  failed: Failed,
  known: readonly string[] = [],
  now: () => Date = () => new Date(),
): Announcer {
  const first = firstWins(known)
  const keys = [...known]
  const lasts = outputs.map(() => Promise.resolve())
  const tell = (prompt: Prompt) => {
    const all = outputs.map((output, no) => {
      const done = lasts[no]!.then(() => output(toldOf(prompt, now(), failed)))
      return (lasts[no] = done.catch((error: unknown) => failed(error, prompt)))
    })
    return Promise.all(all).then(() => undefined)
  }
  return {
    hear(prompt) {
      const key = promptKey(prompt)
      if (!first.isFirst(key)) return Promise.resolve()
      keys.push(key)
      if (keys.length > 1_000) keys.shift()
      return tell(prompt)
    },
    filtered: first.filtered,
    known: () => keys,
  }
}

const marks = {
  'zh-CN': {
    seen: '待核实：',
    contradicted: '金额不符！',
    checked: '已核对：',
    rehearsal: '演练：',
    large: '大额：',
  },
  en: {
    seen: 'unverified: ',
    contradicted: 'sums differ! ',
    checked: 'checked: ',
    rehearsal: 'rehearsal: ',
    large: 'large: ',
  },
} as const

/** Beside the half minute that a maker's cloud is given, no more than the minute that a counter has patience. */
const [lateAfter, shownAfter] = [30_000, 600_000]

function toldOf(prompt: Prompt, now: Date, failed: Failed): Told {
  const { platform, code, kind, language, ways, rehearsal, large = false } = prompt
  const mark = marks[language]
  const state = prompt.class === 'received' ? '' : mark[prompt.class]
  const before = `${rehearsal ? mark.rehearsal : ''}${state}${large ? mark.large : ''}`
  const amount = prompt.amount && fromWire(prompt.amount)
  const age = now.getTime() - Date.parse(prompt.told)
  const said: Said = { kind, platform, amount, late: prompt.late || age > lateAfter, code }
  try {
    const text = before + sentence(said, language)
    // Only what is received is spoken as received: a phone's word alone is shown.
    const isSpoken = ways.includes('voice') && prompt.class === 'received' && age <= shownAfter
    const tone = age <= shownAfter ? toneOf(prompt) : undefined
    if (!isSpoken) return { prompt, text, ...(tone && { tone }) }
    return { prompt, text, sound: spoken({ ...said, rehearsal }, language) }
  } catch (error) {
    failed(error, prompt)
    const { amount: sum, currency } = prompt.amount ?? { amount: '', currency: '' }
    return { prompt, text: `${before}${kind} ${platform ?? ''} ${sum} ${currency}` }
  }
}

function toneOf({ class: told, ways, soft = false }: Prompt): Buffer | undefined {
  if (told === 'seen' && soft) return signal('soft')
  if (told === 'contradicted' && (soft || ways.includes('voice'))) return signal('alarm')
  return undefined
}
