/** The second hand: somebody else than who proposed confirms, and the money moves; or rejects with a reason. */
import { confirmProposal, rejectProposal } from '@bursar/contract'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useMe } from '../app/faces.ts'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice, Section } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { memory, useChange } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import type { Row } from './suspense-row.ts'
import { useSuspenseWords } from './suspense-words.ts'

type Shape = { row: Row; proposal: Row['proposals'][number]; reviews: boolean }

export function Decide({ row, proposal, reviews }: Shape) {
  const say = useSuspenseWords()
  const { me } = useMe()
  const own = proposal.proposedBy === me?.person.id
  const amount = spoken(row.amount)
  const name = proposal.personName ?? say('somebody')
  return (
    <Section title={say('proposed')}>
      <div className="padded stack">
        <p>
          <b>
            {proposal.kind === 'assign'
              ? say('toAssign', { amount, name, merchant: proposal.merchantName ?? '' })
              : say('toReturn', { amount })}
          </b>
        </p>
        <p>{proposal.reason}</p>
        {own ? <Notice tone="wait">{say('own')}</Notice> : null}
        {reviews && !own ? <Answer row={row} proposal={proposal} /> : null}
      </div>
    </Section>
  )
}

function Answer({ row, proposal }: Omit<Shape, 'reviews'>) {
  const say = useSuspenseWords()
  const [reason, setReason] = useState('')
  const reject = useChange(rejectProposal)
  const wish = useWish(confirmProposal, `confirm/${proposal.id}`, () => memory.invalidateQueries())
  const params = { suspense: row.id, proposal: proposal.id }
  const word = proposal.kind === 'assign' ? 'confirmAssign' : 'confirmReturn'
  return (
    <>
      <Form send={() => void wish.send({ params })}>
        <Send wish={wish} ready={!reject.isPending}>
          {say(word, { amount: spoken(row.amount) })}
        </Send>
      </Form>
      <WishNotice wish={wish} />
      <Field label={say('rejectReason')} hint={say('rejectHint')}>
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
        disabled={!reason.trim() || wish.phase !== 'ready'}
        loading={reject.isPending}
        onClick={() => reject.mutate({ params, body: { reason: reason.trim() } })}
      >
        {say('reject')}
      </Button>
      <Failed error={reject.error} />
    </>
  )
}
