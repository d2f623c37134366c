/** What becomes of a break: the first hand says why or proposes to book; the second confirms or rejects. */
import {
  confirmSettling,
  proposeSettling,
  rejectSettling,
  type readBillBreak,
  type ReplyOf,
} from '@bursar/contract'
import { Button, Input, Radio } from 'antd'
import { useState } from 'react'
import { useMe } from '../app/faces.ts'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Form } from '../app/look/form.tsx'
import { OneOf } from '../app/look/one-of.tsx'
import { Notice, Section } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { memory, useChange } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { reasons, useWords } from './words.ts'

type Row = ReplyOf<typeof readBillBreak>
type Reason = (typeof reasons)[number]

export function Settle({ row }: { row: Row }) {
  const say = useWords()
  const [kind, setKind] = useState<'explain' | 'book'>(row.bookable ? 'book' : 'explain')
  const [reason, setReason] = useState<Reason>('timing')
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const wish = useWish(proposeSettling, `settle/${row.id}`, () => memory.invalidateQueries())
  const send = () => {
    setTried(true)
    if (!note.trim()) return
    const body = { kind, reason, note: note.trim() }
    void wish.send({ params: { break: row.id }, body })
  }
  const amount = spoken(kind === 'book' ? row.there!.amount : row.atStake)
  const word = kind === 'book' ? 'proposeBook' : row.alone ? 'explainNow' : 'proposeExplain'
  return (
    <Section title={say('decide')}>
      <Form className="padded stack" send={send}>
        {row.bookable ? (
          <Radio.Group
            aria-label={say('decide')}
            optionType="button"
            value={kind}
            onChange={event => setKind(event.target.value === 'book' ? 'book' : 'explain')}
            options={(['book', 'explain'] as const).map(value => ({
              value,
              label: say(`settle.${value}`),
            }))}
          />
        ) : null}
        <p className="fine">
          {say(kind === 'book' ? 'bookHint' : row.alone ? 'aloneHint' : 'twoHint')}
        </p>
        <OneOf
          label={say('why')}
          value={reason}
          change={setReason}
          options={reasons.map(one => [one, say(`reason.${one}`)] as const)}
        />
        <Words
          label={say('note')}
          hint={say('noteHint')}
          problem={tried && !note.trim() ? say('noteWrong') : undefined}
          value={note}
          change={setNote}
        />
        <Send wish={wish} ready>
          {say(word, { amount })}
        </Send>
        <WishNotice wish={wish} />
      </Form>
    </Section>
  )
}

type Text = {
  label: string
  hint: string
  problem?: string | undefined
  value: string
  change(to: string): void
}
const Words = ({ label, hint, problem, value, change }: Text) => (
  <Field label={label} hint={hint} problem={problem}>
    {(id, by) => (
      <Input.TextArea
        id={id}
        aria-describedby={by}
        aria-invalid={Boolean(problem)}
        status={problem ? 'error' : ''}
        rows={2}
        maxLength={500}
        value={value}
        onChange={event => change(event.target.value)}
      />
    )}
  </Field>
)

type Shape = { row: Row; proposal: Row['proposals'][number]; reviews: boolean }

export function Answer({ row, proposal, reviews }: Shape) {
  const say = useWords()
  const { me } = useMe()
  const own = proposal.proposedBy === me?.person.id
  const books = proposal.kind === 'book'
  const amount = spoken(books ? row.there!.amount : row.atStake)
  const reason = say(`reason.${proposal.reason}`)
  return (
    <Section title={say('proposed')}>
      <div className="padded stack">
        <p>
          <b>{say(books ? 'toBook' : 'toExplain', { amount, reason })}</b>
        </p>
        <p>{proposal.note}</p>
        {own ? <Notice tone="wait">{say('own')}</Notice> : null}
        {reviews && !own ? <Second row={row} proposal={proposal} amount={amount} /> : null}
      </div>
    </Section>
  )
}

function Second({ row, proposal, amount }: Omit<Shape, 'reviews'> & { amount: string }) {
  const say = useWords()
  const [reason, setReason] = useState('')
  const reject = useChange(rejectSettling)
  const wish = useWish(confirmSettling, `confirm/${proposal.id}`, () => memory.invalidateQueries())
  const params = { break: row.id, proposal: proposal.id }
  return (
    <>
      <Form send={() => void wish.send({ params })}>
        <Send wish={wish} ready={!reject.isPending}>
          {say(proposal.kind === 'book' ? 'confirmBook' : 'confirmExplain', { amount })}
        </Send>
      </Form>
      <WishNotice wish={wish} />
      <Words
        label={say('rejectReason')}
        hint={say('rejectHint')}
        value={reason}
        change={setReason}
      />
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
