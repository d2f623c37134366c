/**
 * What one terminal is told of a prompt: pure. Everything that leaves the house for a terminal comes out of here, and
 * what is not named here does not leave.
 */
import { within } from './hours.ts'
import type { Action, Field, Prompt, Terminal, TerminalPrompt, Way } from './words.ts'

export const isOn = ({ state, permission: { until } }: Terminal, now: Date): boolean =>
  state === 'authorised' && (until === null || now < until)

export const may = (terminal: Terminal, action: Action, now: Date): boolean =>
  isOn(terminal, now) && terminal.permission.actions.includes(action)

/** What of a notice decides who may see it. */
export type About = Pick<Prompt, 'amount' | 'outlet' | 'till' | 'told' | 'rehearsal'>

/**
 * Sums, outlets, tills, hours: those at which it was told. A rehearsal is no money: it is for whoever is told of large sums
 * alone, too, and rings at every till of its outlet; without one, everywhere.
 */
export function isFor(
  { permission, clock }: Terminal,
  { amount, outlet, till, told, rehearsal }: About,
): boolean {
  const { from, to, outlets, tills, hours } = permission
  if (outlets && (outlet === null ? !rehearsal : !outlets.includes(outlet))) return false
  if (!rehearsal && tills && (till === null || !tills.includes(till))) return false
  if (!rehearsal && from && (from.currency !== amount.currency || amount.minor < from.minor))
    return false
  if (!rehearsal && to && (to.currency !== amount.currency || amount.minor > to.minor)) return false
  return hours === null || within(hours, told, clock)
}

/** Undefined: not for this terminal. */
export function viewFor(terminal: Terminal, prompt: Prompt, now: Date): TerminalPrompt | undefined {
  if (prompt.seq <= terminal.since || !may(terminal, 'receive', now)) return undefined
  if (!isFor(terminal, prompt)) return undefined
  // A contradiction has two sums: who may not see one of them is told of neither.
  if (prompt.before && !isFor(terminal, { ...prompt, amount: prompt.before })) return undefined
  const { seq, notice, class: said, kind, told, late, rehearsal } = prompt
  return {
    ...{ seq, notice, class: said, kind, told, late, rehearsal },
    ...{ ways: waysOf(terminal, prompt, now), language: terminal.language },
    ...(prompt.soft && terminal.ways.includes('voice') && sounds(terminal, now) && { soft: true }),
    ...fieldsFor(terminal.permission.fields, prompt),
    ...(said === 'received' && { code: prompt.code }),
  }
}

export type Fields = Partial<
  Pick<TerminalPrompt, 'amount' | 'before' | 'large' | 'payer' | 'payee' | 'platform' | 'orders'> &
    Pick<TerminalPrompt, 'way' | 'at' | 'outlet' | 'till' | 'grade'>
>
type Shown = Omit<
  Prompt,
  | ('merchant' | 'seq' | 'notice' | 'class' | 'kind' | 'told' | 'late' | 'loud' | 'soft')
  | ('rehearsal' | 'code')
>

export function fieldsFor(fields: readonly Field[], prompt: Shown): Fields {
  const { amount, before, large, payer, payee, platform, orders, way, at, grade } = prompt
  const { outlet, till } = prompt
  const sees = (field: Field) => fields.includes(field)
  return {
    ...(sees('amount') && { amount, large, ...(before && { before }) }),
    ...(sees('payer') && payer !== null && { payer }),
    ...(sees('payee') && payee !== null && { payee }),
    ...(sees('platform') && { platform }),
    ...(sees('order') && { orders }),
    ...(sees('way') && way !== null && { way }),
    ...(sees('time') && { at }),
    ...(sees('outlet') && outlet !== null && { outlet }),
    ...(sees('outlet') && till !== null && { till }),
    ...(sees('grade') && { grade }),
  }
}

/** Not one that is muted, nor beside the one that speaks in the zone. */
const sounds = ({ zone, speaks, mutedUntil }: Terminal, now: Date): boolean =>
  (zone === null || speaks) && (mutedUntil === null || now >= mutedUntil)

/** No voice for what is not to be spoken. */
const waysOf = (terminal: Terminal, { loud }: Prompt, now: Date): readonly Way[] =>
  loud && sounds(terminal, now) ? terminal.ways : terminal.ways.filter(way => way !== 'voice')
