/** One merchant with the evidence beside the decision. */
import { decideMerchant, readMerchant, type ReplyOf } from '@bursar/contract'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useFace, useMe } from '../app/faces.ts'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Page, Pairs, Section } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { moment } from '../app/times.ts'
import { Prepayments } from './prepayments.tsx'
import { Scope } from './scope.tsx'
import { useWords } from './words.ts'

type Known = ReplyOf<typeof readMerchant>
type Shop = Known['merchant']

export default function Admit() {
  const say = useWords()
  const merchant = useParam('merchant')
  const { me } = useMe()
  const face = useFace(me)
  const read = useRead(readMerchant, { params: { merchant } })
  const shop = read.data?.merchant
  const decides = face?.role === 'admin' || face?.role === 'reviewer'
  return (
    <Page
      desk
      title={shop?.name ?? '\u00a0'}
      hint={shop ? <State is={shop.state} /> : '\u00a0'}
      back={{ to: '/parties/admission', label: say('admission') }}
    >
      <Failed error={read.error} />
      <div className="beside-each-other">
        <div>{shop ? <Application shop={shop} /> : <Bones rows={8} />}</div>
        <div>
          {shop && decides ? <Decision shop={shop} /> : null}
          {shop?.state === 'active' || shop?.state === 'suspended' ? (
            <Prepayments merchant={shop.id} changes={face?.role === 'admin'} />
          ) : null}
          {shop?.trade === 'onecard' && shop.state === 'active' ? (
            <Scope merchant={shop.id} changes={face?.role === 'admin'} />
          ) : null}
          {read.data ? <History known={read.data} /> : null}
        </div>
      </div>
    </Page>
  )
}

function Application({ shop }: { shop: Shop }) {
  const say = useWords()
  return (
    <Section title={say('application')}>
      <Pairs
        of={[
          [say('shopName'), shop.name],
          [say('trade'), say(`trade.${shop.trade}`)],
          [say('licence'), shop.licence],
          [say('representative'), shop.representative],
          [say('address'), shop.address],
          [say('bank'), shop.payee?.bank],
          [say('bankAccount'), shop.payee?.account],
          [say('accountName'), shop.payee?.name],
          [say('appliedAt'), shop.appliedAt ? moment(shop.appliedAt) : undefined],
        ]}
      />
      <p className="fine padded">{say('checkLicence')}</p>
      <p className="fine">{say('checkPayee')}</p>
    </Section>
  )
}

/** Which steps a merchant in this state can be moved by. */
const open: Partial<Record<string, readonly ('approve' | 'reject' | 'suspend' | 'resume')[]>> = {
  applicant: ['approve', 'reject'],
  active: ['suspend'],
  suspended: ['resume'],
}

function Decision({ shop }: { shop: Shop }) {
  const say = useWords()
  const [reason, setReason] = useState('')
  const decide = useChange(decideMerchant)
  const steps = open[shop.state] ?? []
  const needsReason = steps.some(step => step === 'reject' || step === 'suspend')
  const take = (step: (typeof steps)[number]) =>
    decide.mutate({
      params: { merchant: shop.id, step },
      body: step === 'reject' || step === 'suspend' ? { reason: reason.trim() } : {},
    })
  if (steps.length === 0) return null
  return (
    <Section title={say('decision')}>
      <div className="padded">
        {needsReason ? (
          <Field label={say('reason')} hint={say('reasonHint')}>
            {(id, by) => (
              <Input.TextArea
                id={id}
                aria-describedby={by}
                rows={3}
                maxLength={300}
                value={reason}
                onChange={event => setReason(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        <div className="stack">
          {steps.map(step => {
            const refuses = step === 'reject' || step === 'suspend'
            return (
              <Button
                key={step}
                type={refuses ? 'default' : 'primary'}
                danger={refuses}
                disabled={refuses && !reason.trim()}
                loading={decide.isPending}
                onClick={() => take(step)}
              >
                {say(step, { name: shop.name })}
              </Button>
            )
          })}
        </div>
        <Failed error={decide.error} />
      </div>
    </Section>
  )
}

const names = ['apply', 'approve', 'reject', 'suspend', 'resume', 'close', 'change'] as const
const isStep = (name: string): name is (typeof names)[number] => names.some(one => one === name)

function History({ known }: { known: Known }) {
  const say = useWords()
  return (
    <Section title={say('history')}>
      <ul className="rows">
        {known.steps.map(step => (
          <li key={`${step.name}/${step.takenAt}`} className="row">
            <span>
              <b>{isStep(step.name) ? say(`step.${step.name}`) : step.name}</b>
              {step.reason ? <span className="fine">{step.reason}</span> : null}
            </span>
            <span className="fine">{moment(step.takenAt)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
