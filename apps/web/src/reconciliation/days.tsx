/** The platforms' days: what each bill has beside the books, and whether anything of it waits. */
import { listBillDays, takeBillAgain, type ReplyOf } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useFace, useMe } from '../app/faces.ts'
import { useGatewayName } from '../app/gateways.ts'
import { Failed } from '../app/look/failed.tsx'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useChange } from '../app/read.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { Fees } from './fees.tsx'
import { useWords } from './words.ts'

type Row = ReplyOf<typeof listBillDays>['rows'][number]
const states = ['waiting', 'read', 'differs', 'closed'] as const
const tones = { waiting: 'wait', read: 'wait', differs: 'bad', closed: 'good' } as const

export default function Days() {
  const say = useWords()
  const named = useGatewayName()
  const app = useAppWords()
  const role = useFace(useMe().me)?.role
  return (
    <Page
      desk
      title={say('days')}
      hint={say('daysHint')}
      acts={<Link to="/reconciliation/breaks">{say('toBreaks')}</Link>}
    >
      <Listing
        route={listBillDays}
        ask={{ query: {} }}
        file={say('daysFile')}
        every={15_000}
        filters={[
          {
            name: 'state',
            label: say('state'),
            options: states.map(state => [state, say(`day.${state}`)] as const),
          },
          { name: 'from', label: app('from'), day: true },
          { name: 'to', label: app('to'), day: true },
        ]}
        rowKey={(row: Row) => `${row.day}/${row.gateway}`}
        narrow={row => [
          <>
            <b>{row.day}</b>
            <span className="fine">{named(row.gateway)}</span>
            {row.waiting > 0 ? <Waiting of={row} /> : null}
          </>,
          <>
            <Sum of={row.there.paid} className="row-figure" />
            <DayState of={row} />
          </>,
        ]}
        columns={columns(say, named, role === 'reviewer')}
        empty={<Empty>{say('daysNone')}</Empty>}
      />
      <Fees admin={role === 'admin'} />
    </Page>
  )
}

const columns = (
  say: ReturnType<typeof useWords>,
  named: ReturnType<typeof useGatewayName>,
  reviews: boolean,
) => [
  { title: say('day'), cell: (row: Row) => row.day, width: 110 },
  { title: say('platform'), cell: (row: Row) => named(row.gateway) },
  { title: say('state'), cell: (row: Row) => <DayState of={row} />, width: 120 },
  {
    title: say('paidThere'),
    cell: (row: Row) => <Side sum={row.there.paid} count={row.there.payments} />,
    figure: true,
  },
  {
    title: say('paidHere'),
    cell: (row: Row) => <Side sum={row.here.paid} count={row.here.payments} />,
    figure: true,
  },
  {
    title: say('refundedThere'),
    cell: (row: Row) => <Side sum={row.there.refunded} count={row.there.refunds} />,
    figure: true,
  },
  {
    title: say('refundedHere'),
    cell: (row: Row) => <Side sum={row.here.refunded} count={row.here.refunds} />,
    figure: true,
  },
  { title: say('fee'), cell: (row: Row) => <Sum of={row.there.fee} bare />, figure: true },
  { title: say('matched'), cell: (row: Row) => row.matched, figure: true },
  { title: say('waiting'), cell: (row: Row) => <Waiting of={row} />, figure: true },
  ...(reviews ? [{ title: '', cell: (row: Row) => <Again of={row} /> }] : []),
]

function Side({ sum, count }: { sum: Row['there']['paid']; count: number }) {
  const say = useWords()
  return (
    <>
      <Sum of={sum} bare />
      <br />
      <span className="fine">{say('times', { count })}</span>
    </>
  )
}

function DayState({ of }: { of: Row }) {
  const say = useWords()
  return (
    <>
      <span className={`state ${tones[of.state]}`}>{say(`day.${of.state}`)}</span>
      {of.problem ? <span className="fine"> {say(`problem.${of.problem}`)}</span> : null}
      {of.asked ? <span className="fine"> {say('asked')}</span> : null}
    </>
  )
}

function Waiting({ of }: { of: Row }) {
  const say = useWords()
  if (of.waiting === 0) return null
  return (
    <Link
      to="/reconciliation/breaks"
      search={{ state: 'waiting', gateway: of.gateway, from: of.day, to: of.day }}
    >
      {say('waitingCount', { count: of.waiting })}
    </Link>
  )
}

function Again({ of }: { of: Row }) {
  const say = useWords()
  const named = useGatewayName()
  const ask = useChange(takeBillAgain)
  if (of.state === 'waiting' || of.asked) return null
  const { gateway, day } = of
  return (
    <>
      <Button
        size="small"
        aria-label={say('againNamed', { day, platform: named(gateway) })}
        loading={ask.isPending}
        onClick={() => ask.mutate({ params: { gateway, day } })}
      >
        {say('again')}
      </Button>
      <Failed error={ask.error} />
    </>
  )
}
