/** The merchant's home: today's takings, what waits for a yes, what is owed to the shop. */
import { listSpends, takings, type ReplyOf } from '@bursar/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { Failure } from '../app/call.ts'
import { Failed } from '../app/look/failed.tsx'
import { Rows } from '../app/look/listing.tsx'
import { Empty, Notice, Page, Pairs, Section } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Figure, Sum } from '../app/look/sum.tsx'
import { useMe } from '../app/faces.ts'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { minor, spoken } from '../app/sums.ts'
import { longDay, time } from '../app/times.ts'
import { Hours } from './hours.tsx'
import { Answer, stateOf } from './receipt.tsx'
import { useShopWords } from './shop-words.ts'

type Spend = ReplyOf<typeof listSpends>['rows'][number]

export default function Today() {
  const say = useShopWords()
  const navigate = useNavigate()
  const merchant = useParam('merchant')
  const { me } = useMe()
  const owner = me?.seats.some(seat => seat.organisation === merchant && seat.role === 'owner')
  const read = useRead(takings, { params: { merchant } }, { every: 2000 })
  // Whoever has a shift sees no sum before the count, nor one that was read before the shift began.
  const code = read.error instanceof Failure ? read.error.problem?.code : undefined
  const counts = code === 'count_first'
  const now = read.data
  return (
    <Page
      title={say('today')}
      hint={longDay(new Date().toISOString())}
      acts={
        <Button
          type="primary"
          onClick={() => void navigate({ to: `/custody/merchants/${merchant}/charge` })}
        >
          {say('charge')}
        </Button>
      }
    >
      {counts ? (
        <Notice tone="wait">
          <p>{say('countFirst')}</p>
          <Link to="/cashier/merchants/$merchant/shifts" params={{ merchant }}>
            {say('toCount')}
          </Link>
        </Notice>
      ) : code === 'terminal_may_not' ? (
        <Notice tone="wait">
          <p>{say('totalsHidden')}</p>
          <Link to="/notices/terminals">{say('toCounter')}</Link>
        </Notice>
      ) : (
        <>
          <Failed error={read.error} again={() => void read.refetch()} />
          <Takings of={now} />
        </>
      )}
      <WaitingSpends merchant={merchant} />
      {owner ? <Owed merchant={merchant} of={now} /> : null}
      <Latest merchant={merchant} />
    </Page>
  )
}

type Day = ReplyOf<typeof takings> | undefined
function Owed({ merchant, of: now }: { merchant: `mer_${string}`; of: Day }) {
  const say = useShopWords()
  return (
    <Section
      title={say('owed')}
      aside={
        <Link to="/settlement/merchants/$merchant" params={{ merchant }}>
          {say('askSettlement')}
        </Link>
      }
    >
      <Pairs
        of={[
          [say('earned'), <Sum key="earned" of={now?.earned} />],
          [say('requested'), <Sum key="requested" of={now?.requested} />],
        ]}
      />
      <p className="fine padded">{say('owedHint')}</p>
    </Section>
  )
}

function Takings({ of: now }: { of: Day }) {
  const say = useShopWords()
  return (
    <>
      <p className="fine">{say('takings')}</p>
      <Figure great of={now?.sum} />
      <p className="fine one-line">
        {now ? say('count', { count: now.count }) : ''}
        {now && minor(now.refunds.sum) > 0n
          ? ` · ${say('refunds', { amount: spoken(now.refunds.sum) })}`
          : ''}
      </p>
      <Hours of={now?.hours} />
    </>
  )
}

function WaitingSpends({ merchant }: { merchant: `mer_${string}` }) {
  const say = useShopWords()
  const read = useRead(
    listSpends,
    { params: { merchant }, query: { state: 'waiting', limit: 10 } },
    { every: 2000 },
  )
  const rows = read.data?.rows ?? []
  if (rows.length === 0) return null
  return (
    <Section title={say('waitingSpends')}>
      <ul className="rows">
        {rows.map(row => (
          <li key={row.id}>
            <div className="row">
              <span>
                <b>{row.personName}</b>
                <span className="fine">{time(row.at)}</span>
              </span>
              <Sum of={row.amount} className="row-figure" />
            </div>
            <Answer receipt={row} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Latest({ merchant }: { merchant: `mer_${string}` }) {
  const say = useShopWords()
  const read = useRead(listSpends, { params: { merchant }, query: { limit: 8 } }, { every: 2000 })
  return (
    <Section
      title={say('latest')}
      aside={
        <Link to="/custody/merchants/$merchant/spends" params={{ merchant }}>
          {say('spends')}
        </Link>
      }
    >
      {read.data?.rows.length === 0 ? (
        <Empty
          act={
            <Link to="/custody/merchants/$merchant/codes" params={{ merchant }}>
              {say('seeCodes')}
            </Link>
          }
        >
          {say('nothingToday')}
        </Empty>
      ) : (
        <Rows
          rows={read.data?.rows}
          rowKey={(row: Spend) => row.id}
          to={row => `/custody/spends/${row.id}`}
          narrow={row => [
            <>
              <b>{row.personName}</b>
              <span className="fine">
                {time(row.at)} · {say(`initiator.${row.initiator}`)}
              </span>
            </>,
            <>
              <Sum of={row.amount} className="row-figure" />
              <State is={stateOf(row)} />
            </>,
          ]}
        />
      )}
    </Section>
  )
}
