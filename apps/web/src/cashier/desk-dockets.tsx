/** The merchant's dockets: what was topped up, ordered, checked out and paid back, each with its number, newest first. */
import { listDockets, type ReplyOf } from '@bursar/contract'
import { Button } from 'antd'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'
import { stateOf } from './dockets.tsx'
import { useWords } from './words.ts'

type Docket = ReplyOf<typeof listDockets>['rows'][number]
const kinds = ['top_up', 'goods', 'checkout', 'refund'] as const

export default function DeskDockets() {
  const say = useDeskWords()
  const guest = useWords()
  const app = useAppWords()
  const merchant = useParam('merchant')
  return (
    <Page
      desk
      title={say('dockets')}
      hint={say('docketsHint')}
      acts={<Button onClick={() => print()}>{app('print')}</Button>}
    >
      <Listing
        route={listDockets}
        ask={{ params: { merchant } }}
        search={say('searchPapers')}
        file={say('dockets')}
        filters={[
          {
            name: 'kind',
            label: guest('kind'),
            options: kinds.map(kind => [kind, guest(`kind.${kind}`)] as const),
          },
          { name: 'from', label: app('from'), day: true },
          { name: 'to', label: app('to'), day: true },
        ]}
        rowKey={(row: Docket) => row.number}
        to={row => `/cashier/merchants/${merchant}/dockets/${row.subject}`}
        narrow={row => [
          <>
            <b>{guest(`kind.${row.kind}`)}</b>
            <span className="fine">
              {row.number} · {moment(row.at)}
            </span>
          </>,
          <>
            <Sum of={row.amount} className="row-figure" />
            <State is={stateOf(row)} />
          </>,
        ]}
        columns={[
          { title: guest('when'), cell: row => moment(row.at), width: 150 },
          { title: guest('kind'), cell: row => guest(`kind.${row.kind}`) },
          { title: guest('number'), cell: row => row.number },
          { title: say('state'), cell: row => <State is={stateOf(row)} /> },
          { title: guest('amount'), cell: row => <Sum of={row.amount} bare />, figure: true },
        ]}
        empty={<Empty>{guest('noDockets')}</Empty>}
      />
    </Page>
  )
}
