/** The bank's own steps are one word to a reader: being paid. */
import type { ResidueView } from '@bursar/contract'

type Known = ResidueView['state']

export const stateWord = (state: Known): string =>
  ({ sending: 'paying', accepted: 'paying', closing: 'paying', unbooked: 'paying' })[
    state as 'sending'
  ] ?? state
