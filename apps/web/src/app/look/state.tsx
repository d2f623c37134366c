/** A state is one word and one colour, the same on every page. This is the only table of them. */
import type { Tone } from '../tokens.ts'
import { useWords } from '../words.ts'
import type zh from '../words.zh.ts'

type StateKey = Extract<keyof typeof zh, `state.${string}`>
type Word = StateKey extends `state.${infer W}` ? W : never

const tones: Record<Word, Tone> = {
  created: 'wait',
  waiting: 'wait',
  credited: 'good',
  closed: 'idle',
  suspense: 'wait',
  done: 'good',
  declined: 'bad',
  expired: 'idle',
  refunded: 'idle',
  partRefunded: 'idle',
  failed: 'bad',
  sent: 'wait',
  unknown: 'wait',
  submitted: 'wait',
  approved: 'wait',
  paying: 'wait',
  paid: 'good',
  rejected: 'bad',
  bounced: 'bad',
  withdrawn: 'idle',
  applicant: 'wait',
  active: 'good',
  suspended: 'bad',
  unclaimed: 'wait',
  proposed: 'wait',
  assigned: 'good',
  returning: 'wait',
  returned: 'idle',
  stuck: 'bad',
  delivered: 'good',
  live: 'good',
  disabled: 'bad',
  placed: 'wait',
  accepted: 'wait',
  refused: 'bad',
  cancelled: 'idle',
  open: 'wait',
  merged: 'idle',
  running: 'good',
  paused: 'wait',
  stopped: 'idle',
}

const isWord = (state: string): state is Word => state in tones

export function State({ is }: { is: string | undefined }) {
  const say = useWords()
  if (!is) return null
  if (!isWord(is)) return <span className="state idle">{is}</span>
  return <span className={`state ${tones[is]}`}>{say(`state.${is}`)}</span>
}
