/** Where the bank's word on what it pays and the books differ: the list, and one break beside its request. */
import { listBreaks, type ReplyOf, type readRequest } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Notice, Page, Pairs, Section } from '../app/look/page.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useListSearch } from '../app/look/tools.tsx'
import { useRead } from '../app/read.ts'
import { exact, moment } from '../app/times.ts'
import { useWords } from './words.ts'

type Row = ReplyOf<typeof listBreaks>['rows'][number]
type Break = ReplyOf<typeof readRequest>['breaks'][number]

export default function Breaks() {
  const say = useWords()
  const { search } = useListSearch()
  const back = { to: '/settlement/requests', label: say('requests') }
  return (
    <Page desk title={say('breaks')} hint={say('breaksHint')} back={back}>
      <Listing
        route={listBreaks}
        ask={{ query: {} }}
        search={say('searchBreaks')}
        file={say('breaksFile')}
        every={5000}
        filters={[
          {
            name: 'state',
            begin: 'open',
            label: say('state'),
            options: (['open', 'ended'] as const).map(one => [one, say(`state.${one}`)] as const),
          },
        ]}
        rowKey={(row: Row) => `${row.payout ?? row.residue}/${row.kind}`}
        to={row =>
          row.request
            ? `/settlement/requests/${row.request}`
            : `/settlement/residues/${row.residue}`
        }
        narrow={row => [
          <>
            <b>{whose(row)}</b>
            <Kind of={row} />
            <span className="fine">{moment(row.foundAt)}</span>
          </>,
          <>
            <Sum of={row.amount} className="row-figure" />
            <span className="fine">{say(`said.${row.said}`)}</span>
          </>,
        ]}
        columns={columns(say)}
        empty={<Empty>{say(search.state === 'ended' ? 'breaksEnded' : 'breaksNone')}</Empty>}
      />
    </Page>
  )
}

/** A merchant's payout; or a guest's, of a purse at a merchant. */
const whose = ({ holder, merchantName }: Row): string =>
  holder ? `${holder} · ${merchantName}` : merchantName

const columns = (say: ReturnType<typeof useWords>) => [
  { title: say('merchantOrGuest'), cell: whose },
  { title: say('kind'), cell: (row: Row) => <Kind of={row} />, width: 150 },
  { title: say('bankSays'), cell: (row: Row) => say(`said.${row.said}`), width: 130 },
  { title: say('serial'), cell: (row: Row) => <span className="id">{row.serial}</span> },
  { title: say('foundAt'), cell: (row: Row) => moment(row.foundAt), width: 150 },
  {
    title: say('approvedSum'),
    cell: (row: Row) => <Sum of={row.amount} bare />,
    figure: true,
  },
  {
    title: say('saidSum'),
    cell: (row: Row) => (row.saidAmount ? <Sum of={row.saidAmount} bare /> : ''),
    figure: true,
  },
]

function Kind({ of }: { of: Pick<Break, 'kind' | 'endedAt'> }) {
  const say = useWords()
  return <span className={`state ${of.endedAt ? 'idle' : 'bad'}`}>{say(`kind.${of.kind}`)}</span>
}

/** Above the requests: how many are open, and the way to them. */
export function OpenBreaks() {
  const say = useWords()
  const { data } = useRead(listBreaks, { query: { state: 'open' } }, { every: 15_000 })
  if (!data) return null
  const count = data.rows.length
  const words = data.next ? 'breaksMany' : 'breaksOpen'
  return count ? (
    <Notice tone="bad">
      <p>
        {say(words, { count })} <Link to="/settlement/breaks">{say('breaksSee')}</Link>
      </p>
    </Notice>
  ) : (
    <p className="fine">
      <Link to="/settlement/breaks">{say('breaksNone')}</Link>
    </p>
  )
}

/** Beside a decision: what the bank may have paid this merchant already. */
export function BreaksHere({ merchant }: { merchant: `mer_${string}` }) {
  const say = useWords()
  const { data } = useRead(listBreaks, { query: { state: 'open', merchant } }, { every: 15_000 })
  // A payment to a guest's account is none to this merchant.
  const rows = data?.rows.filter(({ payout }) => payout) ?? []
  const [first] = rows
  if (!first) return null
  return (
    <Notice tone="bad">
      <p>
        {say('breaksHere', { count: rows.length })}{' '}
        <Link to="/settlement/breaks" search={{ q: first.merchantName }}>
          {say('breaksSee')}
        </Link>
      </p>
    </Notice>
  )
}

/** Of one payout: what a person can do. */
export function WhatToDo({ breaks }: { breaks: readonly Break[] }) {
  const say = useWords()
  return breaks
    .filter(one => !one.endedAt)
    .map(one => (
      <Notice key={one.kind} tone="bad">
        {say(`do.${one.kind}`)}
      </Notice>
    ))
}

/** Of one payout: what differs, or did. */
export function BreaksOf({ breaks }: { breaks: readonly Break[] }) {
  const say = useWords()
  if (breaks.length === 0) return null
  return (
    <Section title={say('breaks')}>
      {breaks.map(one => (
        <div key={one.kind} className="padded">
          <Pairs
            of={[
              [say('kind'), <Kind key="kind" of={one} />],
              [say('bankSays'), say(`said.${one.said}`)],
              [say('saidSum'), one.saidAmount ? <Sum key="said" of={one.saidAmount} /> : undefined],
              [
                say('serial'),
                one.serial ? (
                  <span key="serial" className="id">
                    {one.serial}
                  </span>
                ) : undefined,
              ],
              [say('foundAt'), exact(one.foundAt)],
              [say('endedAt'), one.endedAt ? exact(one.endedAt) : undefined],
            ]}
          />
        </div>
      ))}
    </Section>
  )
}
