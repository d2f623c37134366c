/** Whether a terminal is told: one word, one colour. */
import type { TerminalView } from '@bursar/contract'
import { useWords } from './words.ts'

const tones = { authorised: 'good', suspended: 'wait', revoked: 'idle' } as const
export function Authorisation({ of }: { of: TerminalView['state'] }) {
  const say = useWords()
  return <span className={`state ${tones[of]}`}>{say(`terminalState.${of}`)}</span>
}
