/** What the outside fulfils: who reads the texts of phones, and who carries prompts to an output. */
import type { Attributes, TerminalPrompt } from './words.ts'

/** What a phone showed: the text of a notification, or of an SMS. */
export type Shown = Readonly<{
  source: 'phone' | 'sms'
  /** A package's name, or the number that sent the SMS. */
  app: string | null
  title: string | null
  text: string
  /** When the phone showed it. */
  at: Date
}>
/** Reads the attributes out of a text; undefined where it is no notice of money, or cannot be read. */
export type Texts = (shown: Shown) => Attributes | undefined

/** Why a line to a terminal was ended. */
export type Ended = 'suspended' | 'revoked' | 'expired' | 'handed_over' | 'too_many' | 'closing'

/**
 * A line to one terminal: an open stream, a device at the broker. Whoever has one opens it at the lines (lines.ts), which
 * tell it what it may see, in order, without a gap from the place that it named, and end it when it may hear no more.
 */
export type Line = Readonly<{
  /**
   * Prompts for it, oldest first; none, where nothing up to `place` is for it. It may be told again what it had, after
   * it came back: outputs filter by (notice, class). False: it does not take what it is sent, and is let go.
   */
  tell(prompts: readonly TerminalPrompt[], place: bigint): boolean
  end(why: Ended): void
}>
