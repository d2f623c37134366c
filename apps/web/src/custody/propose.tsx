/** The first hand: whose the money is, or that it goes back; with the reason that another will read. */
import { findPurses, proposeAssignment, proposeReturn } from '@bursar/contract'
import { Input, Radio, Select } from 'antd'
import { useState } from 'react'
import { WishNotice } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Form } from '../app/look/form.tsx'
import { Section } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { memory, useRead } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import type { Row } from './suspense-row.ts'
import { useSuspenseWords } from './suspense-words.ts'

type Purse = { purse: `pur_${string}`; personName?: string; merchantName: string }

export function Propose({ row }: { row: Row }) {
  const say = useSuspenseWords()
  const [kind, setKind] = useState<'assign' | 'return'>('assign')
  return (
    <Section title={say('decide')}>
      <div className="padded stack">
        <Radio.Group
          aria-label={say('kind')}
          optionType="button"
          value={kind}
          onChange={event => setKind(event.target.value === 'return' ? 'return' : 'assign')}
          options={(['assign', 'return'] as const).map(value => ({
            value,
            label: say(`kind.${value}`),
          }))}
        />
        {kind === 'assign' ? <Assign row={row} /> : <Return row={row} />}
      </div>
    </Section>
  )
}

function Assign({ row }: { row: Row }) {
  const say = useSuspenseWords()
  const [purse, setPurse] = useState<Purse | undefined>(row.order)
  const [reason, setReason] = useState('')
  const wish = useWish(proposeAssignment, `assign/${row.id}`, () => memory.invalidateQueries())
  const send = () => {
    if (!purse || !reason.trim()) return
    const body = { purse: purse.purse, reason: reason.trim() }
    void wish.send({ params: { suspense: row.id }, body })
  }
  return (
    <Form send={send}>
      <PurseField of={row} value={purse} change={setPurse} />
      <Reason value={reason} change={setReason} />
      <Send wish={wish} ready={Boolean(purse && reason.trim())}>
        {purse
          ? say('proposeAssign', {
              amount: spoken(row.amount),
              name: purse.personName ?? say('somebody'),
            })
          : say('decide')}
      </Send>
      <WishNotice wish={wish} />
    </Form>
  )
}

function Return({ row }: { row: Row }) {
  const say = useSuspenseWords()
  const [reason, setReason] = useState('')
  const wish = useWish(proposeReturn, `return/${row.id}`, () => memory.invalidateQueries())
  const send = () => {
    if (!reason.trim()) return
    void wish.send({ params: { suspense: row.id }, body: { reason: reason.trim() } })
  }
  return (
    <Form send={send}>
      <p className="fine">{say('returnText')}</p>
      <Reason value={reason} change={setReason} />
      <Send wish={wish} ready={Boolean(reason.trim())}>
        {say('proposeReturn', { amount: spoken(row.amount) })}
      </Send>
      <WishNotice wish={wish} />
    </Form>
  )
}

function Reason({ value, change }: { value: string; change(to: string): void }) {
  const say = useSuspenseWords()
  return (
    <Field label={say('why')} hint={say('whyHint')}>
      {(id, by) => (
        <Input.TextArea
          id={id}
          aria-describedby={by}
          rows={2}
          maxLength={300}
          value={value}
          onChange={event => change(event.target.value)}
        />
      )}
    </Field>
  )
}

type Choice = { of: Row; value: Purse | undefined; change(to: Purse | undefined): void }
/** Purses of the same pool are looked for as one types; the order's own purse is the first suggestion. */
function PurseField({ of, value, change }: Choice) {
  const say = useSuspenseWords()
  const [q, setQ] = useState('')
  const asked = { params: { suspense: of.id }, query: { q } }
  const found = useRead(findPurses, asked, { when: q.trim().length > 0, keep: true })
  const rows: readonly Purse[] = q.trim() ? (found.data?.rows ?? []) : []
  const known = value && !rows.some(one => one.purse === value.purse) ? [value, ...rows] : rows
  return (
    <Field label={say('purse')} hint={say('purseHint')}>
      {(id, by) => (
        <Select
          id={id}
          aria-describedby={by}
          style={{ width: '100%' }}
          showSearch={{ filterOption: false, onSearch: setQ }}
          value={value?.purse ?? null}
          onChange={to => change(known.find(one => one.purse === to))}
          notFoundContent={say(q.trim() && found.data ? 'noPurse' : 'purseHint')}
          options={known.map(one => ({
            value: one.purse,
            label: `${one.personName ?? say('somebody')} · ${one.merchantName}`,
          }))}
        />
      )}
    </Field>
  )
}
