/** Where the platforms' bills and the books differ: what waits first, by the filters in the URL. */
import { listBillBreaks, listFees, type ReplyOf } from '@bursar/contract'
import { useGatewayName } from '../app/gateways.ts'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useRead } from '../app/read.ts'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { kinds, useWords } from './words.ts'

type Row = ReplyOf<typeof listBillBreaks>['rows'][number]
const states = ['waiting', 'open', 'proposed', 'settled', 'ended'] as const
const tones = {
  open: 'bad',
  proposed: 'wait',
  booking: 'wait',
  settled: 'good',
  ended: 'idle',
} as const

export default function Breaks() {
  const say = useWords()
  const named = useGatewayName()
  const filters = useFilters()
  return (
    <Page
      desk
      title={say('breaks')}
      hint={say('breaksHint')}
      back={{ to: '/reconciliation', label: say('days') }}
    >
      <Listing
        route={listBillBreaks}
        ask={{ query: {} }}
        search={say('search')}
        file={say('breaksFile')}
        every={15_000}
        filters={filters}
        rowKey={(row: Row) => row.id}
        to={row => `/reconciliation/breaks/${row.id}`}
        narrow={row => [
          <>
            <b>{say(`kind.${row.kind}`)}</b>
            <span className="fine">
              {named(row.gateway)} · {row.day}
            </span>
          </>,
          <>
            <Sum of={row.atStake} className="row-figure" />
            <BreakState is={row.state} />
          </>,
        ]}
        columns={columns(say, named)}
        empty={<Empty>{say('breaksNone')}</Empty>}
      />
    </Page>
  )
}

const columns = (say: ReturnType<typeof useWords>, named: ReturnType<typeof useGatewayName>) => [
  { title: say('day'), cell: (row: Row) => row.day, width: 110 },
  { title: say('platform'), cell: (row: Row) => named(row.gateway) },
  {
    title: say('kind'),
    cell: (row: Row) => (
      <>
        {say(`kind.${row.kind}`)} <span className="fine">{say(`of.${row.of}`)}</span>
      </>
    ),
  },
  { title: say('state'), cell: (row: Row) => <BreakState is={row.state} />, width: 120 },
  {
    title: say('order'),
    cell: (row: Row) => <span className="id">{row.refund ?? row.order}</span>,
  },
  { title: say('found'), cell: (row: Row) => moment(row.foundAt), width: 150 },
  {
    title: say('there'),
    cell: (row: Row) => (row.there ? <Sum of={row.there.amount} bare /> : '—'),
    figure: true,
  },
  {
    title: say('here'),
    cell: (row: Row) => (row.here ? <Sum of={row.here.amount} bare /> : '—'),
    figure: true,
  },
  { title: say('atStake'), cell: (row: Row) => <Sum of={row.atStake} bare />, figure: true },
]

export function BreakState({ is }: { is: Row['state'] }) {
  const say = useWords()
  return <span className={`state ${tones[is]}`}>{say(`state.${is}`)}</span>
}

/** Which platform is only asked where there are several. */
function useFilters() {
  const say = useWords()
  const app = useAppWords()
  const name = useGatewayName()
  const platforms = useRead(listFees, {}).data?.rows ?? []
  const named = platforms.map(({ gateway }) => [gateway, name(gateway)] as const)
  return [
    {
      name: 'state',
      begin: 'waiting',
      label: say('state'),
      options: states.map(state => [state, say(`state.${state}`)] as const),
    },
    {
      name: 'kind',
      label: say('kind'),
      options: kinds.map(kind => [kind, say(`kind.${kind}`)] as const),
    },
    ...(named.length > 1
      ? [{ name: 'gateway', label: say('platform'), options: named } as const]
      : []),
    { name: 'from', label: app('from'), day: true },
    { name: 'to', label: app('to'), day: true },
  ] as const
}
