/** How a counter is told. What is wrong is said at its field. */
import { listOutlets, putCounter, type CounterView, type Money } from '@bursar/contract'
import { Button, Select, Switch } from 'antd'
import { useId, useState } from 'react'
import { Failure } from '../app/call.ts'
import { newId } from '../app/ids.ts'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Form } from '../app/look/form.tsx'
import { OneOf } from '../app/look/one-of.tsx'
import { Notice, Section } from '../app/look/page.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange, useRead } from '../app/read.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'
import { Clock } from './permission-fields.tsx'
import { clockOf, isHalf, minuteOf } from './permission.ts'

type Shape = {
  merchant: `mer_${string}`
  of: CounterView | undefined
  close(): void
  done(): void
}
type Draft = {
  name: string
  outlet: string
  threshold: 'A' | 'B'
  patience: string
  lateSpoken: boolean
  from: string
  to: string
  open: boolean
  rehearse: number[]
}
const thresholds = ['A', 'B'] as const

const draftOf = (of: CounterView | undefined): Draft => ({
  ...{ name: of?.name ?? '', outlet: of?.outlet ?? '', threshold: of?.threshold ?? 'A' },
  ...{ patience: String(of?.patience ?? 60), lateSpoken: of?.lateSpoken ?? true },
  from: of?.quiet ? clockOf(of.quiet.from) : '',
  to: of?.quiet ? clockOf(of.quiet.to) : '',
  open: of?.open ?? true,
  rehearse: [...(of?.rehearse ?? [])],
})

function settingsOf(draft: Draft, large: Money | undefined) {
  const quiet = { from: minuteOf(draft.from), to: minuteOf(draft.to) }
  const { threshold, lateSpoken, open } = draft
  return {
    ...{ name: draft.name.trim(), threshold, lateSpoken, open },
    patience: Number(draft.patience),
    rehearse: draft.rehearse,
    ...(draft.outlet && { outlet: draft.outlet as `out_${string}` }),
    ...(large !== undefined && { large }),
    ...(quiet.from !== undefined &&
      quiet.to !== undefined && { quiet: { from: quiet.from, to: quiet.to } }),
  }
}

export function CounterForm({ merchant, of, close, done }: Shape) {
  const say = useDeskWords()
  const app = useAppWords()
  const [id] = useState(() => of?.id ?? newId('ctr'))
  const [draft, setDraft] = useState(() => draftOf(of))
  const large = useAmount(of?.large?.amount ?? '')
  const save = useChange(putCounter, done)
  const put = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const wrong = useProblems(save.error)
  const send = () =>
    save.mutate({
      params: { merchant, counter: id },
      body: settingsOf(draft, large.good),
    })
  const good = isPatience(draft.patience) && (draft.from === '') === (draft.to === '')
  return (
    <Section title={of ? `${say('change')} · ${of.name}` : say('newCounter')}>
      <Form className="form-narrow padded" send={send}>
        <TextField
          label={say('counterName')}
          required
          autoFocus
          maxLength={40}
          problem={wrong('name')}
          value={draft.name}
          change={name => put({ name })}
        />
        <Where merchant={merchant} draft={draft} put={put} />
        <Threshold draft={draft} put={put} />
        <Patience draft={draft} put={put} problem={wrong('patience')} />
        <Turn
          label={say('lateSpoken')}
          on={draft.lateSpoken}
          turn={on => put({ lateSpoken: on })}
        />
        <Amount
          label={say('large')}
          value={large.text}
          change={large.set}
          problem={wrong('large') ?? large.wrong}
        />
        <Quiet draft={draft} put={put} />
        <Rehearsals draft={draft} put={put} />
        <Turn label={say('open')} on={draft.open} turn={open => put({ open })} />
        <div className="acts-row">
          <Button
            type="primary"
            htmlType="submit"
            disabled={!draft.name.trim() || !good || Boolean(large.wrong)}
            loading={save.isPending}
          >
            {app('save')}
          </Button>
          <Button onClick={close}>{app('cancel')}</Button>
        </div>
        <Failed error={save.error} />
      </Form>
    </Section>
  )
}

/** What the server says of a field, at that field. */
function useProblems(error: Error | null) {
  const errors = error instanceof Failure ? error.problem?.errors : undefined
  return (field: string) => errors?.find(({ pointer }) => pointer.endsWith(`/${field}`))?.detail
}

type Part = { draft: Draft; put(part: Partial<Draft>): void }
function Where({ merchant, draft, put }: Part & { merchant: `mer_${string}` }) {
  const say = useDeskWords()
  const rows = useRead(listOutlets, { params: { merchant } }).data?.rows ?? []
  return (
    <OneOf
      label={say('outlet')}
      value={draft.outlet}
      change={outlet => put({ outlet })}
      options={[
        ['', say('anyOutlet')],
        ...rows.map(({ id, name }) => [id as string, name] as const),
      ]}
    />
  )
}

const isPatience = (text: string) => Number(text) >= 5 && Number(text) <= 86_400
function Patience({ draft, put, problem }: Part & { problem: string | undefined }) {
  const say = useDeskWords()
  const good = isPatience(draft.patience)
  return (
    <TextField
      label={say('patience')}
      hint={say('patienceHint')}
      inputMode="numeric"
      problem={problem ?? (good ? undefined : say('patienceHint'))}
      value={draft.patience}
      change={patience => put({ patience: patience.replaceAll(/\D/g, '') })}
    />
  )
}

function Quiet({ draft, put }: Part) {
  const say = useDeskWords()
  return (
    <>
      <p className="soft after-field">{say('quiet')}</p>
      <div className="two">
        <Clock
          label={say('quietFrom')}
          value={draft.from}
          half={isHalf(draft.from, draft.to)}
          change={from => put({ from })}
        />
        <Clock
          label={say('quietTo')}
          value={draft.to}
          half={isHalf(draft.to, draft.from)}
          change={to => put({ to })}
        />
      </div>
    </>
  )
}

const hours = Array.from({ length: 24 }, (_, hour) => hour)
function Rehearsals({ draft, put }: Part) {
  const say = useDeskWords()
  return (
    <Field label={say('rehearseAt')} hint={say('rehearseAtHint')}>
      {(id, by) => (
        <Select<number[]>
          id={id}
          aria-describedby={by}
          mode="multiple"
          style={{ width: '100%' }}
          value={draft.rehearse}
          onChange={rehearse => put({ rehearse: rehearse.toSorted((a, b) => a - b) })}
          options={hours.map(hour => ({ value: hour, label: say('hour', { hour }) }))}
        />
      )}
    </Field>
  )
}

/** B is the owner's own risk, and says so before it is saved. */
function Threshold({ draft, put }: Part) {
  const say = useDeskWords()
  return (
    <>
      <OneOf
        label={say('threshold')}
        value={draft.threshold}
        change={threshold => put({ threshold })}
        options={thresholds.map(one => [one, say(`threshold.${one}`)] as const)}
      />
      {draft.threshold === 'B' ? <Notice tone="bad">{say('thresholdWarning')}</Notice> : null}
    </>
  )
}

function Turn({ label, on, turn }: { label: string; on: boolean; turn(to: boolean): void }) {
  const id = useId()
  return (
    <label className="sound after-field" htmlFor={id}>
      <Switch id={id} checked={on} onChange={turn} />
      {label}
    </label>
  )
}
