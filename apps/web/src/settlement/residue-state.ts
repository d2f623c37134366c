/** The bank's own steps are one word to a reader: being paid. */
import type { ResidueView } from '@bursar/contract'

type Known = ResidueView['state']

export const stateWord = (state: Known): string =>
  ({ sending: 'paying', accepted: 'paying', closing: 'paying', unbooked: 'paying' })[
    state as 'sending'
  ] ?? state

/** Where it stands, for who reviews it: what has ended says its state and its history, and the guest’s own words are the guest’s. */
export const deskStep = (state: Known) =>
  state === 'closing' || state === 'returning'
    ? (`desk.${state}` as const)
    : state === 'submitted' || state === 'sending' || state === 'accepted' || state === 'unbooked'
      ? (`is.${state}` as const)
      : undefined
