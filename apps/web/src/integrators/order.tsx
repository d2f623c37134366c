/** A guest, sent here by a merchant's own shop: what it is for, how much, and the way back. */
import { joinMerchant, readOrderPage, readPurse, spend, type ReplyOf } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice, Page, Pairs } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { Bones, Figure } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { readAgain, useChange, useRead } from '../app/read.ts'
import { minor, spoken } from '../app/sums.ts'
import { moment } from '../app/times.ts'
import { useWish } from '../app/wish.ts'
import { useWords } from './words.ts'

type Order = ReplyOf<typeof readOrderPage>

export default function OrderPage() {
  const say = useWords()
  const order = useParam('order')
  const read = useRead(readOrderPage, { params: { order } }, { every: 3000 })
  const shown = read.data
  return (
    <Page title={shown ? say('payTitle', { name: shown.merchantName }) : '\u00a0'}>
      <Failed error={read.error} again={() => void read.refetch()} />
      <Figure great of={shown?.amount} />
      {shown ? (
        <>
          <Pairs
            of={[
              [say('subject'), shown.subject],
              [say('payBy'), shown.state === 'open' ? moment(shown.expiresAt) : undefined],
            ]}
          />
          <Step order={shown} />
        </>
      ) : read.error ? null : (
        <Bones rows={2} />
      )}
    </Page>
  )
}

function Step({ order }: { order: Order }) {
  const say = useWords()
  if (order.state === 'open')
    return order.purse ? <PayFrom order={order} purse={order.purse} /> : <Join order={order} />
  const tone = { paid: 'good', waiting: 'wait', closed: 'idle' } as const
  const title = { paid: 'orderPaid', waiting: 'orderWaiting', closed: 'orderClosed' } as const
  const text = { paid: 'orderPaidText', closed: 'orderClosedText' } as const
  return (
    <div className="stack padded" aria-live="polite">
      <Notice tone={tone[order.state]}>
        <p>
          <b>{say(title[order.state])}</b>
        </p>
        {order.state === 'waiting' ? null : <p>{say(text[order.state])}</p>}
      </Notice>
      {order.returnUrl ? (
        <Button type="primary" size="large" href={order.returnUrl}>
          {say('backTo', { host: new URL(order.returnUrl).host })}
        </Button>
      ) : null}
      {order.spend && order.state === 'paid' ? (
        <Link to="/custody/spends/$spend" params={{ spend: order.spend }}>
          {say('receipt')}
        </Link>
      ) : null}
    </div>
  )
}

function Join({ order: { merchant, merchantName: name } }: { order: Order }) {
  const say = useWords()
  const join = useChange(joinMerchant)
  return (
    <div className="stack padded">
      <Notice tone="wait">{say('memberHint')}</Notice>
      <Button
        type="primary"
        size="large"
        loading={join.isPending}
        onClick={() => join.mutate({ params: { merchant } })}
      >
        {say('becomeMember', { name })}
      </Button>
      <Failed error={join.error} />
    </div>
  )
}

function PayFrom({ order, purse }: { order: Order; purse: `pur_${string}` }) {
  const say = useWords()
  const { data: mine } = useRead(readPurse, { params: { purse } }, { every: 5000 })
  const wish = useWish(spend, `order/${order.order}`, async () => {
    await readAgain(readOrderPage, readPurse)
  })
  const { amount, merchant, merchantCode } = order
  const short = mine ? minor(amount) > minor(mine.available) : false
  const send = () => {
    if (mine && !short)
      void wish.send({ params: { purse }, body: { merchant, amount, merchantCode } })
  }
  return (
    <Form className="padded" send={send}>
      {short && mine ? (
        <Notice tone="bad">
          <p>{say('short', { balance: spoken(mine.available), amount: spoken(amount) })}</p>
          <Link to="/custody/purses/$purse/top-up" params={{ purse }}>
            {say('topUp')}
          </Link>
        </Notice>
      ) : null}
      <Send wish={wish} ready={mine !== undefined && !short}>
        {say('payNow', { amount: spoken(amount) })}
      </Send>
      <WishNotice wish={wish} />
    </Form>
  )
}
