/** The decision. Whoever asked, or sits at the merchant, is refused by the API; the button says what it moves. */
import { approveRequest, rejectRequest, type readRequest, type ReplyOf } from '@bursar/contract'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Section } from '../app/look/page.tsx'
import { useChange } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { BreaksHere } from './breaks.tsx'
import { useWords } from './words.ts'

type Request = ReplyOf<typeof readRequest>

export function Review({ request }: { request: Request }) {
  const say = useWords()
  const [reason, setReason] = useState('')
  const approve = useChange(approveRequest)
  const reject = useChange(rejectRequest)
  const params = { request: request.id }
  const name = request.merchantName
  return (
    <Section title={say('decision')}>
      <div className="padded stack">
        <BreaksHere merchant={request.merchant} />
        <p className="fine">{say('checks')}</p>
        <Button
          type="primary"
          size="large"
          loading={approve.isPending}
          disabled={reject.isPending}
          onClick={() => approve.mutate({ params, body: { terms: request.terms } })}
        >
          {say('approveNow', { amount: spoken(request.amount), name })}
        </Button>
        <Field label={say('reason')} hint={say('reasonHint')}>
          {(id, by) => (
            <Input.TextArea
              id={id}
              aria-describedby={by}
              rows={2}
              maxLength={300}
              value={reason}
              onChange={event => setReason(event.target.value)}
            />
          )}
        </Field>
        <Button
          danger
          disabled={!reason.trim() || approve.isPending}
          loading={reject.isPending}
          onClick={() => reject.mutate({ params, body: { reason: reason.trim() } })}
        >
          {say('rejectNow')}
        </Button>
        <Failed error={approve.error ?? reject.error} />
      </div>
    </Section>
  )
}
