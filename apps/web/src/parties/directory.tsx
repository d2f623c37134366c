/** The merchants one can join. Only those that are open; search and trade stand in the URL. */
import { listMerchants, type ReplyOf } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { trades, useWords } from './words.ts'

type Row = ReplyOf<typeof listMerchants>['rows'][number]

export default function Directory() {
  const say = useWords()
  return (
    <Page title={say('directory')} hint={say('directoryHint')}>
      <Listing
        route={listMerchants}
        ask={{ query: {} }}
        search={say('searchMerchants')}
        filters={[
          {
            name: 'trade',
            label: say('trade'),
            options: trades.map(trade => [trade, say(`trade.${trade}`)] as const),
          },
        ]}
        rowKey={(row: Row) => row.id}
        to={row => `/parties/merchants/${row.id}`}
        narrow={row => [
          <>
            <b>{row.name}</b>
            <span className="fine">{row.address}</span>
          </>,
          <span className="fine">{say(`trade.${row.trade}`)}</span>,
        ]}
        columns={[
          { title: say('merchant'), cell: row => row.name },
          { title: say('trade'), cell: row => say(`trade.${row.trade}`) },
          { title: say('address'), cell: row => <span className="soft">{row.address}</span> },
          { title: say('state'), cell: row => <State is={row.state} />, width: 90 },
        ]}
        empty={
          <Empty act={<Link to="/parties/apply">{say('openShop')}</Link>}>
            {say('noMerchants')}
          </Empty>
        }
      />
    </Page>
  )
}
