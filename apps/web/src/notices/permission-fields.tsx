/** The editor of a permission, in plain words: what it sees, what it may, which sums, where, when, until when. */
import { listOutlets } from '@bursar/contract'
import { Input, Select } from 'antd'
import { Amount } from '../app/look/amount.tsx'
import { Field } from '../app/look/field.tsx'
import { Ticks } from '../app/look/ticks.tsx'
import { useRead } from '../app/read.ts'
import { typed } from '../app/sums.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'
import { actions, fields, flawsOf, type Draft } from './permission.ts'

type Shape = { merchant: `mer_${string}`; draft: Draft; change(to: Draft): void }

export function PermissionFields({ merchant, draft, change }: Shape) {
  const say = useDeskWords()
  const put = (part: Partial<Draft>) => change({ ...draft, ...part })
  const flaws = flawsOf(draft)
  return (
    <>
      <Ticks
        label={say('fields')}
        all={fields}
        ticked={draft.fields}
        word={one => say(`field.${one}`)}
        change={to => put({ fields: to })}
      />
      <Ticks
        label={say('actions')}
        all={actions}
        ticked={draft.actions}
        word={one => say(`action.${one}`)}
        change={to => put({ actions: to })}
      />
      <div className="two">
        <Limit label={say('sumFrom')} value={draft.from} change={from => put({ from })} />
        <Limit label={say('sumTo')} value={draft.to} change={to => put({ to })} />
      </div>
      <PlacesOf merchant={merchant} draft={draft} change={change} />
      <div className="two">
        <Clock
          label={say('hoursFrom')}
          value={draft.hoursFrom}
          half={flaws.hoursFrom}
          change={hoursFrom => put({ hoursFrom })}
        />
        <Clock
          label={say('hoursTo')}
          value={draft.hoursTo}
          half={flaws.hoursTo}
          change={hoursTo => put({ hoursTo })}
        />
      </div>
      <Field label={say('until')}>
        {id => (
          <Input
            id={id}
            type="datetime-local"
            value={draft.until}
            onChange={event => put({ until: event.target.value })}
          />
        )}
      </Field>
    </>
  )
}

type Line = { label: string; value: string; change(text: string): void }
function Limit({ label, value, change }: Line) {
  const app = useAppWords()
  const problem = value !== '' && !typed(value) ? app('amountWrong') : undefined
  return <Amount label={label} value={value} change={change} problem={problem} />
}

/** `half`: the other end is there, and this one is not. */
export function Clock({ label, value, half, change }: Line & { half: boolean }) {
  const say = useDeskWords()
  return (
    <Field label={label} problem={half ? say('hoursHalf') : undefined}>
      {(id, by) => (
        <Input
          id={id}
          type="time"
          aria-describedby={by}
          aria-invalid={half}
          value={value}
          onChange={event => change(event.target.value)}
        />
      )}
    </Field>
  )
}

/** An outlet that is taken out takes its tills with it. */
function PlacesOf({ merchant, draft, change }: Shape) {
  const say = useDeskWords()
  const rows = useRead(listOutlets, { params: { merchant } }).data?.rows ?? []
  const within = (outlets: Draft['outlets']) =>
    rows
      .filter(one => outlets.length === 0 || outlets.includes(one.id))
      .flatMap(one => one.tills.map(till => ({ ...till, outletName: one.name })))
  const tills = within(draft.outlets).filter(one => !one.closedAt || draft.tills.includes(one.id))
  return (
    <>
      {rows.length < 2 ? null : (
        <Several
          label={say('outlets')}
          all={say('everyOutlet')}
          value={draft.outlets}
          change={outlets => {
            const left = new Set(within(outlets).map(one => one.id))
            change({ ...draft, outlets, tills: draft.tills.filter(one => left.has(one)) })
          }}
          options={rows.map(one => ({ value: one.id, label: one.name }))}
        />
      )}
      {tills.length === 0 ? null : (
        <Several
          label={say('tills')}
          hint={say('tillsHint')}
          all={say('everyTill')}
          value={draft.tills}
          change={to => change({ ...draft, tills: to })}
          options={tills.map(one => ({ value: one.id, label: `${one.outletName} · ${one.name}` }))}
        />
      )}
    </>
  )
}

type Choosing<T extends string> = {
  label: string
  hint?: string
  all: string
  value: T[]
  change(to: T[]): void
  options: { value: T; label: string }[]
}
function Several<T extends string>({ label, hint, all, value, change, options }: Choosing<T>) {
  return (
    <Field label={label} hint={hint}>
      {(id, by) => (
        <Select
          id={id}
          aria-describedby={by}
          mode="multiple"
          style={{ width: '100%' }}
          placeholder={all}
          value={value}
          onChange={change}
          options={options}
        />
      )}
    </Field>
  )
}
