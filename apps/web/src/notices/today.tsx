/** Today's list beside the last receipt: what was received, what is unverified, what went; and what was filtered, greyed. */
import { listEvidence, type ReplyOf, type TerminalView } from '@bursar/contract'
import { useState } from 'react'
import { useMe } from '../app/faces.ts'
import { Bones, Sum } from '../app/look/sum.tsx'
import { useRead } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { day, exact, time } from '../app/times.ts'
import { Mark } from './mark.tsx'
import { platformName } from './platforms.ts'
import { signed, type Line } from './rows.ts'
import { useWords } from './words.ts'

type Evidence = ReplyOf<typeof listEvidence>['rows'][number]
type Shape = {
  terminal: TerminalView
  rows: readonly Line[] | undefined
  looks: boolean
  current?: string | undefined
  /** What can be done with one line, on a phone. */
  act?(line: Line): React.ReactNode
}

export function Today({ terminal, rows, looks, current, act }: Shape) {
  const say = useWords()
  const filtered = useFiltered(terminal)
  const [open, setOpen] = useState(false)
  return (
    <section className="counter-list" aria-label={say('list')}>
      <header>
        <h2>{say('list')}</h2>
        {filtered.length > 0 ? (
          <button
            type="button"
            className="plain-button soft"
            aria-expanded={open}
            onClick={event => {
              event.currentTarget.blur()
              setOpen(!open)
            }}
          >
            {open ? say('filteredHide') : say('filteredShow', { count: filtered.length })}
          </button>
        ) : null}
      </header>
      {looks ? null : <p className="fine padded">{say('listNot')}</p>}
      {rows ? null : <Bones rows={4} />}
      {rows?.length === 0 && looks ? <p className="fine padded">{say('listEmpty')}</p> : null}
      <ol>
        {rows?.map(line => (
          <li key={line.notice} aria-current={line.notice === current ? 'true' : undefined}>
            <One line={line}>{act?.(line)}</One>
            {open
              ? filtered
                  .filter(({ notice }) => notice === line.notice)
                  .map(one => <Filtered key={one.id} of={one} />)
              : null}
          </li>
        ))}
      </ol>
    </section>
  )
}

function One({ line, children }: { line: Line; children: React.ReactNode }) {
  const say = useWords()
  const facts = [
    line.at ? time(line.at) : undefined,
    line.platform && !line.rehearsal ? platformName(line.platform) : undefined,
    line.payer,
    line.late ? say('late') : undefined,
    line.weak ? say('weak') : undefined,
    line.rehearsal ? say('rehearsal') : undefined,
    line.code ? `${say('code')} ${line.code}` : undefined,
  ]
  const sum = signed(line)
  return (
    <>
      <div className={line.kind === 'payment' ? 'counter-line' : 'counter-line went'}>
        <Mark of={line} />
        {sum ? (
          <Sum of={sum} className="row-figure" />
        ) : (
          <span className="fine">{say('hidden')}</span>
        )}
        <span className="fine">{facts.filter(Boolean).join(' · ')}</span>
      </div>
      {children}
    </>
  )
}

/** Greyed by a lighter ink and a dashed edge, never by faintness: it can be read. */
function Filtered({ of }: { of: Evidence }) {
  const say = useWords()
  return (
    <p className="counter-filtered">
      {say('filtered')} · {say(`grade.${of.grade}`)} · {exact(of.heardAt)}
      {of.amount ? ` · ${spoken(of.amount)}` : ''}
      <br />
      {say('filteredWhy')}
    </p>
  )
}

/** Who has a seat at the shop finds what was filtered; a sub without one does not. */
function useFiltered({ merchant }: TerminalView): readonly Evidence[] {
  const { me } = useMe()
  const seated = me?.seats.some(seat => seat.organisation === merchant) ?? false
  const query = { outcome: 'filtered', from: day(new Date().toISOString()), limit: 200 } as const
  const ask = { params: { merchant }, query }
  return useRead(listEvidence, ask, { when: seated, every: 60_000, keep: true }).data?.rows ?? []
}
