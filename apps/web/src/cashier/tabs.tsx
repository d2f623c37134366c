/** The merchant's tabs: open ones first asked for, with what each comes to now. */
import { listTabs, type ReplyOf } from '@bursar/contract'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { moment, time } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'

type Row = ReplyOf<typeof listTabs>['rows'][number]
const states = ['open', 'closed', 'merged'] as const

/** Before time stops by itself the staff can say so at the table. */
function Stops({ at }: { at: string | undefined }) {
  const say = useDeskWords()
  return at ? <span className="state wait">{say('stopsAt', { at: time(at) })}</span> : null
}

/** A tab that has ended was paid. */
const stateOf = ({ state }: Row): string => (state === 'closed' ? 'paid' : state)

export default function Tabs() {
  const say = useDeskWords()
  const app = useAppWords()
  const merchant = useParam('merchant')
  return (
    <Page desk title={say('tabs')}>
      <Listing
        route={listTabs}
        ask={{ params: { merchant } }}
        every={3000}
        search={say('searchTabs')}
        file={say('file')}
        filters={[
          {
            name: 'state',
            label: say('state'),
            begin: 'open',
            options: states.map(state => [state, say(`state.${state}`)] as const),
          },
          { name: 'from', label: app('from'), day: true },
          { name: 'to', label: app('to'), day: true },
        ]}
        rowKey={(row: Row) => row.id}
        to={row => `/cashier/merchants/${merchant}/tabs/${row.id}`}
        narrow={row => [
          <>
            <b>{row.placeName}</b>
            <span className="fine">
              {row.personName} · {moment(row.openedAt)}
            </span>
            <Stops at={row.stopsAt} />
          </>,
          <>
            <Sum of={row.total} className="row-figure" />
            <State is={stateOf(row)} />
          </>,
        ]}
        columns={[
          { title: say('place'), cell: row => row.placeName, width: 110 },
          {
            title: say('guest'),
            cell: row => (
              <>
                <p>{row.personName}</p>
                <Stops at={row.stopsAt} />
              </>
            ),
          },
          { title: say('since'), cell: row => moment(row.openedAt), width: 150 },
          { title: say('state'), cell: row => <State is={stateOf(row)} />, width: 110 },
          { title: say('outlet'), cell: row => <span className="soft">{row.outletName}</span> },
          { title: say('held'), cell: row => <Sum of={row.held} bare />, figure: true },
          { title: say('total'), cell: row => <Sum of={row.total} bare />, figure: true },
        ]}
        empty={<Empty>{say('noTabs')}</Empty>}
      />
    </Page>
  )
}
