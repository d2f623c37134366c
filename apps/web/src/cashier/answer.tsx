/** What the merchant does with an order: accept, refuse with a reason, deliver. */
import {
  acceptOrder,
  cancelOrder,
  deliverOrder,
  refuseOrder,
  type GoodsOrderView,
} from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'

type Shape = { order: GoodsOrderView; place: string }

export function Answer({ order, place }: Shape) {
  const say = useDeskWords()
  const accept = useChange(acceptOrder)
  const deliver = useChange(deliverOrder)
  const cancel = useChange(cancelOrder)
  const [refusing, setRefusing] = useState(false)
  const ask = { params: { order: order.id } }
  const named = { place, number: order.number }
  if (order.timer || !['placed', 'accepted'].includes(order.state)) return null
  if (refusing) return <Refuse order={order} close={() => setRefusing(false)} />
  return (
    <>
      <div className="order-acts">
        {order.state === 'placed' ? (
          <>
            <Button
              type="primary"
              size="large"
              aria-label={say('acceptNamed', named)}
              loading={accept.isPending}
              onClick={() => accept.mutate(ask)}
            >
              {say('accept')}
            </Button>
            <Button
              size="large"
              aria-label={say('refuseNamed', named)}
              onClick={() => setRefusing(true)}
            >
              {say('refuse')}
            </Button>
          </>
        ) : (
          <>
            <Button
              type="primary"
              size="large"
              aria-label={say('deliverNamed', named)}
              loading={deliver.isPending}
              onClick={() => deliver.mutate(ask)}
            >
              {say('deliver')}
            </Button>
            <Button
              size="large"
              aria-label={say('cancelNamed', named)}
              loading={cancel.isPending}
              onClick={() => cancel.mutate(ask)}
            >
              {say('cancel')}
            </Button>
          </>
        )}
      </div>
      <Failed error={accept.error ?? deliver.error ?? cancel.error} />
    </>
  )
}

const reasons = ['why.soldOut', 'why.closed', 'why.busy'] as const

function Refuse({ order, close }: { order: GoodsOrderView; close(): void }) {
  const say = useDeskWords()
  const app = useAppWords()
  const [reason, setReason] = useState('')
  const refuse = useChange(refuseOrder, close)
  const send = () => {
    if (reason.trim())
      refuse.mutate({ params: { order: order.id }, body: { reason: reason.trim() } })
  }
  return (
    <Form send={send}>
      <div className="order-acts after-field">
        {reasons.map(one => (
          <Button key={one} onClick={() => setReason(say(one))}>
            {say(one)}
          </Button>
        ))}
      </div>
      <TextField
        label={say('why')}
        hint={say('whyHint')}
        autoFocus
        maxLength={200}
        value={reason}
        change={setReason}
      />
      <div className="order-acts">
        <Button
          type="primary"
          danger
          htmlType="submit"
          disabled={!reason.trim()}
          loading={refuse.isPending}
        >
          {say('refuseNow', { amount: spoken(order.total) })}
        </Button>
        <Button onClick={close}>{app('cancel')}</Button>
      </div>
      <Failed error={refuse.error} />
    </Form>
  )
}
