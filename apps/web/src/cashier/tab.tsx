/** The guest's tab: what was ordered, what is held, what is left; once it has ended, its receipt. */
import {
  cancelOrder,
  readPurse,
  readTab,
  type GoodsOrderView,
  type TabView,
} from '@bursar/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { Failed } from '../app/look/failed.tsx'
import { Empty, Page, Pairs, Section } from '../app/look/page.tsx'
import { Bones, Figure, Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { moment } from '../app/times.ts'
import { Order } from './order.tsx'
import { Receipt } from './receipt.tsx'
import { tableAt } from './table.ts'
import { useWords } from './words.ts'

export default function Tab() {
  const say = useWords()
  const read = useRead(readTab, { params: { tab: useParam('tab') } }, { every: 2000 })
  const tab = read.data
  if (tab && tab.state !== 'open') return <Receipt tab={tab} />
  return (
    <Page
      title={tab ? say('tabAt', { place: tab.placeName }) : '\u00a0'}
      hint={tab ? `${tab.merchantName} · ${tab.outletName}` : '\u00a0'}
      back={{
        to: tab ? `/custody/purses/${tab.purse}` : '/custody/purses',
        label: tab?.merchantName ?? '\u00a0',
      }}
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      <p className="fine">{say('total')}</p>
      <Figure great of={tab?.total} />
      {tab ? <Open tab={tab} /> : read.error ? null : <Bones rows={5} />}
    </Page>
  )
}

function Open({ tab }: { tab: TabView }) {
  const say = useWords()
  const navigate = useNavigate()
  const { data: purse } = useRead(readPurse, { params: { purse: tab.purse } }, { every: 2000 })
  const table = tableAt(tab.place)
  return (
    <>
      <Pairs
        of={[
          [say('held'), <Sum key="held" of={tab.held} />],
          [say('free'), <Sum key="free" of={purse?.available} />],
          [say('closes'), moment(tab.closesAt)],
        ]}
      />
      <div className="acts-row padded">
        {table ? (
          <Button
            size="large"
            onClick={() => void navigate({ to: `/cashier/places/${table.token}` })}
          >
            {say('orderMore')}
          </Button>
        ) : null}
        <Button
          type="primary"
          size="large"
          onClick={() => void navigate({ to: `/cashier/tabs/${tab.id}/checkout` })}
        >
          {say('checkout')}
        </Button>
      </div>
      {table ? null : <p className="fine padded">{say('scanForMore')}</p>}
      <Section
        title={say('goods')}
        aside={
          <Link to="/custody/purses/$purse/top-up" params={{ purse: tab.purse }}>
            {say('topUp')}
          </Link>
        }
      >
        {tab.orders.length === 0 ? <Empty>{say('noOrders')}</Empty> : null}
        {tab.orders.toReversed().map(order => (
          <Order key={order.id} order={order} acts={<Cancel order={order} />} />
        ))}
      </Section>
    </>
  )
}

/** Only what nobody has accepted. */
function Cancel({ order }: { order: GoodsOrderView }) {
  const say = useWords()
  const cancel = useChange(cancelOrder)
  if (order.state !== 'placed' || order.timer) return null
  return (
    <div className="order-acts">
      <Button
        aria-label={say('cancelNamed', { number: order.number })}
        loading={cancel.isPending}
        onClick={() => cancel.mutate({ params: { order: order.id }, body: {} })}
      >
        {say('cancel')}
      </Button>
      <Failed error={cancel.error} />
    </div>
  )
}
