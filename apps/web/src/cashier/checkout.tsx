/** The bill before it is paid. The server pays only what is shown here; else it says that the total has changed. */
import { checkOut, readTab, type TabView } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice, Page } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { Bones, Figure } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { memory, useRead } from '../app/read.ts'
import { added, minor, spoken } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { Bill } from './bill.tsx'
import { billOf, dropped, running } from './counted.ts'
import { useWords } from './words.ts'

export default function Checkout() {
  const say = useWords()
  const id = useParam('tab')
  const read = useRead(readTab, { params: { tab: id } }, { every: 2000 })
  const tab = read.data
  return (
    <Page
      title={say('checkout')}
      hint={tab ? `${tab.merchantName} · ${tab.placeName}` : '\u00a0'}
      back={{ to: `/cashier/tabs/${id}`, label: say('backToTab') }}
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {tab ? <Paying tab={tab} /> : read.error ? null : <Bones rows={6} />}
    </Page>
  )
}

function Paying({ tab }: { tab: TabView }) {
  const say = useWords()
  const navigate = useNavigate()
  const { orders, due } = billOf(tab)
  const tip = useAmount('', tab.total.currency)
  const extra = tip.sum ?? tab.tip
  const whole = added([due, extra])
  const wish = useWish(checkOut, `checkout/${tab.id}`, async () => {
    await memory.invalidateQueries()
    void navigate({ to: `/cashier/tabs/${tab.id}`, replace: true })
  })
  const waits = dropped(tab).length
  const send = () => {
    if (tip.wrong || wish.phase !== 'ready') return
    const body = { total: due, ...(tip.sum && { tip: tip.sum }) }
    void wish.send({ params: { tab: tab.id }, body })
  }
  return (
    <Form send={send}>
      <p className="fine">{say('due')}</p>
      <Figure great of={whole} />
      {waits > 0 ? <Notice tone="wait">{say('dropped', { count: waits })}</Notice> : null}
      {orders.some(running) ? <Notice>{say('timeStops')}</Notice> : null}
      <Bill tab={tab} tip={extra} />
      <div className="padded">
        <Amount
          label={say('tipLabel')}
          hint={say('tipHint')}
          value={tip.text}
          change={tip.set}
          currency={tip.currency}
          disabled={wish.phase !== 'ready'}
          problem={tip.wrong}
        />
        <Send wish={wish} ready={!tip.wrong && tab.state === 'open'}>
          {minor(whole) > 0n
            ? say('payNow', { amount: spoken(whole), name: tab.merchantName })
            : say('closeFree')}
        </Send>
        <WishNotice wish={wish} />
      </div>
    </Form>
  )
}
