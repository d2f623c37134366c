/** What a tab came to, with its numbers; and the way back for what is left. It prints. */
import { readPurse, type TabView } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { Notice, Page, Pairs } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Figure } from '../app/look/sum.tsx'
import { useRead } from '../app/read.ts'
import { minor, spoken } from '../app/sums.ts'
import { exact } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { Bill } from './bill.tsx'
import { useWords } from './words.ts'

export function Receipt({ tab }: { tab: TabView }) {
  const say = useWords()
  const app = useAppWords()
  const { purse } = tab
  return (
    <Page title={say('receipt')} acts={<Button onClick={() => print()}>{app('print')}</Button>}>
      <div className="sheet">
        <p className="soft">
          {tab.merchantName} · {tab.outletName} · {tab.placeName}
        </p>
        <Figure great of={tab.total} />
        <p>
          <State is={tab.state === 'merged' ? 'merged' : 'paid'} />
        </p>
        {tab.state === 'merged' ? <Notice>{say('mergedText')}</Notice> : null}
        <Pairs
          of={[
            [say('number'), tab.number],
            [say('paidAt'), tab.closedAt ? exact(tab.closedAt) : undefined],
            [say('endedBy'), tab.ended ? say(`ended.${tab.ended}`) : undefined],
            [
              say('proof'),
              tab.spend ? (
                <Link key="spend" to="/custody/spends/$spend" params={{ spend: tab.spend }}>
                  {app('state.paid')}
                </Link>
              ) : undefined,
            ],
          ]}
        />
        <Bill tab={tab} />
      </div>
      <WhatIsLeft purse={purse} />
    </Page>
  )
}

function WhatIsLeft({ purse }: { purse: TabView['purse'] }) {
  const say = useWords()
  const { data } = useRead(readPurse, { params: { purse } }, { every: 3000 })
  return (
    <div className="no-print padded">
      {data && minor(data.available) > 0n ? (
        <Link className="big-link" to="/custody/purses/$purse/withdraw" params={{ purse }}>
          {say('takeBack', { amount: spoken(data.available) })}
        </Link>
      ) : null}
      <p className="links">
        <Link to="/cashier/purses/$purse/orders" params={{ purse }}>
          {say('allOrders')}
        </Link>
        <Link to="/custody/purses/$purse" params={{ purse }}>
          {say('toPurse')}
        </Link>
      </p>
    </div>
  )
}
