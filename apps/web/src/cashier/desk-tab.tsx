/** One tab at the merchant's: its orders, what the staff change, and the checkout when the guest asks for it. */
import { checkOut, discountTab, readTab, type TabView } from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Page, Pairs, Section } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { State } from '../app/look/state.tsx'
import { Bones, Figure, Sum } from '../app/look/sum.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useParam } from '../app/params.ts'
import { memory, useChange, useRead } from '../app/read.ts'
import { minor, spoken, turned } from '../app/sums.ts'
import { exact, moment } from '../app/times.ts'
import { useWish } from '../app/wish.ts'
import { Answer } from './answer.tsx'
import { billOf } from './counted.ts'
import { Moves } from './desk-moves.tsx'
import { useDeskWords } from './desk-words.ts'
import { Order } from './order.tsx'
import { Steps, useStaffNames } from './steps.tsx'
import { useWords } from './words.ts'

export default function DeskTab() {
  const say = useDeskWords()
  const guest = useWords()
  const merchant = useParam('merchant')
  const read = useRead(readTab, { params: { tab: useParam('tab') } }, { every: 2000 })
  const tab = read.data
  return (
    <Page
      title={tab ? guest('tabAt', { place: tab.placeName }) : '\u00a0'}
      hint={tab ? `${tab.personName ?? ''} · ${tab.outletName}` : '\u00a0'}
      back={{ to: `/cashier/merchants/${merchant}/tabs`, label: say('tabs') }}
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      <p className="fine">{say('total')}</p>
      <Figure great of={tab?.total} />
      {tab ? <Facts tab={tab} /> : read.error ? null : <Bones rows={5} />}
      {tab?.state === 'open' ? <Closing tab={tab} /> : null}
      {tab ? (
        <Section title={guest('goods')}>
          {tab.orders.toReversed().map(order => (
            <Order
              key={order.id}
              order={order}
              acts={
                tab.state === 'open' ? <Answer order={order} place={tab.placeName} /> : undefined
              }
            />
          ))}
        </Section>
      ) : null}
      {tab?.state === 'open' ? <Moves key={tab.id} tab={tab} /> : null}
      {tab?.state === 'open' ? <Discount tab={tab} /> : null}
      {tab ? <Steps tab={tab} /> : null}
    </Page>
  )
}

function Facts({ tab }: { tab: TabView }) {
  const say = useDeskWords()
  const guest = useWords()
  const name = useStaffNames(tab.merchant)
  const some = (sum: TabView['tip']) =>
    minor(sum) === 0n ? undefined : <Sum key={sum.amount} of={sum} />
  return (
    <Pairs
      of={[
        [say('state'), <State key="state" is={tab.state === 'closed' ? 'paid' : tab.state} />],
        [say('since'), moment(tab.openedAt)],
        [say('closes'), tab.state === 'open' ? moment(tab.closesAt) : undefined],
        [say('servedBy'), tab.servedBy && name(tab.servedBy)],
        [say('held'), some(tab.held)],
        [say('discount'), some(turned(tab.discount))],
        [guest('tip'), some(tab.tip)],
        [guest('number'), tab.number],
        [guest('paidAt'), tab.closedAt ? exact(tab.closedAt) : undefined],
      ]}
    />
  )
}

function Closing({ tab }: { tab: TabView }) {
  const say = useDeskWords()
  const { due } = billOf(tab)
  const wish = useWish(checkOut, `checkout/${tab.id}`, () => memory.invalidateQueries())
  const name = tab.personName ?? tab.placeName
  return (
    <Form
      className="padded"
      send={() => void wish.send({ params: { tab: tab.id }, body: { total: due } })}
    >
      <Send wish={wish} ready>
        {minor(due) > 0n ? say('checkout', { amount: spoken(due), name }) : say('closeFree')}
      </Send>
      <p className="fine">{say('checkoutHint')}</p>
      <WishNotice wish={wish} />
    </Form>
  )
}

function Discount({ tab }: { tab: TabView }) {
  const say = useDeskWords()
  const amount = useAmount('', tab.total.currency)
  const [reason, setReason] = useState('')
  const change = useChange(discountTab, () => {
    amount.set('')
    setReason('')
  })
  const put = (sum: TabView['tip'], why?: string) =>
    change.mutate({ params: { tab: tab.id }, body: { amount: sum, ...(why && { reason: why }) } })
  const none = { amount: '0.00', currency: tab.total.currency }
  return (
    <Section title={say('discount')}>
      <Form
        className="padded"
        send={() => amount.good && reason.trim() && put(amount.good, reason.trim())}
      >
        <Amount
          label={say('discountLabel')}
          value={amount.text}
          change={amount.set}
          currency={amount.currency}
          problem={amount.wrong}
        />
        <TextField label={say('discountWhy')} maxLength={100} value={reason} change={setReason} />
        <div className="order-acts">
          <Button
            htmlType="submit"
            disabled={!amount.good || !reason.trim()}
            loading={change.isPending}
          >
            {amount.good ? say('discountNow', { amount: spoken(amount.good) }) : say('discount')}
          </Button>
          {minor(tab.discount) > 0n ? (
            <Button onClick={() => put(none)}>{say('discountNone')}</Button>
          ) : null}
        </div>
        <Failed error={change.error} />
      </Form>
    </Section>
  )
}
