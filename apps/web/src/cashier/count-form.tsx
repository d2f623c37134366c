/** The blind count: a sum for each means, nothing shown beside it; then the shift is closed, or offered to a colleague. */
import {
  closeShift,
  handOverShift,
  listStaff,
  listWallets,
  type Money,
  type ShiftView,
} from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { Amount } from '../app/look/amount.tsx'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { OneOf } from '../app/look/one-of.tsx'
import { Section } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange, useRead } from '../app/read.ts'
import { typed } from '../app/sums.ts'
import { useMeans } from './counts.tsx'
import { useShiftWords } from './shift-words.ts'

type Shape = { merchant: `mer_${string}`; shift: ShiftView }

export function CountForm({ merchant, shift }: Shape) {
  const say = useShiftWords()
  const named = useMeans()
  const read = useRead(listWallets, {})
  const means = read.data && ['balance', ...read.data.rows.map(({ gateway }) => gateway)]
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({})
  const [tried, setTried] = useState(false)
  const [note, setNote] = useState('')
  const [to, setTo] = useState('')
  const [close, hand] = [useChange(closeShift), useChange(handOverShift)]
  const staff = useStaff(merchant, shift.person)
  const counts = (means ?? []).flatMap(one => {
    const amount = sumOf(texts[one] ?? '')
    return amount ? [{ means: one, amount }] : []
  })
  const send = () => {
    setTried(true)
    if (!means || counts.length < means.length) return
    const body = { counts, ...(note.trim() && { note: note.trim() }) }
    const params = { merchant, shift: shift.id }
    if (to) hand.mutate({ params, body: { ...body, to: to as `per_${string}` } })
    else close.mutate({ params, body })
  }
  const wrong = (text: string) => (tried || text !== '') && !sumOf(text)
  const receiver = staff.find(one => one.person === to)
  return (
    <Section title={say('count')}>
      <Form className="form-narrow padded" send={send}>
        <p className="fine after-field">{say('countHint')}</p>
        <Failed error={read.error} again={() => void read.refetch()} />
        {means || read.error ? null : <Bones rows={3} />}
        {means?.map(one => (
          <Amount
            key={one}
            label={named(one)}
            value={texts[one] ?? ''}
            problem={wrong(texts[one] ?? '') ? say('countWrong') : undefined}
            change={text => setTexts({ ...texts, [one]: text })}
          />
        ))}
        <TextField label={say('note')} maxLength={200} value={note} change={setNote} />
        <Receiver of={staff} value={to} change={setTo} />
        <Button
          type="primary"
          size="large"
          block
          htmlType="submit"
          disabled={!means}
          loading={close.isPending || hand.isPending}
        >
          {receiver ? say('handOver', { name: receiver.name }) : say('close')}
        </Button>
        <Failed error={close.error ?? hand.error} />
      </Form>
    </Section>
  )
}

type Choice = { of: ReturnType<typeof useStaff>; value: string; change(to: string): void }
function Receiver({ of, value, change }: Choice) {
  const say = useShiftWords()
  return (
    <OneOf<string>
      {...{ value, change, label: say('to'), hint: say('toHint') }}
      options={[['', say('nobodyElse')], ...of.map(one => [one.person, one.name] as const)]}
    />
  )
}

/** Nothing was taken: that is a count too. */
function sumOf(text: string): Money | undefined {
  return /^0(\.0{1,2})?$/.test(text) ? { amount: '0.00', currency: 'CNY' } : typed(text, 'CNY')
}

function useStaff(merchant: `mer_${string}`, but: string) {
  const rows = useRead(listStaff, { params: { merchant } }).data?.rows ?? []
  return rows.filter(({ person }) => person !== but)
}
