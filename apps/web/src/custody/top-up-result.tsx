/** Where the wallet sends people back to. It waits for the platform's signed word, not for the browser's. */
import { listPurses, readPurse, readTopUp } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Page, Pairs } from '../app/look/page.tsx'
import { Qr } from '../app/look/qr.tsx'
import { State } from '../app/look/state.tsx'
import { Bones, Figure } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { readAgain, useRead } from '../app/read.ts'
import { exact } from '../app/times.ts'
import { tableAt } from '../cashier/table.ts'
import { useWords as useCashierWords } from '../cashier/words.ts'
import { useWords } from './words.ts'

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
  const [title, text] = useSaying(state)
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
      {state === 'waiting' && order?.qr ? <Scan text={order.qr} /> : null}
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

function useSaying(state: string | undefined): readonly [string, string] {
  const say = useWords()
  if (state === 'credited') return [say('creditedTitle'), '\u00a0']
  if (state === 'waiting' || state === undefined) return [say('waitingTitle'), say('waitingText')]
  return [say('closedTitle'), say('closedText')]
}
