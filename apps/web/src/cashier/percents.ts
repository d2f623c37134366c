/** Shares and times of day, as people write them: whole basis points and minutes, no fractions of either. */

/** `10` and `6.25` are 1000 and 625. Undefined where it is none, or more than `most`: 30 %, unless told otherwise. */
export function bpsOf(text: string, most = 3000): number | undefined {
  const said = /^(\d{1,2})(?:\.(\d{1,2}))?$/.exec(text.trim())
  if (!said) return undefined
  const bps = Number(said[1]) * 100 + Number((said[2] ?? '').padEnd(2, '0'))
  return bps <= most ? bps : undefined
}

export function percentOf(bps: number): string {
  const [whole, rest] = [Math.floor(bps / 100), bps % 100]
  return rest === 0 ? `${whole}` : `${whole}.${`${rest}`.padStart(2, '0').replace(/0$/, '')}`
}

export const clockOf = (minute: number): string =>
  `${`${Math.floor(minute / 60)}`.padStart(2, '0')}:${`${minute % 60}`.padStart(2, '0')}`

export function minuteOf(text: string): number | undefined {
  const said = /^([01]\d|2[0-3]):([0-5]\d)/.exec(text)
  return said ? Number(said[1]) * 60 + Number(said[2]) : undefined
}
