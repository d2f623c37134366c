/** What staff asked to be paid back: the owner pays it elsewhere and says so, or refuses. */
import { answerRefundRequest, listRefundRequests, type ReplyOf } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Listing } from '../app/look/listing.tsx'
import { Empty } from '../app/look/page.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useChange } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { moment } from '../app/times.ts'
import { useOwner } from '../cashier/seats.tsx'
import { useDeskWords } from './desk-words.ts'
import { Desk } from './frame.tsx'

type Asked = ReplyOf<typeof listRefundRequests>['rows'][number]
const states = ['asked', 'done', 'refused'] as const
const tones = { asked: 'wait', done: 'good', refused: 'idle' } as const

export default function Requests() {
  const say = useDeskWords()
  const merchant = useParam('merchant')
  return (
    <Desk merchant={merchant} title={say('requests')} hint={say('requestsHint')}>
      <Listing
        route={listRefundRequests}
        ask={{ params: { merchant } }}
        file={say('requests')}
        filters={[
          {
            name: 'state',
            label: say('state'),
            options: states.map(one => [one, say(`request.${one}`)] as const),
          },
        ]}
        rowKey={(row: Asked) => row.id}
        narrow={row => [
          <>
            <b>{row.reason}</b>
            <span className="fine">
              {row.terminalName} · {moment(row.askedAt)}
            </span>
            <Standing key="state" of={row} />
          </>,
          <>
            <Sum of={row.amount} className="row-figure" />
            <Answer key="answer" merchant={merchant} of={row} />
          </>,
        ]}
        columns={[
          { title: say('when'), cell: row => moment(row.askedAt), width: 150 },
          { title: say('askedBy'), cell: row => row.terminalName },
          {
            title: say('reason'),
            cell: row => (
              <Link
                to="/notices/merchants/$merchant/notices/$notice"
                params={{ merchant, notice: row.notice }}
              >
                {row.reason}
              </Link>
            ),
          },
          { title: say('state'), cell: row => <Standing of={row} /> },
          { title: '\u00a0', cell: row => <Answer merchant={merchant} of={row} /> },
          { title: say('amount'), cell: row => <Sum of={row.amount} bare />, figure: true },
        ]}
        empty={<Empty>{say('noRequests')}</Empty>}
      />
    </Desk>
  )
}

function Standing({ of: { state, answer } }: { of: Asked }) {
  const say = useDeskWords()
  return (
    <span>
      <span className={`state ${tones[state]}`}>{say(`request.${state}`)}</span>
      {answer ? <span className="fine"> {answer}</span> : null}
    </span>
  )
}

function Answer({ merchant, of }: { merchant: `mer_${string}`; of: Asked }) {
  const say = useDeskWords()
  const owner = useOwner(merchant)
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const answer = useChange(answerRefundRequest, () => setOpen(false))
  if (!owner || of.state !== 'asked') return null
  const send = (state: 'done' | 'refused') =>
    answer.mutate({
      params: { merchant, refundRequest: of.id },
      body: { state, ...(text.trim() && { answer: text.trim() }) },
    })
  const amount = spoken(of.amount)
  return (
    <>
      <Button
        size="small"
        aria-label={`${say('answerIt')} ${amount}`}
        onClick={() => setOpen(true)}
      >
        {say('answerIt')}
      </Button>
      <Modal
        open={open}
        title={of.reason}
        onCancel={() => setOpen(false)}
        footer={[
          <Button key="no" loading={answer.isPending} onClick={() => send('refused')}>
            {say('refuse')}
          </Button>,
          <Button key="yes" type="primary" loading={answer.isPending} onClick={() => send('done')}>
            {say('done', { amount })}
          </Button>,
        ]}
      >
        <Field label={say('answer')}>
          {id => (
            <Input
              id={id}
              maxLength={200}
              value={text}
              onChange={event => setText(event.target.value)}
            />
          )}
        </Field>
        <Failed error={answer.error} />
      </Modal>
    </>
  )
}
