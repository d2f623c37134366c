/** Each night: what was announced beside the money, per counter; each difference by name, with what to do. */
import { listDifferences, listNights, type ReplyOf } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Section } from '../app/look/page.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'
import { Desk } from './frame.tsx'
import { platformName } from './platforms.ts'
import { useWords } from './words.ts'

type Night = ReplyOf<typeof listNights>['rows'][number]
type Difference = ReplyOf<typeof listDifferences>['rows'][number]
const reasons = [
  'not_announced',
  'never_verified',
  'not_in_books',
  'other_sum',
  'contradicted',
  'other_day',
] as const

export default function Nights() {
  const say = useDeskWords()
  const merchant = useParam('merchant')
  return (
    <Desk merchant={merchant} title={say('nights')} hint={say('nightsHint')}>
      <Section title={say('nav.nights')}>
        <Listing
          route={listNights}
          ask={{ params: { merchant } }}
          file={say('nights')}
          filters={useDays()}
          rowKey={(row: Night) => `${row.day}/${row.counter}/${row.money.sum.currency}`}
          narrow={row => [
            <>
              <b>{row.day}</b>
              <span className="fine">{row.counterName}</span>
              <Agrees key="agrees" of={row} />
            </>,
            <>
              <Sum of={row.announced.sum} className="row-figure" />
              <span className="fine">
                {say('money')} <Sum of={row.money.sum} />
              </span>
            </>,
          ]}
          columns={[
            { title: say('day'), cell: row => row.day, width: 130 },
            { title: say('counter'), cell: row => row.counterName },
            { title: say('differences'), cell: row => <Agrees of={row} /> },
            { title: say('announced'), cell: row => <Total of={row.announced} />, figure: true },
            { title: say('money'), cell: row => <Total of={row.money} />, figure: true },
          ]}
          empty={<Empty>{say('noNights')}</Empty>}
        />
      </Section>
      <Differences merchant={merchant} />
    </Desk>
  )
}

function useDays() {
  const app = useAppWords()
  return [
    { name: 'from', label: app('from'), day: true },
    { name: 'to', label: app('to'), day: true },
  ] as const
}

function Total({ of: { count, sum } }: { of: Night['announced'] }) {
  const say = useDeskWords()
  return (
    <>
      <Sum of={sum} /> <small className="soft">{say('counts', { count })}</small>
    </>
  )
}

function Agrees({ of: { differences } }: { of: Night }) {
  const say = useDeskWords()
  return differences === 0 ? (
    <span className="state good">{say('agrees')}</span>
  ) : (
    <span className="state bad">{say('differs', { count: differences })}</span>
  )
}

const wordOf = (why: Difference['why']) =>
  why === 'contradicted' ? ('why.contradictedDay' as const) : (`why.${why}` as const)

function Differences({ merchant }: { merchant: `mer_${string}` }) {
  const say = useDeskWords()
  const word = useWords()
  const days = useDays()
  const what = (row: Difference) =>
    [word(`kind.${row.kind}`), platformName(row.platform)].join(' · ')
  return (
    <Section title={say('differences')}>
      <Listing
        route={listDifferences}
        ask={{ params: { merchant } }}
        file={say('differences')}
        filters={[
          {
            name: 'why',
            label: say('reason'),
            options: reasons.map(one => [one, say(wordOf(one))] as const),
          },
          ...days,
        ]}
        rowKey={(row: Difference) =>
          `${row.day}/${row.counter}/${row.why}/${row.notice ?? ''}/${row.order ?? ''}`
        }
        narrow={row => [
          <>
            <b>{say(wordOf(row.why))}</b>
            <span className="fine">
              {row.day} · {what(row)}
            </span>
            <span className="fine">{say(`do.${row.why}`)}</span>
            <Seen key="seen" merchant={merchant} of={row} />
          </>,
          <Pair key="pair" of={row} />,
        ]}
        columns={[
          { title: say('day'), cell: row => row.day, width: 120 },
          { title: say('reason'), cell: row => say(wordOf(row.why)), width: 150 },
          { title: say('kind'), cell: what },
          { title: say('order'), cell: row => <Seen merchant={merchant} of={row} /> },
          {
            title: say('advice'),
            cell: row => <span className="fine">{say(`do.${row.why}`)}</span>,
          },
          {
            title: say('announced'),
            cell: row => (row.announced ? <Sum of={row.announced} bare /> : '—'),
            figure: true,
          },
          {
            title: say('money'),
            cell: row => (row.money ? <Sum of={row.money} bare /> : '—'),
            figure: true,
          },
        ]}
        empty={<Empty>{say('noDifferences')}</Empty>}
      />
    </Section>
  )
}

function Seen({ merchant, of }: { merchant: `mer_${string}`; of: Difference }) {
  const say = useDeskWords()
  const text = of.order ?? say('notice')
  return of.notice ? (
    <Link
      to="/notices/merchants/$merchant/notices/$notice"
      params={{ merchant, notice: of.notice }}
      className="id"
    >
      {text}
    </Link>
  ) : (
    <span className="id">{of.order ?? ''}</span>
  )
}

function Pair({ of: { announced, money } }: { of: Difference }) {
  const say = useDeskWords()
  return (
    <>
      <span className="fine">
        {say('announced')} {announced ? <Sum of={announced} /> : '—'}
      </span>
      <span className="fine">
        {say('money')} {money ? <Sum of={money} /> : '—'}
      </span>
    </>
  )
}
