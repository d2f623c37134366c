/** A prompt as it is heard: only what was received is spoken, and only what the terminal may see. */
import { Refusal } from '@bursar/kernel'
import type { Refused, TerminalPrompt } from '@bursar/notices'
import { spoken } from '@bursar/notices/voice'

export function soundOf(prompt: TerminalPrompt | undefined): Buffer {
  if (prompt?.class !== 'received') throw new Refusal<Refused>('nothing_to_hear')
  try {
    return spoken(prompt, prompt.language)
  } catch (error) {
    // A sum that nobody can say: a tone is better than another sum.
    if (error instanceof RangeError) throw new Refusal<Refused>('nothing_to_hear')
    throw error
  }
}
