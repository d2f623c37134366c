/** The reviewer's queue: what waits, oldest first; or any other state, by the filter in the URL. */
import { listRequests, type ReplyOf } from '@bursar/contract'
import { useFace, useMe } from '../app/faces.ts'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useListSearch } from '../app/look/tools.tsx'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { OpenBreaks } from './breaks.tsx'
import { WaitingResidues } from './residues.tsx'
import { useWords } from './words.ts'

type Row = ReplyOf<typeof listRequests>['rows'][number]
const states = [
  'submitted',
  'approved',
  'paying',
  'paid',
  'bounced',
  'rejected',
  'withdrawn',
] as const

/** What has ended is read newest first. */
function useHint(): { hint?: string } {
  const say = useWords()
  const { state } = useListSearch().search
  return !state || state === 'submitted' || state === 'approved'
    ? { hint: say('requestsHint') }
    : {}
}

export default function Requests() {
  const say = useWords()
  const app = useAppWords()
  const waited = useWaited()
  const role = useFace(useMe().me)?.role
  const reviews = role === 'reviewer' || role === 'admin'
  return (
    <Page desk title={say('requests')} {...useHint()}>
      <OpenBreaks />
      {reviews ? <WaitingResidues /> : null}
      <Listing
        route={listRequests}
        ask={{ query: {} }}
        search={say('searchRequests')}
        file={say('file')}
        every={5000}
        filters={[
          {
            name: 'state',
            begin: 'submitted',
            label: say('state'),
            options: states.map(state => [state, app(`state.${state}`)] as const),
          },
        ]}
        rowKey={(row: Row) => row.id}
        to={row => `/settlement/requests/${row.id}`}
        narrow={row => [
          <>
            <b>{row.merchantName}</b>
            <span className="fine">{moment(row.requestedAt)}</span>
          </>,
          <>
            <Sum of={row.amount} className="row-figure" />
            <State is={row.state} />
          </>,
        ]}
        columns={[
          { title: say('merchant'), cell: row => row.merchantName },
          { title: say('state'), cell: row => <State is={row.state} />, width: 130 },
          {
            title: say('payee'),
            cell: row => (
              <span className="soft">
                {row.payee.name} · {row.payee.bank} {row.payee.account}
              </span>
            ),
          },
          { title: say('askedAt'), cell: row => moment(row.requestedAt), width: 160 },
          {
            title: say('waited'),
            cell: row => (row.state === 'submitted' ? waited(row.requestedAt) : ''),
            figure: true,
          },
          { title: say('amount'), cell: row => <Sum of={row.amount} bare />, figure: true },
        ]}
        empty={<Empty>{say('noQueue')}</Empty>}
      />
    </Page>
  )
}

function useWaited() {
  const say = useWords()
  return (since: string): string => {
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(since)) / 60_000))
    if (minutes < 60) return say('minutes', { count: minutes })
    if (minutes < 48 * 60) return say('hours', { count: Math.floor(minutes / 60) })
    return say('days', { count: Math.floor(minutes / 1440) })
  }
}
