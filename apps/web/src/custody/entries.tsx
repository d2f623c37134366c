/** Every entry of one account, with the balance that it left. */
import { accountStatement, type ReplyOf } from '@bursar/contract'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useListParams, useParam } from '../app/params.ts'
import { exact, moment } from '../app/times.ts'
import { Archived } from './archived.tsx'
import { eventWord } from './events.ts'
import { usePoolWords } from './pool-words.ts'
import { useWords } from './words.ts'

type Row = ReplyOf<typeof accountStatement>['rows'][number]

export default function Entries() {
  const say = usePoolWords()
  const word = useWords()
  const pool = useParam('pool')
  const { account = '' } = useListParams()
  return (
    <Page
      desk
      title={say('statement')}
      hint={<span className="id">{account}</span>}
      back={{ to: `/custody/pools/${pool}`, label: say('pool') }}
    >
      <Listing
        route={accountStatement}
        ask={{ params: { pool }, query: { account } }}
        file={say('statementFile')}
        rowKey={(row: Row) => String(row.seq)}
        narrow={row => [
          <>
            <b>{word(eventWord(row.event, row.kind))}</b>
            <span className="fine">
              {row.seq} · {moment(row.at)}
            </span>
          </>,
          <>
            <Sum of={row.amount} plus className="row-figure" />
            <span className="fine">
              <Sum of={row.balance} bare />
            </span>
          </>,
        ]}
        columns={[
          { title: say('seq'), cell: row => <span className="soft">{row.seq}</span>, width: 80 },
          { title: say('when'), cell: row => exact(row.at), width: 180 },
          { title: say('event'), cell: row => word(eventWord(row.event, row.kind)), width: 180 },
          { title: say('subject'), cell: row => <span className="id">{row.subject}</span> },
          { title: say('change'), cell: row => <Sum of={row.amount} plus bare />, figure: true },
          { title: say('balance'), cell: row => <Sum of={row.balance} bare />, figure: true },
        ]}
        empty={<Empty>{say('noEntries')}</Empty>}
        foot={page => <Archived page={page} />}
      />
    </Page>
  )
}
