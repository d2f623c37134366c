/** The guest's dockets: top-ups, goods, checkouts and refunds with their numbers, newest first. */
import { listOwnDockets, readPurse, type ReplyOf } from '@bursar/contract'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useWords } from './words.ts'

type Docket = ReplyOf<typeof listOwnDockets>['rows'][number]

export default function Dockets() {
  const say = useWords()
  const app = useAppWords()
  const purse = useParam('purse')
  const { data } = useRead(readPurse, { params: { purse } })
  return (
    <Page
      title={say('dockets')}
      hint={say('docketsHint')}
      back={{ to: `/custody/purses/${purse}`, label: data?.merchantName ?? say('toPurse') }}
    >
      <Listing
        route={listOwnDockets}
        ask={{ params: { purse } }}
        file={say('file')}
        filters={[
          { name: 'from', label: app('from'), day: true },
          { name: 'to', label: app('to'), day: true },
        ]}
        rowKey={(row: Docket) => row.number}
        to={row => `/cashier/dockets/${row.subject}`}
        narrow={row => [
          <>
            <b>{say(`kind.${row.kind}`)}</b>
            <span className="fine">
              {row.number} · {moment(row.at)}
            </span>
            {row.state === 'stuck' ? <span className="fine">{say('stuckText')}</span> : null}
          </>,
          <>
            <Sum of={row.amount} className="row-figure" />
            <State is={stateOf(row)} />
          </>,
        ]}
        columns={[
          { title: say('when'), cell: row => moment(row.at), width: 150 },
          { title: say('kind'), cell: row => say(`kind.${row.kind}`) },
          { title: say('number'), cell: row => row.number },
          {
            title: say('state'),
            cell: row => (
              <>
                <State is={stateOf(row)} />
                {row.state === 'stuck' ? <p className="fine">{say('stuckText')}</p> : null}
              </>
            ),
          },
          { title: say('amount'), cell: row => <Sum of={row.amount} bare />, figure: true },
        ]}
        empty={<Empty>{say('noDockets')}</Empty>}
      />
    </Page>
  )
}

/** A checkout's state tells how it ended; on a list it is paid. */
export function stateOf({ kind, state }: Pick<Docket, 'kind' | 'state'>): string {
  if (kind === 'checkout') return 'paid'
  return state === 'sending' ? 'sent' : state === 'partly' ? 'partRefunded' : state
}
