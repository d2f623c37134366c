/** A decision of one person about what another has asked for: agree, or turn it down and say why. */
import { Button, Input } from 'antd'
import { useState, type ReactNode } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Section } from '../app/look/page.tsx'

type Step = Readonly<{ isPending: boolean; error: Error | null }>
type Shape = Readonly<{
  words: Readonly<
    Record<'decision' | 'checks' | 'approve' | 'reason' | 'reasonHint' | 'reject', string>
  >
  approve: Step
  reject: Step
  onApprove(): void
  onReject(reason: string): void
  /** What has to be known before. */
  children?: ReactNode
}>

export function Decide({ words, approve, reject, onApprove, onReject, children }: Shape) {
  const [reason, setReason] = useState('')
  return (
    <Section title={words.decision}>
      <div className="padded stack">
        {children}
        <p className="fine">{words.checks}</p>
        <Button
          type="primary"
          size="large"
          loading={approve.isPending}
          disabled={reject.isPending}
          onClick={onApprove}
        >
          {words.approve}
        </Button>
        <Field label={words.reason} hint={words.reasonHint}>
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
          onClick={() => onReject(reason.trim())}
        >
          {words.reject}
        </Button>
        <Failed error={approve.error ?? reject.error} />
      </div>
    </Section>
  )
}
