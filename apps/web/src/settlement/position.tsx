/** What the shop is owed, asking for it, and what became of each asking. */
import {
  listOwnRequests,
  position,
  requestSettlement,
  type Money,
  type ReplyOf,
} from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Notice, Page, Pairs, Section } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { State } from '../app/look/state.tsx'
import { Figure, Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { memory, useRead } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { moment } from '../app/times.ts'
import { useWish } from '../app/wish.ts'
import { useWords } from './words.ts'

type Row = ReplyOf<typeof listOwnRequests>['rows'][number]
type MerchantId = `mer_${string}`

export default function Position() {
  const say = useWords()
  const merchant = useParam('merchant')
  const read = useRead(position, { params: { merchant } }, { every: 5000 })
  const now = read.data
  return (
    <Page title={say('settlement')}>
      <Failed error={read.error} again={() => void read.refetch()} />
      <p className="fine">{say('requestable')}</p>
      <Figure great of={now?.requestable} />
      <div className="padded">
        <Pairs
          of={[
            [say('earned'), <Sum key="earned" of={now?.earned} />],
            [say('requested'), <Sum key="requested" of={now?.requested} />],
          ]}
        />
        <p className="fine after-form">{say('positionHint')}</p>
      </div>
      <AskFor merchant={merchant} most={now?.requestable} />
      <Section title={say('requests')}>
        <div className="padded">
          <Own merchant={merchant} />
        </div>
      </Section>
    </Page>
  )
}

type Asking = { merchant: MerchantId; most: Money | undefined }
function AskFor({ merchant, most }: Asking) {
  const say = useWords()
  const amount = useAmount('', most?.currency, most)
  const [done, setDone] = useState<string>()
  const wish = useWish(requestSettlement, `settle/${merchant}`, async made => {
    setDone(spoken(made.amount))
    amount.set('')
    await memory.invalidateQueries()
  })
  const busy = wish.phase !== 'ready'
  const send = () => {
    if (amount.good) void wish.send({ params: { merchant }, body: { amount: amount.good } })
  }
  return (
    <Form send={send}>
      <Amount
        label={say('howMuch')}
        value={amount.text}
        change={amount.set}
        currency={amount.currency}
        disabled={busy}
        problem={amount.over && most ? say('tooMuch', { amount: spoken(most) }) : amount.wrong}
      />
      <div className="acts-row">
        <Button
          size="large"
          disabled={!most || busy}
          onClick={() => most && amount.set(most.amount)}
        >
          {say('all')}
        </Button>
        <Send wish={wish} ready={amount.good !== undefined}>
          {amount.sum ? say('askNow', { amount: spoken(amount.sum) }) : say('ask')}
        </Send>
      </div>
      <WishNotice wish={wish} />
      {done ? <Notice tone="good">{say('asked', { amount: done })}</Notice> : null}
    </Form>
  )
}

function Own({ merchant }: { merchant: MerchantId }) {
  const say = useWords()
  return (
    <Listing
      route={listOwnRequests}
      ask={{ params: { merchant } }}
      file={say('file')}
      every={5000}
      rowKey={(row: Row) => row.id}
      to={row => `/settlement/requests/${row.id}`}
      narrow={row => [
        <>
          <b>{moment(row.requestedAt)}</b>
          <State is={row.state} />
        </>,
        <Sum of={row.amount} className="row-figure" />,
      ]}
      columns={[
        { title: say('askedAt'), cell: row => moment(row.requestedAt) },
        { title: say('state'), cell: row => <State is={row.state} /> },
        { title: say('amount'), cell: row => <Sum of={row.amount} bare />, figure: true },
      ]}
      empty={<Empty>{say('noRequests')}</Empty>}
    />
  )
}
