/**
 * What of a merchant's own spends somebody with a seat at the counter may read: no more than their terminal tells them. Where
 * nobody's terminal is limited, nobody is. Where one is, whoever holds none reads only what they charged themselves: else it
 * would be enough to lay the terminal aside.
 */
import type { Books, MerchantId, OutletId, PersonId, TillId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { personsTerminals } from './terminals.ts'
import { isOn } from './view.ts'
import type { Action, Field, Hours, Terminal } from './words.ts'

export type Sight = Readonly<{
  outlets: readonly OutletId[] | null
  tills: readonly TillId[] | null
  from: Money | null
  to: Money | null
  hours: Hours | null
  /** The zone of time that the hours are in. */
  clock: string
  /** All spends, and their sum: nothing is limited, and the day's totals are allowed. */
  whole: boolean
}>
/** A line of that list shows all of these: a terminal that is not told one of them admits no line. */
const shown: readonly Field[] = ['amount', 'payer', 'order', 'way', 'time', 'outlet']
const needed: readonly Action[] = ['receive', 'look_up']

/** Undefined: all of it. */
export async function sightsOf(
  books: Books,
  { merchant, person, now }: Readonly<{ merchant: MerchantId; person: PersonId; now: Date }>,
): Promise<readonly Sight[] | undefined> {
  const held = await personsTerminals(books, merchant, person)
  if (!held.some(isLimited)) return undefined
  return held
    .filter(one => one.person === person && isOn(one, now) && showsLines(one))
    .map(({ permission, clock }) => {
      const { outlets, tills, from, to, hours, actions } = permission
      const bounds = { outlets, tills, from, to, hours }
      const isBound = Object.values(bounds).some(bound => bound !== null)
      return { ...bounds, clock, whole: !isBound && actions.includes('totals') }
    })
}

const showsLines = ({ permission: { fields, actions } }: Terminal): boolean =>
  shown.every(field => fields.includes(field)) && needed.every(one => actions.includes(one))

function isLimited(terminal: Terminal): boolean {
  const { outlets, tills, from, to, hours, actions } = terminal.permission
  if (!showsLines(terminal) || !actions.includes('totals')) return true
  return [outlets, tills, from, to, hours].some(bound => bound !== null)
}
