/** When an outlet's business day ends, and what comes on top of an order: for tabs that are opened from now on. */
import { listOutletSettings, setOutlet, type ReplyOf } from '@bursar/contract'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Form } from '../app/look/form.tsx'
import { Empty, Page, Section } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'
import { bpsOf, clockOf, minuteOf, percentOf } from './percents.ts'
import { useOwner } from './seats.tsx'

type Outlet = ReplyOf<typeof listOutletSettings>['rows'][number]

export default function Outlets() {
  const say = useDeskWords()
  const merchant = useParam('merchant')
  const owner = useOwner(merchant)
  const read = useRead(listOutletSettings, { params: { merchant } })
  const rows = read.data?.rows
  return (
    <Page
      title={say('outlets')}
      hint={say('outletsHint')}
      back={{ to: `/cashier/merchants/${merchant}/seats`, label: say('seats') }}
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {rows ? null : <Bones rows={4} />}
      {rows?.length === 0 ? <Empty>{say('noOutlet')}</Empty> : null}
      {rows?.map(one => (
        <Settings key={one.outlet} merchant={merchant} outlet={one} owner={owner} />
      ))}
    </Page>
  )
}

type Shape = { merchant: `mer_${string}`; outlet: Outlet; owner: boolean }

function Settings({ merchant, outlet, owner }: Shape) {
  const say = useDeskWords()
  const app = useAppWords()
  const [cutOff, setCutOff] = useState(clockOf(outlet.cutOff))
  const [service, setService] = useState(percentOf(outlet.serviceBps))
  const [tax, setTax] = useState(percentOf(outlet.taxBps))
  const put = useChange(setOutlet)
  const body = { cutOff: minuteOf(cutOff), serviceBps: bpsOf(service), taxBps: bpsOf(tax) }
  const { cutOff: minute, serviceBps, taxBps } = body
  const good = minute !== undefined && serviceBps !== undefined && taxBps !== undefined
  const send = () =>
    good &&
    put.mutate({
      params: { merchant, outlet: outlet.outlet },
      body: { cutOff: minute, serviceBps, taxBps },
    })
  return (
    <Section title={outlet.name}>
      <Form className="form-narrow padded" send={send}>
        <Field
          label={say('cutOff')}
          hint={say('cutOffHint')}
          problem={minute === undefined ? app('required') : undefined}
        >
          {(id, by) => (
            <Input
              id={id}
              aria-describedby={by}
              aria-invalid={minute === undefined}
              status={minute === undefined ? 'error' : ''}
              type="time"
              required
              disabled={!owner}
              value={cutOff}
              onChange={event => setCutOff(event.target.value)}
            />
          )}
        </Field>
        <Percent label={say('serviceCharge')} value={service} change={setService} owner={owner} />
        <Percent label={say('tax')} value={tax} change={setTax} owner={owner} />
        {owner ? (
          <Button type="primary" htmlType="submit" disabled={!good} loading={put.isPending}>
            {app('save')}
          </Button>
        ) : (
          <p className="fine">{say('ownerSets')}</p>
        )}
        <p className="fine" role="status">
          {put.isSuccess ? say('saved') : '\u00a0'}
        </p>
        <Failed error={put.error} />
      </Form>
    </Section>
  )
}

type PercentShape = { label: string; value: string; change(to: string): void; owner: boolean }

function Percent({ label, value, change, owner }: PercentShape) {
  const say = useDeskWords()
  return (
    <TextField
      label={label}
      hint={say('percentHint')}
      problem={bpsOf(value) === undefined ? say('percentWrong') : undefined}
      inputMode="decimal"
      suffix="%"
      required
      disabled={!owner}
      value={value}
      change={change}
    />
  )
}
