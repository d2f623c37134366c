/** What a request rests on: the sums first, then each spend and refund with the running sum. */
import { readEvidence, type Money, type ReplyOf } from '@bursar/contract'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Pairs, Section } from '../app/look/page.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useRead } from '../app/read.ts'
import { less, minor, turned } from '../app/sums.ts'
import { moment } from '../app/times.ts'
import { useWords } from './words.ts'

type Rests = ReplyOf<typeof readEvidence>
type Row = Rests['rows'][number]
type Shape = { request: `stl_${string}`; amount: Money | undefined }

export function Evidence({ request, amount }: Shape) {
  const say = useWords()
  const { data } = useRead(readEvidence, { params: { request }, query: {} })
  return (
    <Section title={say('evidence')}>
      <p className="fine padded">{say('evidenceHint')}</p>
      <Sums of={data} amount={amount} />
      <div className="padded">
        <Lines request={request} />
      </div>
    </Section>
  )
}

function Sums({ of, amount }: { of: Rests | undefined; amount: Money | undefined }) {
  const say = useWords()
  const left = of && amount ? less(of.total, amount) : undefined
  return (
    <Pairs
      of={[
        [say('opening'), <Sum key="opening" of={of?.opening} />],
        [say('spent', { count: of?.spends ?? 0 }), <Sum key="spent" of={of?.spent} />],
        [
          say('refunded', { count: of?.refunds ?? 0 }),
          <Sum key="refunded" of={of ? turned(of.refunded) : undefined} />,
        ],
        [
          say('other'),
          of && minor(of.other) !== 0n ? <Sum key="other" of={of.other} /> : undefined,
        ],
        [say('total'), <Sum key="total" of={of?.total} />, 'total'],
        [say('leftAfter'), <Sum key="left" of={left} />],
      ]}
    />
  )
}

const spends: readonly string[] = ['spend', 'charge', 'spend_done']
const word = (event: string) =>
  spends.includes(event) ? 'event.spend' : event === 'refund' ? 'event.refund' : 'event.other'

function Lines({ request }: { request: `stl_${string}` }) {
  const say = useWords()
  return (
    <Listing
      route={readEvidence}
      ask={{ params: { request } }}
      file={say('evidenceFile')}
      rowKey={(row: Row) => String(row.seq)}
      narrow={row => [
        <>
          <b>{row.personName ?? say(word(row.event))}</b>
          <span className="fine">{moment(row.at)}</span>
        </>,
        <>
          <Sum of={row.change} plus className="row-figure" />
          <span className="fine">
            <Sum of={row.sum} bare />
          </span>
        </>,
      ]}
      columns={[
        { title: say('when'), cell: row => moment(row.at), width: 150 },
        { title: say('what'), cell: row => say(word(row.event)), width: 90 },
        { title: say('member'), cell: row => row.personName },
        { title: say('change'), cell: row => <Sum of={row.change} plus bare />, figure: true },
        { title: say('running'), cell: row => <Sum of={row.sum} bare />, figure: true },
      ]}
      empty={<Empty>{say('noEvidence')}</Empty>}
    />
  )
}
