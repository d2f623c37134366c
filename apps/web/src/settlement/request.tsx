/** One request: the evidence it rests on beside the decision, and every step that was taken. */
import { readRequest, withdrawRequest, type ReplyOf } from '@bursar/contract'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useFace, useMe } from '../app/faces.ts'
import { Failed } from '../app/look/failed.tsx'
import { Page, Pairs, Section } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Bones, Figure } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { exact } from '../app/times.ts'
import { BreaksOf, WhatToDo } from './breaks.tsx'
import { Evidence } from './evidence.tsx'
import { Review } from './review.tsx'
import { useWords } from './words.ts'

type Request = ReplyOf<typeof readRequest>

export default function RequestPage() {
  const say = useWords()
  const id = useParam('request')
  const { me } = useMe()
  const face = useFace(me)
  const read = useRead(readRequest, { params: { request: id } }, { every: 3000 })
  const request = read.data
  const own = me?.seats.some(seat => seat.organisation === request?.merchant) ?? false
  const back = own
    ? { to: `/settlement/merchants/${request?.merchant}`, label: say('settlement') }
    : { to: '/settlement/requests', label: say('requests') }
  const reviews = !own && face?.role === 'reviewer'
  return (
    <Page desk title={request?.merchantName ?? '\u00a0'} hint={say('request')} back={back}>
      <Failed error={read.error} again={() => void read.refetch()} />
      <Figure great of={request?.amount} />
      <p className="one-line">
        <State is={request?.state} />
      </p>
      {request && !own ? <WhatToDo breaks={request.breaks} /> : null}
      <div className="beside-each-other">
        <div>
          <Evidence request={id} amount={request?.amount} />
        </div>
        <div>
          {request && reviews && request.state === 'submitted' ? (
            <Review request={request} />
          ) : null}
          {request && !own ? <BreaksOf breaks={request.breaks} /> : null}
          {request ? <Facts request={request} /> : <Bones rows={5} />}
          {request && own && request.state === 'submitted' ? <TakeBack request={request} /> : null}
        </div>
      </div>
    </Page>
  )
}

const steps = ['submit', 'approve', 'reject', 'withdraw', 'send', 'pay', 'bounce'] as const
const isStep = (name: string): name is (typeof steps)[number] => steps.some(one => one === name)

function Facts({ request }: { request: Request }) {
  const say = useWords()
  const { payee, payout } = request
  return (
    <>
      <Section title={say('payee')}>
        <Pairs
          of={[
            [payee.name, `${payee.bank} ${payee.account}`],
            [
              say('requestNo'),
              <span key="id" className="id">
                {request.id}
              </span>,
            ],
            [say('instruction'), payout ? say(`payout.${payout.state}`) : undefined],
            [
              say('serial'),
              payout?.serial ? (
                <span key="serial" className="id">
                  {payout.serial}
                </span>
              ) : undefined,
            ],
          ]}
        />
      </Section>
      <Section title={say('steps')}>
        <ol className="rows">
          {request.steps.map(step => (
            <li key={`${step.name}/${step.at}`} className="row">
              <span>
                <b>{isStep(step.name) ? say(`step.${step.name}`) : step.name}</b>
                <span className="fine">{step.byName ?? say('byBank')}</span>
                {step.reason ? <span>{step.reason}</span> : null}
              </span>
              <span className="fine">{exact(step.at)}</span>
            </li>
          ))}
        </ol>
      </Section>
    </>
  )
}

function TakeBack({ request }: { request: Request }) {
  const say = useWords()
  const [asking, setAsking] = useState(false)
  const take = useChange(withdrawRequest, () => setAsking(false))
  return (
    <p className="padded">
      <Button onClick={() => setAsking(true)}>{say('takeBack')}</Button>
      <Modal
        open={asking}
        title={say('takeBack')}
        okText={say('takeBack')}
        okButtonProps={{ danger: true, loading: take.isPending }}
        onCancel={() => setAsking(false)}
        onOk={() => take.mutate({ params: { request: request.id } })}
      >
        <p>{say('takeBackText', { amount: spoken(request.amount) })}</p>
        <Failed error={take.error} />
      </Modal>
    </p>
  )
}
