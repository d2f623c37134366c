/** The reviewer's queue of refused refunds: what waits, oldest first; any other state, by the filter in the URL. */
import { listResidues, type ResidueView } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { useGatewayName } from '../app/gateways.ts'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Notice, Page } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useListSearch } from '../app/look/tools.tsx'
import { useRead } from '../app/read.ts'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useResidueWords } from './residue-words.ts'
import { stateWord } from './residue-state.ts'

const states = ['submitted', 'accepted', 'paid', 'bounced', 'rejected', 'withdrawn'] as const

export default function Residues() {
  const say = useResidueWords()
  const app = useAppWords()
  const shape = useShape()
  const { state } = useListSearch().search
  const waits = !state || state === 'submitted'
  return (
    <Page desk title={say('queue')} hint={say(waits ? 'queueWaits' : 'queueHint')}>
      <Differ />
      <Listing
        route={listResidues}
        ask={{ query: {} }}
        search={say('search')}
        file={say('file')}
        every={5000}
        filters={[
          {
            name: 'state',
            begin: 'submitted',
            label: say('state'),
            options: states.map(
              state =>
                [state, app(state === 'accepted' ? 'state.paying' : `state.${state}`)] as const,
            ),
          },
          { name: 'from', label: app('from'), day: true },
          { name: 'to', label: app('to'), day: true },
        ]}
        {...shape}
        empty={<Empty>{say('empty')}</Empty>}
      />
    </Page>
  )
}

const payeeOf = ({ holder, bank, account }: ResidueView) => `${holder} · ${bank} ${account}`

function useShape() {
  const say = useResidueWords()
  const named = useGatewayName()
  const waited = useWaited()
  return {
    rowKey: (row: ResidueView) => row.id,
    to: (row: ResidueView) => `/settlement/residues/${row.id}`,
    narrow: (row: ResidueView) =>
      [
        <>
          <b>{row.holder}</b>
          <span>{row.why}</span>
          <span className="fine">
            {row.bank} {row.account} · {waited(row) || moment(row.at)}
          </span>
        </>,
        <>
          <Sum of={row.amount} className="row-figure" />
          <State is={stateWord(row.state)} />
        </>,
      ] as const,
    columns: [
      {
        title: say('state'),
        cell: (row: ResidueView) => <State is={stateWord(row.state)} />,
        width: 100,
      },
      { title: say('payee'), cell: payeeOf },
      { title: say('merchant'), cell: (row: ResidueView) => row.merchantName },
      {
        title: say('why'),
        cell: (row: ResidueView) => `${named(row.gateway)} · ${row.why}`,
      },
      { title: say('at'), cell: (row: ResidueView) => moment(row.at), width: 150 },
      { title: say('waited'), cell: waited, figure: true },
      {
        title: say('amount'),
        cell: (row: ResidueView) => <Sum of={row.amount} bare />,
        figure: true,
      },
    ],
  }
}

/** Of what waits for a decision. */
function useWaited() {
  const say = useResidueWords()
  return ({ state, at }: ResidueView): string => {
    if (state !== 'submitted') return ''
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(at)) / 60_000))
    if (minutes < 60) return say('minutes', { count: minutes })
    if (minutes < 48 * 60) return say('hours', { count: Math.floor(minutes / 60) })
    return say('days', { count: Math.floor(minutes / 1440) })
  }
}

/** Where the bank and the books differ: as long as they do. */
function Differ() {
  const say = useResidueWords()
  const query = { differs: 'yes' as const }
  const { data } = useRead(listResidues, { query }, { every: 15_000 })
  if (!data?.rows.length) return null
  return (
    <Notice tone="bad">
      <p>{say('differ', { count: data.rows.length })}</p>
      {data.rows.map(row => (
        <p key={row.id}>
          <Link to="/settlement/residues/$residue" params={{ residue: row.id }}>
            {row.holder} · {moment(row.at)}
          </Link>
        </p>
      ))}
    </Notice>
  )
}

/** Above the other queue: how many wait here. */
export function WaitingResidues() {
  const say = useResidueWords()
  const query = { state: 'submitted' as const }
  const { data } = useRead(listResidues, { query }, { every: 15_000 })
  if (!data?.rows.length) return null
  return (
    <Notice tone="wait">
      <p>
        {say(data.next ? 'waitingMany' : 'waiting', { count: data.rows.length })}{' '}
        <Link to="/settlement/residues">{say('see')}</Link>
      </p>
    </Notice>
  )
}
