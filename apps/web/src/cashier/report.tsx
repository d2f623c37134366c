/** A business day on one sheet, as it stands (X) or for good (Z); it prints as it is shown. */
import type { ZReportView } from '@bursar/contract'
import { useGatewayName } from '../app/gateways.ts'
import { Section } from '../app/look/page.tsx'
import { Sum } from '../app/look/sum.tsx'
import { Table } from '../app/look/table.tsx'
import { moment } from '../app/times.ts'
import { Counts } from './counts.tsx'
import { useShiftWords } from './shift-words.ts'

type Report = ZReportView['report']
type Total = { name: string; count: number; sum: Report['open']['sum'] }

export function Sheet({ report }: { report: Report }) {
  const say = useShiftWords()
  const named = useGatewayName()
  const { orders, checkouts, platforms, dockets, open } = report
  return (
    <>
      <p className="padded">
        <b>{say('day', { day: report.day })}</b>
      </p>
      <p className="fine">
        {say('span', { from: moment(report.startsAt), to: moment(report.endsAt) })}
      </p>
      <Section title={say('checkouts')}>
        <Totals
          rows={checkouts.map(({ ended, count, sum }) => ({
            ...{ name: say(`ended.${ended}`), count, sum },
          }))}
        />
        {checkouts.map(({ ended, tips, discounts }) => (
          <p key={ended} className="fine padded">
            {say(`ended.${ended}`)}: {say('tips')} <Sum of={tips} /> · {say('discounts')}{' '}
            <Sum of={discounts} />
          </p>
        ))}
      </Section>
      <Section title={say('platforms')}>
        <p className="fine padded">{say('platformsHint')}</p>
        <Totals
          rows={platforms.map(({ gateway, kind, count, sum }) => ({
            ...{ name: say(`paid.${kind}`, { name: named(gateway) }), count, sum },
          }))}
        />
      </Section>
      <Section title={say('orders')}>
        <Totals
          rows={orders.map(({ state, count, sum }) => ({
            ...{ name: say(`order.${state}`), count, sum },
          }))}
        />
      </Section>
      <Section title={say('openNow')}>
        <Totals rows={[{ name: say('openNow'), ...open }]} />
      </Section>
      <Section title={say('dockets')}>
        <Table
          rows={dockets}
          rowKey={row => row.kind}
          columns={[
            { title: say('kind'), cell: row => say(`docket.${row.kind}`) },
            { title: say('first'), cell: row => row.first },
            { title: say('last'), cell: row => row.last },
            { title: say('times'), cell: row => row.count, figure: true },
          ]}
        />
      </Section>
    </>
  )
}

function Totals({ rows }: { rows: readonly Total[] }) {
  const say = useShiftWords()
  if (rows.length === 0) return <p className="fine padded">{say('nothing')}</p>
  return (
    <Table
      rows={rows}
      rowKey={row => row.name}
      columns={[
        { title: say('kind'), cell: row => row.name },
        { title: say('times'), cell: row => row.count, figure: true, width: 90 },
        { title: say('sum'), cell: row => <Sum of={row.sum} bare />, figure: true, width: 140 },
      ]}
    />
  )
}

export function ShiftsOf({ shifts }: { shifts: ZReportView['shifts'] }) {
  const say = useShiftWords()
  return (
    <Section title={say('shiftsOf')}>
      {shifts.length === 0 ? <p className="fine padded">{say('nothing')}</p> : null}
      {shifts.map(shift => (
        <div key={shift.id}>
          <p className="padded">
            <b>
              {say('number', { number: shift.number })} · {shift.personName}
            </b>
          </p>
          <p className="fine">
            {shift.endedAt
              ? say('span', { from: moment(shift.openedAt), to: moment(shift.endedAt) })
              : moment(shift.openedAt)}
          </p>
          <Counts of={shift} />
        </div>
      ))}
    </Section>
  )
}
