/** Figures. The digits line up because the unit has one width beside them; the minus is a minus. */
import type { Money } from '@bursar/contract'
import { digits, unit } from '../sums.ts'
import { useLanguage } from '../i18n.ts'

type Shape = { of: Money | undefined; plus?: boolean; bare?: boolean; className?: string }

/** `bare` leaves the unit out, where a column's head says it. `plus` marks what came in. */
export function Sum({ of, plus, bare, className }: Shape) {
  useLanguage()
  if (!of)
    return (
      <span className={`sum ${className ?? ''}`}>
        <Bone width="5em" />
      </span>
    )
  const incoming = plus && /[1-9]/.test(of.amount) && !of.amount.startsWith('-')
  return (
    <span className={`sum ${className ?? ''}`}>
      {incoming ? '+' : ''}
      {digits(of.amount)}
      {bare ? null : <small>{unit(of.currency)}</small>}
    </span>
  )
}

export function Figure({ of, great }: { of: Money | undefined; great?: boolean }) {
  return (
    <p className={great ? 'figure great' : 'figure'}>
      <Sum of={of} />
    </p>
  )
}

/** Stands for words that are on their way. */
export const Bone = ({ width = '8em' }: { width?: string }) => (
  <span className="bone" style={{ width }} aria-hidden="true" />
)

export function Bones({ rows = 4 }: { rows?: number }) {
  return (
    <ul className="rows" aria-busy="true">
      {Array.from({ length: rows }, (_, row) => (
        <li key={row} className="row">
          <span>
            <Bone width={`${7 + ((row * 3) % 5)}em`} />
          </span>
          <span>
            <Bone width="4.5em" />
          </span>
        </li>
      ))}
    </ul>
  )
}
