/** What a list keeps in the URL, so that a filtered page can be sent, kept and gone back to. */
export type ListSearch = Partial<
  Record<
    | 'q'
    | 'state'
    | 'reason'
    | 'pool'
    | 'trade'
    | 'initiator'
    | 'kind'
    | 'gateway'
    | 'from'
    | 'to'
    | 'cursor'
    | 'account'
    | 'next'
    | 'code'
    | 'auth_code'
    | 'paper'
    | 'outlet'
    | 'place'
    | 'grade'
    | 'platform'
    | 'outcome'
    | 'source'
    | 'terminal'
    | 'till'
    | 'counter'
    | 'why'
    | 'contradicted'
    | 'weak'
    | 'late'
    | 'rehearsal'
    | 'needs',
    string
  >
>
const names = [
  'q',
  'state',
  'reason',
  'pool',
  'trade',
  'initiator',
  'kind',
  'gateway',
  'from',
  'to',
  'cursor',
  'account',
  'next',
  'code',
  'auth_code',
  'paper',
  'outlet',
  'place',
  'grade',
  'platform',
  'outcome',
  'source',
  'terminal',
  'till',
  'counter',
  'why',
  'contradicted',
  'weak',
  'late',
  'rehearsal',
  'needs',
] as const

/** Keeps the fields that lists know, as words; anything else in the URL is left out. */
export function listSearch(raw: Record<string, unknown>): ListSearch {
  const kept: ListSearch = {}
  for (const name of names) {
    const value = raw[name]
    if (typeof value === 'string' && value) kept[name] = value
    if (typeof value === 'number' || typeof value === 'boolean') kept[name] = String(value)
  }
  return kept
}
