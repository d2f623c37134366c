/** A refund goes back to the purse that paid, never more than was paid. The button repeats amount and name. */
import { refundSpend } from '@bursar/contract'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { Amount } from '../app/look/amount.tsx'
import { WishNotice } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { memory } from '../app/read.ts'
import { fen, spoken, typed, yuan } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { useWords as useAppWords } from '../app/words.ts'
import type { Receipt } from './receipt.tsx'
import { useShopWords } from './shop-words.ts'

export function Refund({ receipt, close }: { receipt: Receipt; close(): void }) {
  const say = useShopWords()
  const app = useAppWords()
  const { currency } = receipt.amount
  const left = fen(receipt.amount.amount) - fen(receipt.refunded.amount)
  const most = spoken({ amount: yuan(left), currency })
  const [text, setText] = useState(yuan(left))
  const [reason, setReason] = useState('')
  const wish = useWish(refundSpend, `refund/${receipt.id}`, async () => {
    await memory.invalidateQueries()
    close()
  })
  const amount = typed(text)
  const over = amount !== undefined && fen(amount) > left
  const name = receipt.personName ?? ''
  const busy = wish.phase !== 'ready'
  const problem = over
    ? say('refundTooMuch', { amount: most })
    : text && !amount
      ? app('amountWrong')
      : undefined
  return (
    <Modal open title={say('refund')} onCancel={close} footer={null}>
      <p className="fine padded">{say('refundTo', { name })}</p>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (!amount || over || !reason.trim()) return
          const body = { amount: { amount, currency }, reason: reason.trim() }
          void wish.send({ params: { spend: receipt.id }, body })
        }}
      >
        <Amount
          label={say('refundHowMuch')}
          value={text}
          change={setText}
          currency={currency}
          disabled={busy}
          hint={say('refundLeft', { amount: most })}
          problem={problem}
        />
        <Field label={say('refundReason')} hint={say('refundReasonHint')}>
          {(id, by) => (
            <Input
              id={id}
              aria-describedby={by}
              required
              maxLength={200}
              disabled={busy}
              value={reason}
              onChange={event => setReason(event.target.value)}
            />
          )}
        </Field>
        {wish.phase === 'unknown' ? null : (
          <Button
            type="primary"
            danger
            block
            size="large"
            htmlType="submit"
            disabled={!amount || over || !reason.trim()}
            loading={wish.phase === 'sending'}
          >
            {amount
              ? say('refundNow', { amount: spoken({ amount, currency }), name })
              : say('refund')}
          </Button>
        )}
        <WishNotice wish={wish} />
      </form>
    </Modal>
  )
}
