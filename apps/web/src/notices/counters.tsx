/** The counters: one per outlet, and how each is told. */
import { listCounters, type CounterView } from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Empty, Notice } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { useOwner } from '../cashier/seats.tsx'
import { CounterForm } from './counter-form.tsx'
import { useDeskWords } from './desk-words.ts'
import { Desk } from './frame.tsx'
import { clockOf } from './permission.ts'

export default function Counters() {
  const say = useDeskWords()
  const merchant = useParam('merchant')
  const owner = useOwner(merchant)
  const [editing, edit] = useState<CounterView | 'new'>()
  const [saved, setSaved] = useState(false)
  const read = useRead(listCounters, { params: { merchant } })
  const rows = read.data?.rows
  const open = (to: CounterView | 'new') => {
    setSaved(false)
    edit(to)
  }
  return (
    <Desk
      merchant={merchant}
      title={say('counters')}
      hint={say('countersHint')}
      acts={
        owner ? (
          <Button type="primary" onClick={() => open('new')}>
            {say('newCounter')}
          </Button>
        ) : null
      }
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {saved ? <Notice tone="good">{say('saved')}</Notice> : null}
      {editing ? (
        <CounterForm
          key={editing === 'new' ? 'new' : editing.id}
          merchant={merchant}
          of={editing === 'new' ? undefined : editing}
          close={() => edit(undefined)}
          done={() => {
            edit(undefined)
            setSaved(true)
          }}
        />
      ) : null}
      {rows?.length === 0 && !editing ? (
        <Empty
          act={owner ? <Button onClick={() => open('new')}>{say('newCounter')}</Button> : undefined}
        >
          {say('noCounters')}
        </Empty>
      ) : null}
      {rows ? (
        <ul className="rows">
          {rows.map(one => (
            <One key={one.id} of={one} {...(owner ? { change: () => open(one) } : {})} />
          ))}
        </ul>
      ) : read.error ? null : (
        <Bones rows={2} />
      )}
    </Desk>
  )
}

function One({ of, change }: { of: CounterView; change?: () => void }) {
  const say = useDeskWords()
  const { quiet, threshold, patience } = of
  const facts = [
    of.outletName ?? say('anyOutlet'),
    say(`threshold.${threshold}`),
    say('seconds', { count: patience }),
    quiet ? `${clockOf(quiet.from)}–${clockOf(quiet.to)}` : '',
  ]
  return (
    <li className="row">
      <span>
        <b>{of.name}</b>
        <span className="fine">{facts.filter(Boolean).join(' · ')}</span>
      </span>
      <span>
        <span className={`state ${of.open ? 'good' : 'idle'}`}>
          {say(of.open ? 'open' : 'closed')}
        </span>
        {change ? (
          <Button size="small" aria-label={`${say('change')} ${of.name}`} onClick={change}>
            {say('change')}
          </Button>
        ) : null}
      </span>
    </li>
  )
}
