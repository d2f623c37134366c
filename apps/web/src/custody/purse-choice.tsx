/** From which purse one pays at a merchant: its own, or the one that is good everywhere. */
import { listPurses, type ReplyOf } from '@bursar/contract'
import { useState } from 'react'
import { useRead } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { useWords } from './words.ts'

type Purse = ReplyOf<typeof listPurses>['rows'][number]

/** The chosen one, `usual` where nobody has chosen, else the merchant's own. */
export function usePursesAt(
  merchant: `mer_${string}` | undefined,
  usual?: (rows: readonly Purse[]) => Purse | undefined,
) {
  const [chosen, choose] = useState<string>()
  const ask = { query: { at: merchant ?? 'mer_' } } as const
  const read = useRead(listPurses, ask, { every: 5000, when: merchant !== undefined })
  const rows = read.data?.rows ?? []
  const purse = rows.find(({ id }) => id === chosen) ?? usual?.(rows) ?? rows[0]
  return { read, rows, purse, choose }
}

type Shape = {
  rows: readonly Purse[]
  purse: Purse | undefined
  choose(id: string): void
  busy?: boolean
}
export function PurseChoice({ rows, purse, choose, busy = false }: Shape) {
  const say = useWords()
  if (rows.length < 2) return null
  return (
    <>
      <p className="fine">{say('payFrom')}</p>
      <div className="choices">
        {rows.map(({ id, merchantName, available }) => (
          <button
            key={id}
            type="button"
            className="choice"
            disabled={busy}
            aria-pressed={id === purse?.id}
            onClick={() => choose(id)}
          >
            {merchantName}
            <span className="fine">{spoken(available)}</span>
          </button>
        ))}
      </div>
    </>
  )
}
