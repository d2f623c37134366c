/** Today's list beside the last receipt: what was received, what is unverified, what went; and what was filtered, greyed. */
import { useState } from 'react'
import { Bones, Sum } from '../app/look/sum.tsx'
import { spoken } from '../app/sums.ts'
import { exact, time } from '../app/times.ts'
import { Mark } from './mark.tsx'
import { platformName } from './platforms.ts'
import { signed, type Line } from './rows.ts'
import { useWords } from './words.ts'

type Shape = {
  rows: readonly Line[] | undefined
  looks: boolean
  current?: string | undefined
  /** What can be done with one line, on a phone. */
  act?(line: Line): React.ReactNode
}

export function Today({ rows, looks, current, act }: Shape) {
  const say = useWords()
  const filtered = rows?.reduce((sum, line) => sum + line.filtered.length, 0) ?? 0
  const [open, setOpen] = useState(false)
  return (
    <section className="counter-list" aria-label={say('list')}>
      <header>
        <h2>{say('list')}</h2>
        {filtered > 0 ? (
          <button
            type="button"
            className="plain-button soft"
            aria-expanded={open}
            onClick={event => {
              event.currentTarget.blur()
              setOpen(!open)
            }}
          >
            {open ? say('filteredHide') : say('filteredShow', { count: filtered })}
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
            {open ? line.filtered.map((one, no) => <Filtered key={no} of={one} />) : null}
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
function Filtered({ of }: { of: Line['filtered'][number] }) {
  const say = useWords()
  const facts = [
    say('filtered'),
    of.grade && say(`grade.${of.grade}`),
    of.heardAt && exact(of.heardAt),
    of.amount && spoken(of.amount),
  ]
  return (
    <p className="counter-filtered">
      {facts.filter(Boolean).join(' · ')}
      <br />
      {say('filteredWhy')}
    </p>
  )
}
