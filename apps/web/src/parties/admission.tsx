/** The operator's and the supervisor's list of merchants. */
import { listMerchants, type ReplyOf } from '@bursar/contract'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { trades, useWords } from './words.ts'

type Row = ReplyOf<typeof listMerchants>['rows'][number]
const states = ['applicant', 'active', 'suspended', 'rejected', 'closed'] as const

export default function Admission() {
  const say = useWords()
  const app = useAppWords()
  return (
    <Page desk title={say('admission')} hint={say('admissionHint')}>
      <Listing
        route={listMerchants}
        ask={{ query: {} }}
        search={say('searchAdmission')}
        file="merchants"
        filters={[
          {
            name: 'state',
            label: say('state'),
            options: states.map(state => [state, app(`state.${state}`)] as const),
          },
          {
            name: 'trade',
            label: say('trade'),
            options: trades.map(trade => [trade, say(`trade.${trade}`)] as const),
          },
        ]}
        rowKey={(row: Row) => row.id}
        to={row => `/parties/admission/${row.id}`}
        narrow={row => [
          <>
            <b>{row.name}</b>
            <span className="fine">
              {say(`trade.${row.trade}`)} · {row.appliedAt ? moment(row.appliedAt) : ''}
            </span>
          </>,
          <State is={row.state} />,
        ]}
        columns={[
          { title: say('merchant'), cell: row => row.name },
          { title: say('state'), cell: row => <State is={row.state} />, width: 110 },
          { title: say('trade'), cell: row => say(`trade.${row.trade}`), width: 100 },
          { title: say('representative'), cell: row => row.representative },
          { title: say('licence'), cell: row => <span className="soft">{row.licence}</span> },
          { title: say('address'), cell: row => <span className="soft">{row.address}</span> },
          {
            title: say('appliedAt'),
            cell: row => (row.appliedAt ? moment(row.appliedAt) : ''),
            figure: true,
          },
        ]}
        empty={<Empty>{say('admissionEmpty')}</Empty>}
      />
    </Page>
  )
}
