/** What the shop is owed, asking for it, and what became of each asking. */
import { listOwnRequests, position, requestSettlement, type ReplyOf } from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { Amount } from '../app/look/amount.tsx'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Notice, Page, Pairs, Section } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Figure, Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { memory, useRead } from '../app/read.ts'
import { fen, spoken, typed } from '../app/sums.ts'
import { moment } from '../app/times.ts'
import { useWish } from '../app/wish.ts'
import { useWords as useAppWords } from '../app/words.ts'
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

type Asking = { merchant: MerchantId; most: ReplyOf<typeof position>['requestable'] | undefined }
function AskFor({ merchant, most }: Asking) {
  const say = useWords()
  const app = useAppWords()
  const [text, setText] = useState('')
  const [done, setDone] = useState<string>()
  const wish = useWish(requestSettlement, `settle/${merchant}`, async made => {
    setDone(spoken(made.amount))
    setText('')
    await memory.invalidateQueries()
  })
  const currency = most?.currency ?? 'CNY'
  const amount = typed(text)
  const over = most && amount ? fen(amount) > fen(most.amount) : false
  const problem =
    over && most
      ? say('tooMuch', { amount: spoken(most) })
      : text && !amount
        ? app('amountWrong')
        : undefined
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (!amount || over) return
        void wish.send({ params: { merchant }, body: { amount: { amount, currency } } })
      }}
    >
      <Amount
        label={say('howMuch')}
        value={text}
        change={setText}
        currency={currency}
        disabled={wish.phase !== 'ready'}
        problem={problem}
      />
      <div className="acts-row">
        <Button
          size="large"
          disabled={!most || wish.phase !== 'ready'}
          onClick={() => most && setText(most.amount)}
        >
          {say('all')}
        </Button>
        {wish.phase === 'unknown' ? null : (
          <Button
            type="primary"
            size="large"
            htmlType="submit"
            disabled={!amount || over}
            loading={wish.phase === 'sending'}
          >
            {amount ? say('askNow', { amount: spoken({ amount, currency }) }) : say('ask')}
          </Button>
        )}
      </div>
      <WishNotice wish={wish} />
      {done ? <Notice tone="good">{say('asked', { amount: done })}</Notice> : null}
    </form>
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
