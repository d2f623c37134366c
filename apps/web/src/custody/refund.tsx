/** A refund goes back to the purse that paid, never more than was paid. The button repeats amount and name. */
import { refundSpend, type readSpend, type ReplyOf } from '@bursar/contract'
import { Modal } from 'antd'
import { useState } from 'react'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { WishNotice } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Send } from '../app/look/send.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { memory } from '../app/read.ts'
import { less, spoken } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { useShopWords } from './shop-words.ts'

type Receipt = ReplyOf<typeof readSpend>

export function Refund({ receipt, close }: { receipt: Receipt; close(): void }) {
  const say = useShopWords()
  const left = leftOf(receipt)
  const amount = useAmount(left.amount, left.currency, left)
  const [reason, setReason] = useState('')
  const wish = useWish(refundSpend, `refund/${receipt.id}`, async () => {
    await memory.invalidateQueries()
    close()
  })
  const name = receipt.personName ?? ''
  const busy = wish.phase !== 'ready'
  const ready = amount.good !== undefined && reason.trim() !== ''
  const send = () => {
    const body = amount.good && { amount: amount.good, reason: reason.trim() }
    if (body?.reason) void wish.send({ params: { spend: receipt.id }, body })
  }
  return (
    <Modal open title={say('refund')} onCancel={close} footer={null}>
      <p className="fine after-form">{say('refundTo', { name })}</p>
      <Form send={send}>
        <Amount
          label={say('refundHowMuch')}
          value={amount.text}
          change={amount.set}
          currency={amount.currency}
          disabled={busy}
          hint={say('refundLeft', { amount: spoken(left) })}
          problem={amount.over ? say('refundTooMuch', { amount: spoken(left) }) : amount.wrong}
        />
        <TextField
          label={say('refundReason')}
          hint={say('refundReasonHint')}
          required
          maxLength={200}
          disabled={busy}
          value={reason}
          change={setReason}
        />
        <Send wish={wish} ready={ready} danger>
          {amount.sum ? say('refundNow', { amount: spoken(amount.sum), name }) : say('refund')}
        </Send>
        <WishNotice wish={wish} />
      </Form>
    </Modal>
  )
}

const leftOf = ({ amount, refunded }: Receipt) => less(amount, refunded)
