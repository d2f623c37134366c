import { listTopUps, type ReplyOf } from '@bursar/contract'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { moment } from '../app/times.ts'
import { useWords } from './words.ts'

type Row = ReplyOf<typeof listTopUps>['rows'][number]

export default function TopUps() {
  const say = useWords()
  const purse = useParam('purse')
  return (
    <Page title={say('topUps')} back={{ to: `/custody/purses/${purse}`, label: say('purse') }}>
      <Listing
        route={listTopUps}
        ask={{ params: { purse } }}
        rowKey={(row: Row) => row.id}
        to={row => `/custody/top-ups/${row.id}`}
        narrow={row => [
          <>
            <b>{moment(row.createdAt)}</b>
            <State is={row.state} />
          </>,
          <Sum of={row.amount} className="row-figure" />,
        ]}
        columns={[
          { title: say('when'), cell: row => moment(row.createdAt) },
          { title: say('state'), cell: row => <State is={row.state} /> },
          { title: say('amount'), cell: row => <Sum of={row.amount} bare />, figure: true },
        ]}
        empty={<Empty>{say('noTopUps')}</Empty>}
      />
    </Page>
  )
}
