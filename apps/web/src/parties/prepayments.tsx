/** Whether a merchant takes top-ups: everybody at the desk sees it, an administrator changes it. */
import { readPrepayments, setTakesTopUps, type ReplyOf } from '@bursar/contract'
import { Input, Switch } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Section } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useChange, useRead } from '../app/read.ts'
import { moment } from '../app/times.ts'
import { useWords } from './words.ts'

type Merchant = `mer_${string}`
type Known = ReplyOf<typeof readPrepayments>

export function Prepayments({ merchant, changes }: { merchant: Merchant; changes: boolean }) {
  const say = useWords()
  const read = useRead(readPrepayments, { params: { merchant } })
  return (
    <Section title={say('prepayments')}>
      {read.data ? (
        <Setting merchant={merchant} known={read.data} changes={changes} />
      ) : read.error ? (
        <Failed error={read.error} />
      ) : (
        <Bones rows={1} />
      )}
    </Section>
  )
}

type Shape = { merchant: Merchant; known: Known; changes: boolean }
function Setting({ merchant, known: { takes, steps }, changes }: Shape) {
  const say = useWords()
  const [reason, setReason] = useState('')
  const change = useChange(setTakesTopUps, () => setReason(''))
  const last = steps.at(-1)
  return (
    <>
      <label className="row">
        <span>
          <b>{say(takes ? 'takesTopUps' : 'takesNoTopUps')}</b>
          <span className="fine">
            {last ? [moment(last.at), last.reason].filter(Boolean).join(' · ') : say('spendsGoOn')}
          </span>
        </span>
        <span>
          <Switch
            checked={takes}
            aria-label={say('takesTopUps')}
            disabled={!changes || (takes && !reason.trim())}
            loading={change.isPending}
            onChange={next =>
              change.mutate({ params: { merchant }, body: { takes: next, reason: reason.trim() } })
            }
          />
        </span>
      </label>
      {changes && takes ? (
        <Field label={say('barReason')} hint={say('barReasonHint')}>
          {(id, by) => (
            <Input
              id={id}
              aria-describedby={by}
              maxLength={300}
              value={reason}
              onChange={event => setReason(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      <Failed error={change.error} />
    </>
  )
}
