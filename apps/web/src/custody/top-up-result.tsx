/** Where the wallet sends people back to. It waits for the platform's signed word, not for the browser's. */
import { listPurses, readPurse, readTopUp, type ReplyOf } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useGatewayName } from '../app/gateways.ts'
import { Failed } from '../app/look/failed.tsx'
import { Notice, Page, Pairs } from '../app/look/page.tsx'
import { Qr } from '../app/look/qr.tsx'
import { State } from '../app/look/state.tsx'
import { Bones, Figure } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { readAgain, useRead } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { exact } from '../app/times.ts'
import { tableAt } from '../cashier/table.ts'
import { useWords as useCashierWords } from '../cashier/words.ts'
import { handOver, type Closed } from './within.ts'
import { useWords } from './words.ts'

type Order = ReplyOf<typeof readTopUp>

export default function TopUpResult() {
  const say = useWords()
  const navigate = useNavigate()
  const topUp = useParam('topUp')
  const read = useRead(readTopUp, { params: { topUp } }, { every: 1500 })
  const order = read.data
  const state = order?.state
  useEffect(() => {
    if (state === 'credited') void readAgain(listPurses, readPurse)
  }, [state])
  const [title, text] = useSaying(state, order?.astray !== undefined)
  return (
    <Page title={say('topUpResult')}>
      <Failed error={read.error} again={() => void read.refetch()} />
      <div aria-live="polite">
        <p>
          <b>{title}</b>
        </p>
        <Figure great of={order?.amount} />
        <p className="fine">{text}</p>
      </div>
      {order?.astray ? <Astray of={order.astray} gateway={order.gateway} /> : null}
      {order?.state === 'waiting' ? <Waits order={order} /> : null}
      <div className="padded">
        {order ? (
          <Pairs
            of={[
              [say('state'), <State key="state" is={order.state} />],
              [say('when'), exact(order.createdAt)],
              [
                say('topUpNo'),
                <span key="id" className="id">
                  {order.id}
                </span>,
              ],
            ]}
          />
        ) : (
          <Bones rows={2} />
        )}
      </div>
      <div className="acts-row padded">
        {order?.state === 'waiting' && order.payUrl ? (
          <Button size="large" href={order.payUrl}>
            {say('goOnPaying')}
          </Button>
        ) : null}
        {order?.state === 'credited' ? <ToTable purse={order.purse} /> : null}
        <Button
          type="primary"
          size="large"
          disabled={!order}
          onClick={() => order && void navigate({ to: `/custody/purses/${order.purse}` })}
        >
          {say('backToPurse')}
        </Button>
      </div>
    </Page>
  )
}

/** Money came, and could not be kept: why, and where it is. */
function Astray({ of, gateway }: { of: NonNullable<Order['astray']>; gateway: string }) {
  const say = useWords()
  const name = useGatewayName()(gateway)
  const { reason, state } = of
  const why = reason === 'other_payer' || reason === 'order_ended' ? reason : 'other'
  return (
    <div className="padded">
      <Notice tone={state === 'returned' ? 'good' : 'wait'}>
        <p>{say(`astray.${why}`, { name, amount: spoken(of.amount) })}</p>
        <p>{say(`astrayIs.${state}`, { name, amount: spoken(of.amount) })}</p>
      </Notice>
    </div>
  )
}

/** Read by the wallet on the payer's phone. */
function Scan({ text }: { text: string }) {
  const say = useWords()
  return (
    <div className="padded">
      <Qr text={text} label={say('scanToPay')} />
      <p className="fine">{say('scanToPay')}</p>
    </div>
  )
}

/** How the payment is come by from this page. */
function Waits({ order: { qr, call, gateway } }: { order: Order }) {
  if (qr) return <Scan text={qr} />
  return call ? <PayHere gateway={gateway} call={call} /> : null
}

/** In the wallet's own browser; in another one it says where to go. */
function PayHere({ gateway, call }: { gateway: string; call: Readonly<Record<string, string>> }) {
  const say = useWords()
  const name = useGatewayName()(gateway)
  const [closed, close] = useState<Closed | 'open'>()
  const open = () => {
    close('open')
    void handOver(gateway, call).then(close)
  }
  return (
    <div className="padded stack">
      <Button block size="large" loading={closed === 'open'} onClick={open}>
        {say('goOnPaying')}
      </Button>
      {closed === 'none' ? <Notice tone="wait">{say('notWithin', { name })}</Notice> : null}
    </div>
  )
}

/** Who came from a table goes back to what he had chosen there. */
function ToTable({ purse }: { purse: `pur_${string}` }) {
  const cashier = useCashierWords()
  const navigate = useNavigate()
  const { data } = useRead(readPurse, { params: { purse } })
  const table = tableAt(data?.merchant)
  if (!table) return null
  return (
    <Button size="large" onClick={() => void navigate({ to: `/cashier/places/${table.token}` })}>
      {cashier('backToTable', { place: table.name })}
    </Button>
  )
}

function useSaying(state: string | undefined, astray: boolean): readonly [string, string] {
  const say = useWords()
  if (state === 'credited') return [say('creditedTitle'), '\u00a0']
  if (state === 'waiting' || state === undefined) return [say('waitingTitle'), say('waitingText')]
  return [say('closedTitle'), astray ? '\u00a0' : say('closedText')]
}
