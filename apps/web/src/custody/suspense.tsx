/** The suspense desk: what nobody has decided yet, oldest first; or any other state, by the filters in the URL. */
import { listPools, listSuspense, type ReplyOf } from '@bursar/contract'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useListSearch } from '../app/look/tools.tsx'
import { useRead } from '../app/read.ts'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { reasons, useSuspenseWords } from './suspense-words.ts'

type Row = ReplyOf<typeof listSuspense>['rows'][number]
const states = ['unclaimed', 'proposed', 'assigned', 'returning', 'returned'] as const

export default function Suspense() {
  const say = useSuspenseWords()
  const waited = useWaited()
  const filters = useFilters()
  const { state } = useListSearch().search
  return (
    <Page
      desk
      title={say('suspense')}
      hint={say(!state || state === 'open' ? 'suspenseWaits' : 'suspenseHint')}
    >
      <Listing
        route={listSuspense}
        ask={{ query: {} }}
        search={say('search')}
        file={say('file')}
        every={5000}
        filters={filters}
        rowKey={(row: Row) => row.id}
        to={row => `/custody/suspense/${row.id}`}
        narrow={row => [
          <>
            <b>{say(`reason.${row.reason}`)}</b>
            <span className="fine">
              {row.payerName ?? row.about} · {waited(row)}
            </span>
          </>,
          <>
            <Sum of={row.amount} className="row-figure" />
            <State is={row.state} />
          </>,
        ]}
        columns={[
          { title: say('reason'), cell: row => say(`reason.${row.reason}`) },
          { title: say('state'), cell: row => <State is={row.state} />, width: 110 },
          { title: say('payer'), cell: row => row.payerName ?? '—' },
          { title: say('about'), cell: row => <span className="id">{row.about}</span> },
          { title: say('pool'), cell: row => <span className="soft">{row.poolName}</span> },
          { title: say('came'), cell: row => moment(row.at), width: 150 },
          { title: say('waited'), cell: row => waited(row), figure: true },
          { title: say('amount'), cell: row => <Sum of={row.amount} bare />, figure: true },
        ]}
        empty={<Empty>{say('empty')}</Empty>}
      />
    </Page>
  )
}

/** Which pool is only asked where there are several. */
function useFilters() {
  const say = useSuspenseWords()
  const app = useAppWords()
  const pools = useRead(listPools, {}).data?.rows ?? []
  const named = pools.map(({ id, name }) => [id, name] as const)
  return [
    {
      name: 'state',
      begin: 'open',
      label: say('state'),
      options: [
        ['open', say('open')] as const,
        ...states.map(state => [state, app(`state.${state}`)] as const),
      ],
    },
    {
      name: 'reason',
      label: say('reason'),
      options: reasons.map(reason => [reason, say(`reason.${reason}`)] as const),
    },
    ...(named.length > 1 ? [{ name: 'pool', label: say('pool'), options: named } as const] : []),
  ] as const
}

/** Its age, as long as nobody has decided. */
export function useWaited() {
  const say = useSuspenseWords()
  return ({ state, at }: Pick<Row, 'state' | 'at'>): string => {
    if (state !== 'unclaimed' && state !== 'proposed') return ''
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(at)) / 60_000))
    if (minutes < 60) return say('minutes', { count: minutes })
    if (minutes < 48 * 60) return say('hours', { count: Math.floor(minutes / 60) })
    return say('days', { count: Math.floor(minutes / 1440) })
  }
}
