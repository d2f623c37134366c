/** The accounts behind one figure of the equation. */
import { readTerm, type ReplyOf } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { minor } from '../app/sums.ts'
import { isTerm, usePoolWords } from './pool-words.ts'

type Row = ReplyOf<typeof readTerm>['rows'][number]

export default function TermPage() {
  const say = usePoolWords()
  const pool = useParam('pool')
  const name = useParam('term')
  const term = isTerm(name) ? name : 'custody'
  return (
    <Page
      desk
      title={say(`term.${term}`)}
      hint={say('termHint')}
      back={{ to: `/custody/pools/${pool}`, label: say('pool') }}
      acts={
        term === 'suspense' ? (
          <Link to="/custody/suspense" search={{ pool }}>
            {say('seeSuspense')}
          </Link>
        ) : null
      }
    >
      <Listing
        route={readTerm}
        ask={{ params: { pool, term } }}
        file={say('termFile')}
        rowKey={(row: Row) => row.account}
        to={row => `/custody/pools/${pool}/entries?account=${encodeURIComponent(row.account)}`}
        narrow={row => [
          <>
            <b>{row.owner ?? row.account}</b>
            <span className="id">{row.account}</span>
          </>,
          <Sum of={row.amount} className="row-figure" />,
        ]}
        columns={[
          { title: say('account'), cell: row => row.owner ?? row.account },
          {
            title: say('reference'),
            cell: row => <span className="id">{row.owner ? row.account : ''}</span>,
          },
          {
            title: say('heldOut'),
            cell: row => (minor(row.held) > 0n ? <Sum of={row.held} bare /> : '—'),
            figure: true,
          },
          { title: say('balance'), cell: row => <Sum of={row.amount} bare />, figure: true },
        ]}
        empty={<Empty>{say('noAccounts')}</Empty>}
      />
    </Page>
  )
}
