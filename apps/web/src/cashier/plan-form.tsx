/** What time costs: by steps of minutes, by a package, or by the night. Its id is made once, so that saving twice is one plan. */
import { putPlan } from '@bursar/contract'
import { Button, Segmented, Switch } from 'antd'
import { useState } from 'react'
import { newId } from '../app/ids.ts'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange } from '../app/read.ts'
import { minor } from '../app/sums.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'
import { clockOf, minuteOf } from './percents.ts'
import type { Plan } from './sold.ts'
import { TimeField } from './time-field.tsx'

const kinds = ['steps', 'package', 'night'] as const
type Kind = (typeof kinds)[number]
type Shape = { merchant: `mer_${string}`; plan?: Plan; done(): void }

const kindOf = (plan: Plan | undefined): Kind =>
  plan?.night ? 'night' : plan && minor(plan.base) > 0n ? 'package' : 'steps'

export function PlanForm({ merchant, plan, done }: Shape) {
  const say = useDeskWords()
  const app = useAppWords()
  const [id] = useState(() => plan?.id ?? newId('pln'))
  const [name, setName] = useState(plan?.name ?? '')
  const [kind, setKind] = useState<Kind>(() => kindOf(plan))
  const [pausable, setPausable] = useState(plan?.pausable ?? false)
  const [offered, setOffered] = useState(plan?.offered ?? true)
  const base = useBase(kind, plan)
  const step = useAmount(plan?.step.amount)
  const each = useMinutes(1440, plan?.stepMinutes ?? 15)
  const put = useChange(putPlan, done)
  const ready = Boolean(name.trim() && base.good && step.good && each.good)
  const send = () => {
    if (!name.trim() || !base.good || !step.good || !each.good) return
    const body = { name: name.trim(), ...base.good, pausable, offered }
    put.mutate({
      params: { merchant, plan: id },
      body: { ...body, step: step.good, stepMinutes: each.good },
    })
  }
  return (
    <Form className="form-narrow padded" send={send}>
      <TextField
        label={say('planName')}
        hint={say('planNameHint')}
        autoFocus
        maxLength={40}
        value={name}
        change={setName}
      />
      <Kinds kind={kind} choose={setKind} />
      {base.field}
      <div className="pair-of-fields">
        <Amount
          label={say(kind === 'steps' ? 'stepPrice' : 'thenPrice')}
          value={step.text}
          change={step.set}
          problem={step.wrong}
        />
        <TextField label={say('stepMinutes')} inputMode="numeric" {...each.props} />
      </div>
      <div className="order-acts after-field">
        <Choice label={say('pausable')} on={pausable} turn={setPausable} />
        <Choice label={say('planOffered')} on={offered} turn={setOffered} />
      </div>
      <div className="acts-row">
        <Button type="primary" htmlType="submit" disabled={!ready} loading={put.isPending}>
          {app('save')}
        </Button>
        <Button onClick={done}>{app('cancel')}</Button>
      </div>
      <p className="fine">{say('planHint')}</p>
      <Failed error={put.error} />
    </Form>
  )
}

function Kinds({ kind, choose }: { kind: Kind; choose(to: Kind): void }) {
  const say = useDeskWords()
  return (
    <Segmented<Kind>
      className="after-field"
      aria-label={say('planKind')}
      value={kind}
      onChange={choose}
      options={kinds.map(value => ({ value, label: say(`plan.${value}`) }))}
    />
  )
}

const Choice = ({ label, on, turn }: { label: string; on: boolean; turn(to: boolean): void }) => (
  <label className="sound">
    <Switch checked={on} onChange={turn} /> {label}
  </label>
)

/** Whole minutes, one at least. */
function useMinutes(most: number, begin: number | undefined) {
  const say = useDeskWords()
  const [value, change] = useState(begin ? String(begin) : '')
  const count = /^\d{1,5}$/.test(value.trim()) ? Number(value) : 0
  const good = count >= 1 && count <= most ? count : undefined
  const problem = value !== '' && !good ? say('minutesWrong', { most }) : undefined
  return { good, props: { value, change, problem, maxLength: 5 } }
}

const nothing = { amount: '0.00', currency: 'CNY' }

/** What is paid at the start, and what it covers: nothing, so many minutes, or the night. */
function useBase(kind: Kind, plan: Plan | undefined) {
  const say = useDeskWords()
  const app = useAppWords()
  const price = useAmount(plan && minor(plan.base) > 0n ? plan.base.amount : '')
  const lasts = useMinutes(10_080, plan?.baseMinutes)
  const [from, setFrom] = useState(plan?.night ? clockOf(plan.night.from) : '22:00')
  const [to, setTo] = useState(plan?.night ? clockOf(plan.night.to) : '08:00')
  const [starts, ends] = [minuteOf(from), minuteOf(to)]
  const sum = (
    <Amount label={say('basePrice')} value={price.text} change={price.set} problem={price.wrong} />
  )
  if (kind === 'steps') return { good: { base: nothing, baseMinutes: 0 }, field: null }
  if (kind === 'package')
    return {
      good: price.good && lasts.good && { base: price.good, baseMinutes: lasts.good },
      field: (
        <div className="pair-of-fields">
          {sum}
          <TextField label={say('baseMinutes')} inputMode="numeric" {...lasts.props} />
        </div>
      ),
    }
  const hours = starts !== undefined && ends !== undefined && starts !== ends
  return {
    good: price.good &&
      hours && { base: price.good, baseMinutes: 0, night: { from: starts, to: ends } },
    field: (
      <>
        {sum}
        <div className="pair-of-fields">
          <TimeField
            label={say('nightFrom')}
            problem={starts === undefined ? app('required') : undefined}
            value={from}
            change={setFrom}
          />
          <TimeField
            label={say('nightTo')}
            problem={
              ends === undefined ? app('required') : starts === ends ? say('sameHour') : undefined
            }
            value={to}
            change={setTo}
          />
        </div>
      </>
    ),
  }
}
