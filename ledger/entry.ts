/** The rows that a decision makes, and the accounts as they leave them. */
import type { Asked, Held, Overlay, Row } from './overlay.ts'

export const kinds = [
  'post',
  'pend',
  'settle',
  'void',
  'expire',
  'open',
  'limit',
  'freeze',
  'close',
  'memo',
  'bar',
  'lift',
  'lapse',
] as const
const codes = Object.fromEntries(kinds.map((kind, i) => [kind, i + 1])) as Record<
  (typeof kinds)[number],
  number
>
/** Field by field, as everything here that is made for every entry: a spread took a tenth of a decision. */
export const rowOf = (seq: bigint, draft: Asked, has: Partial<Row> = {}): Row => ({
  seq,
  id: draft.id,
  code: codes[draft.kind],
  event: draft.event,
  subject: draft.subject ?? null,
  ref: has.ref ?? null,
  minor: has.minor ?? null,
  pend: has.pend ?? null,
  pended: has.pended ?? null,
  expiresAt: has.expiresAt ?? null,
  debit: has.debit ?? null,
  credit: has.credit ?? null,
  was: has.was ?? null,
})

export function change(
  on: Overlay,
  held: Held,
  seq: bigint,
  posted: bigint,
  out: bigint,
  coming: bigint,
): Held {
  const { number, ref, last, nth, floor, ceiling, state } = held
  const next = {
    number,
    ref,
    last: seq,
    before: last,
    nth: nth + 1n,
    posted,
    out,
    in: coming,
    floor,
    ceiling,
    state,
  }
  on.heldNow.set(ref, next)
  return next
}

type Terms = Partial<Pick<Held, 'floor' | 'ceiling' | 'state'>>

export function reform(on: Overlay, held: Held, seq: bigint, terms: Terms): Held {
  const next = {
    ...change(on, held, seq, held.posted, held.out, held.in),
    ...terms,
  }
  on.heldNow.set(held.ref, next)
  return next
}
