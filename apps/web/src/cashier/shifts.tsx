/** The outlet's shift: who has it, the blind count, the hand-over; then the days that are final. */
import { acceptShift, listShifts, openShift, takeShiftBack, type ShiftView } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useMe } from '../app/faces.ts'
import { Failed } from '../app/look/failed.tsx'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Notice, Page, Section } from '../app/look/page.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { moment } from '../app/times.ts'
import { CountForm } from './count-form.tsx'
import { Counts } from './counts.tsx'
import { Finals } from './finals.tsx'
import { useTillField } from '../custody/place-field.tsx'
import { useOutlet } from './outlet-choice.tsx'
import { useOwner } from './seats.tsx'
import { useShiftWords } from './shift-words.ts'

type At = { merchant: `mer_${string}`; outlet: `out_${string}` }

export default function Shifts() {
  const say = useShiftWords()
  const merchant = useParam('merchant')
  const { outlet, none, field } = useOutlet(merchant)
  return (
    <Page desk title={say('shifts')} hint={say('shiftsHint')} acts={field}>
      {none ? (
        <Empty
          act={
            <Link to="/parties/merchants/$merchant/settings" params={{ merchant }}>
              {say('toSettings')}
            </Link>
          }
        >
          {say('noOutlet')}
        </Empty>
      ) : null}
      {outlet ? (
        <>
          <Now merchant={merchant} outlet={outlet.id} />
          <Finals merchant={merchant} outlet={outlet.id} />
          <Past merchant={merchant} outlet={outlet.id} />
        </>
      ) : null}
    </Page>
  )
}

function Now({ merchant, outlet }: At) {
  const say = useShiftWords()
  const read = useRead(
    listShifts,
    { params: { merchant, outlet }, query: { limit: 1 } },
    { every: 5000 },
  )
  const open = useChange(openShift)
  const till = useTillField(merchant, outlet)
  if (!read.data) return <Failed error={read.error} again={() => void read.refetch()} />
  const last = read.data.rows[0]
  if (last && last.state !== 'closed') return <Running merchant={merchant} shift={last} />
  return (
    <>
      <Empty
        act={
          <>
            {till.field}
            <Button
              type="primary"
              size="large"
              loading={open.isPending}
              onClick={() =>
                open.mutate({
                  params: { merchant, outlet },
                  body: till.value ? { till: till.value } : {},
                })
              }
            >
              {say('open')}
            </Button>
          </>
        }
      >
        {say('nobody')}
      </Empty>
      <Failed error={open.error} />
      {last ? (
        <Counted
          shift={last}
          title={`${say('number', { number: last.number })} · ${last.personName}`}
        />
      ) : null}
    </>
  )
}

function Running({ merchant, shift }: { merchant: At['merchant']; shift: ShiftView }) {
  const say = useShiftWords()
  const { me } = useMe()
  const owner = useOwner(merchant)
  const mine = shift.person === me?.person.id
  return (
    <>
      <Section title={say('number', { number: shift.number })}>
        <p className="padded">
          {say('since', { name: shift.personName, at: moment(shift.openedAt) })}
          {shift.tillName ? ` · ${shift.tillName}` : null}
          {' · '}
          <Link to="/cashier/merchants/$merchant/tabs" params={{ merchant }}>
            {say('seeTabs')}
          </Link>
        </p>
      </Section>
      {shift.state === 'open' && (mine || owner) ? (
        <CountForm merchant={merchant} shift={shift} />
      ) : null}
      {shift.state === 'offered' ? <Offered merchant={merchant} shift={shift} /> : null}
    </>
  )
}

function Offered({ merchant, shift }: { merchant: At['merchant']; shift: ShiftView }) {
  const say = useShiftWords()
  const { me } = useMe()
  const owner = useOwner(merchant)
  const [accept, back] = [useChange(acceptShift), useChange(takeShiftBack)]
  const params = { merchant, shift: shift.id }
  const toMe = shift.offeredTo === me?.person.id
  const mine = shift.person === me?.person.id
  return (
    <>
      <Notice tone="wait">
        {toMe
          ? say('offeredToMe', { name: shift.personName })
          : say('offeredMine', { name: shift.offeredToName ?? '' })}
      </Notice>
      <Counted shift={shift} title={say('count')} />
      <div className="acts-row form-narrow padded">
        {toMe ? (
          <Button
            type="primary"
            size="large"
            loading={accept.isPending}
            onClick={() => accept.mutate({ params })}
          >
            {say('accept')}
          </Button>
        ) : null}
        {mine || owner ? (
          <Button size="large" loading={back.isPending} onClick={() => back.mutate({ params })}>
            {say('takeBack')}
          </Button>
        ) : null}
      </div>
      <Failed error={accept.error ?? back.error} />
    </>
  )
}

function Counted({ shift, title }: { shift: ShiftView; title: string }) {
  const say = useShiftWords()
  return (
    <Section title={title}>
      {shift.counts.length ? <Counts of={shift} /> : <p className="padded">{say('shownAfter')}</p>}
      {shift.tabs ? (
        <p className="fine padded">
          {say('openTabs')}:{' '}
          {say('tabs', { count: shift.tabs.count, sum: spoken(shift.tabs.held) })}
        </p>
      ) : null}
      {shift.note ? <p className="padded">{shift.note}</p> : null}
    </Section>
  )
}

function Past({ merchant, outlet }: At) {
  const say = useShiftWords()
  return (
    <Section title={say('past')}>
      <Listing
        route={listShifts}
        ask={{ params: { merchant, outlet } }}
        file={say('file')}
        rowKey={(row: ShiftView) => row.id}
        narrow={row => [
          <>
            <b>
              {say('number', { number: row.number })} · {row.personName}
            </b>
            <span className="fine">{moment(row.openedAt)}</span>
          </>,
          <ShiftState key="state" is={row.state} />,
        ]}
        columns={[
          { title: '#', cell: row => row.number, width: 60 },
          { title: say('person'), cell: row => row.personName },
          { title: say('from'), cell: row => moment(row.openedAt), width: 160 },
          {
            title: say('until'),
            cell: row => (row.endedAt ? moment(row.endedAt) : ''),
            width: 160,
          },
          { title: say('state'), cell: row => <ShiftState is={row.state} />, width: 120 },
        ]}
        empty={<Empty>{say('noShifts')}</Empty>}
      />
    </Section>
  )
}

const tones = { open: 'good', offered: 'wait', closed: 'idle' } as const
function ShiftState({ is }: { is: ShiftView['state'] }) {
  const say = useShiftWords()
  return <span className={`state ${tones[is]}`}>{say(`state.${is}`)}</span>
}
