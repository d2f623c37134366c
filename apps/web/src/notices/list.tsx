/** What was told: found by order id, payer or sum, by platform, kind, evidence, state, outlet, day and mark. */
import { listNotices, listOutlets, type NoticeView } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Listing } from '../app/look/listing.tsx'
import { Empty } from '../app/look/page.tsx'
import { Sum } from '../app/look/sum.tsx'
import type { Filter } from '../app/look/tools.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'
import { Desk } from './frame.tsx'
import { Mark } from './mark.tsx'
import { OpenScreen } from './open-screen.tsx'
import { platformName, platforms } from './platforms.ts'
import { signed } from './rows.ts'
import { grades, kinds, states, useWords } from './words.ts'

export default function Notices() {
  const say = useDeskWords()
  const word = useWords()
  const merchant = useParam('merchant')
  const filters = useFilters(merchant)
  return (
    <Desk
      merchant={merchant}
      title={say('notices')}
      hint={say('noticesHint')}
      acts={<OpenScreen merchant={merchant} />}
    >
      <Listing
        route={listNotices}
        ask={{ params: { merchant } }}
        search={say('searchNotices')}
        file={say('notices')}
        filters={filters}
        every={10_000}
        to={row => `/notices/merchants/${merchant}/notices/${row.id}`}
        rowKey={(row: NoticeView) => row.id}
        narrow={row => [
          <>
            <Mark of={row} />
            <span className="fine">
              {moment(row.at)} · {platformName(row.platform)}
              {row.payer ? ` · ${row.payer}` : ''}
            </span>
            <Marks key="marks" of={row} />
          </>,
          <>
            <Sum of={signed(row)} className="row-figure" />
            <span className="fine">{word(`grade.${row.grade}`)}</span>
          </>,
        ]}
        columns={[
          { title: say('when'), cell: row => moment(row.at), width: 150 },
          { title: say('state'), cell: row => <Mark of={row} />, width: 170 },
          { title: say('platform'), cell: row => platformName(row.platform) },
          { title: say('payer'), cell: row => row.payer ?? '' },
          { title: say('grade'), cell: row => word(`grade.${row.grade}`) },
          { title: say('heard'), cell: row => say('heardTimes', { count: row.heard }) },
          { title: say('mark'), cell: row => <Marks of={row} /> },
          { title: say('amount'), cell: row => <Sum of={signed(row)} bare />, figure: true },
        ]}
        empty={
          <Empty
            act={
              <Link to="/notices/merchants/$merchant/counters" params={{ merchant }}>
                {say('toCounters')}
              </Link>
            }
          >
            {say('noNotices')}
          </Empty>
        }
      />
    </Desk>
  )
}

const marks = ['contradicted', 'weak', 'late', 'rehearsal'] as const
export function Marks({ of }: { of: NoticeView }) {
  const say = useDeskWords()
  const held = marks.filter(mark => of[mark])
  return held.length ? (
    <span className="fine">{held.map(mark => say(`mark.${mark}`)).join(' · ')}</span>
  ) : null
}

function useFilters(merchant: `mer_${string}`): readonly Filter[] {
  const say = useDeskWords()
  const word = useWords()
  const app = useAppWords()
  const outlets = useRead(listOutlets, { params: { merchant } }).data?.rows ?? []
  const tills = outlets.flatMap(one =>
    one.tills.map(({ id, name }) => [id, `${one.name} · ${name}`] as const),
  )
  return [
    {
      name: 'state',
      label: say('state'),
      options: states.map(one => [one, word(`state.${one}`)] as const),
    },
    {
      name: 'kind',
      label: say('kind'),
      options: kinds.map(one => [one, word(`kind.${one}`)] as const),
    },
    {
      name: 'grade',
      label: say('grade'),
      options: grades.map(one => [one, word(`grade.${one}`)] as const),
    },
    {
      name: 'platform',
      label: say('platform'),
      options: platforms.map(one => [one, platformName(one)] as const),
    },
    ...(outlets.length > 1
      ? [
          {
            name: 'outlet',
            label: say('outlet'),
            options: outlets.map(({ id, name }) => [id, name] as const),
          } as const,
        ]
      : []),
    ...(tills.length > 0 ? [{ name: 'till', label: say('till'), options: tills } as const] : []),
    ...marks.map(
      name =>
        ({ name, label: say(`mark.${name}`), options: [['true', say(`mark.${name}`)]] }) as const,
    ),
    { name: 'from', label: app('from'), day: true },
    { name: 'to', label: app('to'), day: true },
  ]
}
