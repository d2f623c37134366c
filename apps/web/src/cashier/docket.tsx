/** One numbered paper, for its guest and for the merchant: what it says, and those that it belongs to. It prints. */
import { readDocket, readTab, type ReplyOf } from '@bursar/contract'
import { Button } from 'antd'
import { useGatewayName } from '../app/gateways.ts'
import { Failed } from '../app/look/failed.tsx'
import { Rows } from '../app/look/listing.tsx'
import { Page, Pairs, Section } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Bones, Figure, Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { minor } from '../app/sums.ts'
import { exact } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { Bill } from './bill.tsx'
import { stateOf } from './dockets.tsx'
import { Lines } from './order.tsx'
import { useWords } from './words.ts'

type Docket = ReplyOf<typeof readDocket>

export default function DocketPage() {
  const say = useWords()
  const app = useAppWords()
  const [docket, merchant] = [useParam('docket'), useParam('merchant')]
  const read = useRead(readDocket, { params: { docket } }, { every: 3000 })
  const paper = read.data
  const list = merchant
    ? `/cashier/merchants/${merchant}/dockets`
    : paper && `/cashier/purses/${paper.purse}/orders`
  return (
    <Page
      title={paper ? say(`docket.${paper.kind}`) : '\u00a0'}
      hint={paper?.number ?? '\u00a0'}
      back={{ to: list ?? '/custody/purses', label: say('allOrders') }}
      acts={<Button onClick={() => print()}>{app('print')}</Button>}
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {paper ? <Paper of={paper} /> : read.error ? null : <Bones rows={6} />}
      {paper && paper.links.length > 0 ? <Linked of={paper} at={merchant} /> : null}
    </Page>
  )
}

function Paper({ of: paper }: { of: Docket }) {
  const say = useWords()
  const named = useGatewayName()
  return (
    <div className="sheet">
      <p className="soft">{paper.merchantName}</p>
      <Figure great of={paper.amount} />
      <p>
        <State is={stateOf(paper)} />
      </p>
      {paper.state === 'stuck' ? <p className="fine">{say('stuckText')}</p> : null}
      <Pairs
        of={[
          [say('when'), exact(paper.at)],
          [say('businessDay'), paper.day],
          [say('guest'), paper.personName],
          [say('platform'), paper.gateway?.split(', ').map(named).join(' · ')],
        ]}
      />
      {paper.order ? <Ordered order={paper.order} /> : null}
      {paper.kind === 'checkout' ? <Paid tab={paper.subject as `tab_${string}`} /> : null}
    </div>
  )
}

function Ordered({ order }: { order: NonNullable<Docket['order']> }) {
  const say = useWords()
  const some = (sum: Docket['amount']) =>
    minor(sum) === 0n ? undefined : <Sum key={sum.amount} of={sum} />
  return (
    <Section title={say('goods')}>
      <div className="order">
        <Lines order={order} />
        {order.note ? <p className="fine">{say('note', { note: order.note })}</p> : null}
        {order.reason ? <p className="fine">{say('saidWhy', { reason: order.reason })}</p> : null}
      </div>
      <Pairs
        of={[
          [say('service'), some(order.service)],
          [say('tax'), some(order.tax)],
          [say('total'), <Sum key="total" of={order.total} />, 'total'],
        ]}
      />
    </Section>
  )
}

function Paid({ tab }: { tab: `tab_${string}` }) {
  const read = useRead(readTab, { params: { tab } })
  if (read.data) return <Bill tab={read.data} />
  return read.error ? <Failed error={read.error} /> : <Bones rows={4} />
}

function Linked({ of: { links }, at }: { of: Docket; at: string }) {
  const say = useWords()
  const page = at ? `/cashier/merchants/${at}/dockets` : '/cashier/dockets'
  return (
    <Section title={say('belongs')}>
      <Rows
        rows={links}
        rowKey={one => one.number}
        to={one => `${page}/${one.subject}`}
        narrow={one => [
          <>
            <b>{say(`docket.${one.kind}`)}</b>
            <span className="fine">{one.number}</span>
          </>,
          <>
            <Sum of={one.amount} className="row-figure" />
            <State is={stateOf(one)} />
          </>,
        ]}
      />
    </Section>
  )
}
