/** One purse: its balance, what can be done with it, and every movement with the balance it left. */
import { listOwnTabs, purseStatement, readPurse, type ReplyOf } from '@bursar/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { Failed } from '../app/look/failed.tsx'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Notice, Page, Section } from '../app/look/page.tsx'
import { Figure, Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { minor, spoken } from '../app/sums.ts'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { tableAt } from '../cashier/table.ts'
import { useWords as useCashierWords } from '../cashier/words.ts'
import { RefusedNotice } from '../settlement/refused.tsx'
import { Archived } from './archived.tsx'
import { eventWord } from './events.ts'
import { useWords } from './words.ts'

export type Entry = ReplyOf<typeof purseStatement>['rows'][number]

export default function Purse() {
  const say = useWords()
  const navigate = useNavigate()
  const purse = useParam('purse')
  const read = useRead(readPurse, { params: { purse } }, { every: 3000 })
  const mine = read.data
  const go = (to: string) => void navigate({ to: `/custody/purses/${purse}/${to}` })
  return (
    <Page
      title={mine?.merchantName ?? '\u00a0'}
      back={{ to: '/custody/purses', label: say('purses') }}
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      <Balance of={mine} />
      <div className="acts-row padded">
        <Button
          type="primary"
          size="large"
          disabled={mine?.lapsed ?? false}
          onClick={() => go('code')}
        >
          {say('showCode')}
        </Button>
        <Button size="large" disabled={mine?.lapsed ?? false} onClick={() => go('top-up')}>
          {say('topUp')}
        </Button>
      </div>
      <RefusedNotice purse={purse} />
      <AtTable purse={purse} merchant={mine?.merchant} />
      <Section
        title={say('statement')}
        aside={
          <span className="links">
            <Link to="/custody/purses/$purse/top-ups" params={{ purse }}>
              {say('topUps')}
            </Link>
            <Link to="/cashier/purses/$purse/orders" params={{ purse }}>
              {say('papers')}
            </Link>
            <Link to="/cashier/purses/$purse/bindings" params={{ purse }}>
              {say('bindings')}
            </Link>
            <Link to="/custody/purses/$purse/withdraw" params={{ purse }}>
              {say('withdraw')}
            </Link>
          </span>
        }
      >
        <Statement purse={purse} />
      </Section>
    </Page>
  )
}

function Balance({ of: mine }: { of: ReplyOf<typeof readPurse> | undefined }) {
  const say = useWords()
  return (
    <>
      <p className="fine">
        {say('balance')}
        {mine?.scope === 'platform' ? ` · ${say('everywhere')}` : ''}
      </p>
      <Figure great of={mine?.available} />
      <p className="fine one-line">
        {mine && minor(mine.held) > 0n ? say('held', { amount: spoken(mine.held) }) : ''}
      </p>
      {mine?.lapsed ? <Notice tone="wait">{say('lapsed')}</Notice> : null}
    </>
  )
}

/** Tabs that are open, and the way back to where this phone last sat. */
function AtTable({ purse, merchant }: { purse: `pur_${string}`; merchant: string | undefined }) {
  const say = useWords()
  const cashier = useCashierWords()
  const query = { state: 'open' as const }
  const { data } = useRead(listOwnTabs, { params: { purse }, query }, { every: 5000 })
  const table = tableAt(purse) ?? tableAt(merchant)
  return (
    <>
      {data?.rows.map(one => (
        <Link key={one.id} className="row" to="/cashier/tabs/$tab" params={{ tab: one.id }}>
          <b>{say('openTab', { place: one.placeName })}</b>
          <Sum of={one.total} className="row-figure" />
        </Link>
      ))}
      {table ? (
        <p className="padded">
          <Link to="/cashier/places/$token" params={{ token: table.token }}>
            {cashier('backToTable', { place: table.name })}
          </Link>
        </p>
      ) : null}
    </>
  )
}

function Statement({ purse }: { purse: `pur_${string}` }) {
  const say = useWords()
  const app = useAppWords()
  const said = ({ event, kind, merchantName }: Entry) =>
    [say(eventWord(event, kind)), merchantName].filter(Boolean).join(' · ')
  return (
    <div className="padded">
      <Listing
        route={purseStatement}
        ask={{ params: { purse } }}
        file={say('file')}
        filters={[
          { name: 'from', label: app('from'), day: true },
          { name: 'to', label: app('to'), day: true },
        ]}
        rowKey={(row: Entry) => String(row.seq)}
        narrow={row => [
          <>
            <b>{said(row)}</b>
            <span className="fine">{moment(row.at)}</span>
          </>,
          <>
            <Sum of={row.amount} plus className="row-figure" />
            <span className="fine">
              <Sum of={row.balance} bare />
            </span>
          </>,
        ]}
        columns={[
          { title: say('when'), cell: row => moment(row.at), width: 150 },
          { title: say('what'), cell: said },
          { title: say('amount'), cell: row => <Sum of={row.amount} plus bare />, figure: true },
          { title: say('balanceAfter'), cell: row => <Sum of={row.balance} bare />, figure: true },
        ]}
        empty={<Empty>{say('noEntries')}</Empty>}
        foot={page => <Archived page={page} />}
      />
    </div>
  )
}
