/** What was told, and how it went: searched, filtered, kept as a link. */
import { listEvents, type ReplyOf } from '@bursar/contract'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { useParam } from '../app/params.ts'
import { exact, moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useWords } from './words.ts'

type Row = ReplyOf<typeof listEvents>['rows'][number]
const states = ['waiting', 'delivered', 'failed'] as const

export default function Log() {
  const say = useWords()
  const app = useAppWords()
  const merchant = useParam('merchant')
  const home = `/integrators/merchants/${merchant}`
  return (
    <Page desk title={say('log')} hint={say('logHint')} back={{ to: home, label: say('title') }}>
      <Listing
        route={listEvents}
        ask={{ params: { merchant } }}
        every={5000}
        search={say('searchLog')}
        filters={[
          {
            name: 'state',
            label: say('delivery'),
            options: states.map(state => [state, app(`state.${state}`)] as const),
          },
        ]}
        rowKey={(row: Row) => row.id}
        to={row => `${home}/events/${row.id}`}
        narrow={row => [
          <>
            <b>{say(`event.${row.type}` as 'event.ping')}</b>
            <span className="fine">{moment(row.at)}</span>
          </>,
          <State key="state" is={stateOf(row)} />,
        ]}
        columns={[
          { title: say('when'), cell: row => exact(row.at), width: 180 },
          { title: say('event'), cell: row => say(`event.${row.type}` as 'event.ping') },
          { title: say('about'), cell: row => <span className="id">{row.subject}</span> },
          {
            title: say('delivery'),
            cell: row => (stateOf(row) ? <State is={stateOf(row)} /> : say('notSent')),
            width: 160,
          },
        ]}
        empty={<Empty>{say('noEvents')}</Empty>}
      />
    </Page>
  )
}

/** Of several endpoints the one that fares worst. */
export const stateOf = ({ deliveries }: Pick<Row, 'deliveries'>) =>
  (['failed', 'waiting', 'delivered'] as const).find(state =>
    deliveries.some(one => one.state === state),
  )
