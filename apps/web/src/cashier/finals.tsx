/** The way to the X report, and the days that are final; one that has ended is made final here. */
import { listZReports, makeZReport } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Form } from '../app/look/form.tsx'
import { Section } from '../app/look/page.tsx'
import { useChange, useRead } from '../app/read.ts'
import { day as dayOf } from '../app/times.ts'
import { useShiftWords } from './shift-words.ts'

const aDay = 24 * 3600_000
type At = { merchant: `mer_${string}`; outlet: `out_${string}` }

export function Finals({ merchant, outlet }: At) {
  const say = useShiftWords()
  const params = { merchant, outlet }
  const rows = useRead(listZReports, { params, query: { limit: 10 } }).data?.rows
  const make = useChange(makeZReport)
  const [day, setDay] = useState(() => dayOf(new Date(Date.now() - aDay).toISOString()))
  return (
    <Section
      title={say('finals')}
      aside={
        <Link to="/cashier/merchants/$merchant/shifts/x-report" params={{ merchant }}>
          {say('xReport')}
        </Link>
      }
    >
      <Form className="form-narrow padded" send={() => make.mutate({ params, body: { day } })}>
        <Field label={say('dayLabel')} hint={say('finalsHint')}>
          {(id, by) => (
            <Input
              id={id}
              aria-describedby={by}
              type="date"
              value={day}
              onChange={event => setDay(event.target.value)}
            />
          )}
        </Field>
        <Button htmlType="submit" disabled={!day} loading={make.isPending}>
          {say('makeFinal', { day })}
        </Button>
        <Failed error={make.error} />
      </Form>
      {rows?.length === 0 ? <p className="fine padded">{say('noFinals')}</p> : null}
      <ul className="rows">
        {rows?.map(({ number, day: on, madeByName }) => (
          <li key={number}>
            <Link
              className="row"
              to="/cashier/merchants/$merchant/shifts/z-reports/$outlet/$number"
              params={{ merchant, outlet, number: String(number) }}
            >
              <span>
                <b>{say('zTitle', { number })}</b>
                <span className="fine">{madeByName}</span>
              </span>
              <span>{on}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}
