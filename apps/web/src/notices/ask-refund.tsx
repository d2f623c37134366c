/** Somebody at the counter asks the owner to pay back. It moves no money. */
import { askRefund, type TerminalView } from '@bursar/contract'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice } from '../app/look/page.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { useWords as useAppWords } from '../app/words.ts'
import type { Line } from './rows.ts'
import { useWords } from './words.ts'

type Shape = { terminal: TerminalView; line: Line; close(): void }

export function AskRefund({ terminal, line, close }: Shape) {
  const say = useWords()
  const app = useAppWords()
  const amount = useAmount('', line.amount?.currency, line.amount)
  const [reason, setReason] = useState('')
  const ask = useChange(askRefund)
  const whole = amount.text === ''
  const meant = amount.good ?? (whole ? line.amount : undefined)
  const send = () =>
    ask.mutate({
      params: { terminal: terminal.id },
      body: {
        notice: line.notice,
        reason: reason.trim(),
        ...(amount.good && { amount: amount.good }),
      },
    })
  return (
    <Modal open footer={null} title={say('askRefund')} onCancel={close}>
      <p className="after-field">{say('askRefundText')}</p>
      {ask.data ? (
        <>
          <Notice tone="good">{say('askRefundSent')}</Notice>
          <Button onClick={close}>{app('close')}</Button>
        </>
      ) : (
        <Form send={send}>
          <Amount
            label={say('refundAmount')}
            value={amount.text}
            change={amount.set}
            problem={amount.wrong ?? (amount.over ? app('amountWrong') : undefined)}
          />
          <TextField
            label={say('reason')}
            required
            maxLength={200}
            value={reason}
            change={setReason}
          />
          <Button
            type="primary"
            block
            htmlType="submit"
            disabled={!reason.trim() || (!whole && !amount.good)}
            loading={ask.isPending}
          >
            {meant ? say('askRefundOf', { amount: spoken(meant) }) : say('askRefund')}
          </Button>
          <Failed error={ask.error} />
        </Form>
      )}
    </Modal>
  )
}
