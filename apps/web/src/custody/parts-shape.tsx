/** How a refund to a payer's own account is shown in a list, and how its platform is asked again. */
import { askPartAgain, type PartView } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useGatewayName } from '../app/gateways.ts'
import { Failed } from '../app/look/failed.tsx'
import { State } from '../app/look/state.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useChange } from '../app/read.ts'
import { moment, time } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { usePartsWords } from './parts-words.ts'

const states = ['stuck', 'sending', 'returned', 'done'] as const
const stateWord = (state: PartView['state']) =>
  ({ sending: 'sent', confirmed: 'sent', done: 'refunded' } as const)[state as 'done'] ?? state

export function usePartShape(asks: boolean) {
  const say = usePartsWords()
  const app = useAppWords()
  const waited = useWaited()
  const named = useGatewayName()
  return {
    search: say('search'),
    file: say('file'),
    filters: [
      {
        name: 'state',
        begin: 'open',
        label: say('state'),
        options: [
          ['open', say('open')] as const,
          ...states.map(state => [state, nameOf(app, state)] as const),
        ],
      },
      { name: 'from', label: app('from'), day: true },
      { name: 'to', label: app('to'), day: true },
    ] as const,
    rowKey: (row: PartView) => row.id,
    narrow: (row: PartView) =>
      [
        <>
          <b>{row.personName ?? row.order}</b>
          <Why row={row} />
          <span className="fine">
            {named(row.gateway)} · {waited(row) || moment(row.at)}
          </span>
          <AskAgain row={row} asks={asks} />
        </>,
        <>
          <Sum of={row.amount} className="row-figure" />
          <State is={stateWord(row.state)} />
        </>,
      ] as const,
    columns: [
      {
        title: say('state'),
        cell: (row: PartView) => <State is={stateWord(row.state)} />,
        width: 100,
      },
      { title: say('payer'), cell: (row: PartView) => row.personName ?? '—', width: 110 },
      { title: say('merchant'), cell: (row: PartView) => row.merchantName ?? '—' },
      { title: say('why'), cell: (row: PartView) => <Why row={row} /> },
      { title: say('gateway'), cell: (row: PartView) => named(row.gateway), width: 100 },
      { title: say('at'), cell: (row: PartView) => moment(row.at), width: 150 },
      { title: say('waited'), cell: (row: PartView) => waited(row), figure: true },
      { title: say('amount'), cell: (row: PartView) => <Sum of={row.amount} bare />, figure: true },
      ...(asks
        ? [{ title: '', cell: (row: PartView) => <AskAgain row={row} asks />, width: 130 }]
        : []),
    ],
  }
}

const nameOf = (app: ReturnType<typeof useAppWords>, state: (typeof states)[number]) =>
  state === 'stuck' || state === 'returned'
    ? app(`state.${state}`)
    : state === 'done'
      ? app('state.refunded')
      : app('state.sent')

/** What the platform says; and where it has not said anything, that. */
function Why({ row }: { row: PartView }) {
  const say = usePartsWords()
  return (
    <span className="stack">
      {row.why ? <span>{row.why}</span> : null}
      {row.state === 'sending' ? <span>{say('noAnswer', { count: row.tries })}</span> : null}
      {row.state === 'confirmed' ? <span>{say('paidNotBooked')}</span> : null}
      {row.state === 'returned' ? <Residue row={row} /> : null}
    </span>
  )
}

/** What could not be paid back: in the member's balance again, or in suspense, where two people decide. */
function Residue({ row }: { row: PartView }) {
  const say = usePartsWords()
  if (!row.suspense) return <span className="fine">{say('toBalance')}</span>
  return (
    <Link to="/custody/suspense/$suspense" params={{ suspense: row.suspense }} className="fine">
      {say('toSuspense')}
    </Link>
  )
}

function AskAgain({ row, asks }: { row: PartView; asks: boolean }) {
  const say = usePartsWords()
  const ask = useChange(askPartAgain)
  if (!asks || row.state === 'done' || row.state === 'returned') return null
  return (
    <span className="stack ask-again">
      <Button
        size="small"
        loading={ask.isPending}
        onClick={() => ask.mutate({ params: { part: row.id } })}
      >
        {say('askAgain')}
      </Button>
      {row.triedAt ? <span className="fine">{say('asked', { at: time(row.triedAt) })}</span> : null}
      <Failed error={ask.error} />
    </span>
  )
}

/** Its age, as long as it has no end. */
function useWaited() {
  const say = usePartsWords()
  return ({ endedAt, at }: PartView): string => {
    if (endedAt) return ''
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(at)) / 60_000))
    if (minutes < 60) return say('minutes', { count: minutes })
    if (minutes < 48 * 60) return say('hours', { count: Math.floor(minutes / 60) })
    return say('days', { count: Math.floor(minutes / 1440) })
  }
}
