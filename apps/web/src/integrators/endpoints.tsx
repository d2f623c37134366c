/** Where a merchant is told: added, tested, disabled, replayed; and why one of them is not live. */
import {
  changeEndpoint,
  endEndpoint,
  listEndpoints,
  makeEndpoint,
  pingEndpoint,
  rotateSecret,
  type ReplyOf,
} from '@bursar/contract'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice, Section } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Bones } from '../app/look/sum.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange, useRead } from '../app/read.ts'
import { moment } from '../app/times.ts'
import { Cancel } from './cancel.tsx'
import { ReplaySpan } from './replay.tsx'
import { Rotate } from './rotate.tsx'
import { Secret } from './secret.tsx'
import { Ticks } from '../app/look/ticks.tsx'
import { eventTypes, useWords } from './words.ts'

type Endpoint = ReplyOf<typeof listEndpoints>['rows'][number]
type MerchantId = `mer_${string}`

export function Endpoints({ merchant }: { merchant: MerchantId }) {
  const say = useWords()
  const read = useRead(listEndpoints, { params: { merchant } }, { every: 5000 })
  const [making, setMaking] = useState(false)
  const [secret, setSecret] = useState<string>()
  const rows = read.data?.rows.filter(({ state }) => state !== 'ended')
  return (
    <Section
      title={say('endpoints')}
      aside={
        making ? null : (
          <Button size="small" onClick={() => setMaking(true)}>
            {say('newEndpoint')}
          </Button>
        )
      }
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {making ? <Make merchant={merchant} close={() => setMaking(false)} made={setSecret} /> : null}
      {rows ? (
        <ul className="rows">
          {rows.map(one => (
            <OneEndpoint key={one.id} of={one} made={setSecret} />
          ))}
        </ul>
      ) : (
        <Bones rows={2} />
      )}
      {rows?.length === 0 && !making ? <p className="fine padded">{say('noEndpoints')}</p> : null}
      {secret ? <Secret of={secret} close={() => setSecret(undefined)} /> : null}
    </Section>
  )
}

function OneEndpoint({ of: endpoint, made }: { of: Endpoint; made(secret: string): void }) {
  const say = useWords()
  const { why, failingSince, overlapEndsAt } = endpoint
  return (
    <li className="block-row">
      <span>
        <b>{endpoint.url}</b> <State is={endpoint.state} />
        <span className="fine">{endpoint.events.map(one => say(`event.${one}`)).join(' · ')}</span>
        {overlapEndsAt ? (
          <span className="fine">{say('overlap', { at: moment(overlapEndsAt) })}</span>
        ) : null}
      </span>
      {why === 'failing' || why === 'gone' ? (
        <Notice tone="bad">
          <p>{say(`why.${why}`)}</p>
        </Notice>
      ) : failingSince ? (
        <Notice tone="wait">
          <p>{say('failing', { at: moment(failingSince) })}</p>
        </Notice>
      ) : null}
      <Acts endpoint={endpoint} made={made} />
    </li>
  )
}

function Acts({ endpoint, made }: { endpoint: Endpoint; made(secret: string): void }) {
  const say = useWords()
  const [step, setStep] = useState<'rotate' | 'replay' | 'remove'>()
  const close = () => setStep(undefined)
  const params = { merchant: endpoint.merchant, endpoint: endpoint.id }
  const ping = useChange(pingEndpoint)
  const change = useChange(changeEndpoint)
  const rotate = useChange(rotateSecret, ({ secret }) => {
    close()
    made(secret)
  })
  const live = endpoint.state === 'live'
  return (
    <>
      <span className="acts">
        <Button
          size="small"
          disabled={!live}
          loading={ping.isPending}
          onClick={() => ping.mutate({ params })}
        >
          {say('test')}
        </Button>
        <Button size="small" disabled={!live} onClick={() => setStep('replay')}>
          {say('replaySpan')}
        </Button>
        <Button size="small" onClick={() => setStep('rotate')}>
          {say('rotate')}
        </Button>
        <Button
          size="small"
          loading={change.isPending}
          onClick={() => change.mutate({ params, body: { state: live ? 'disabled' : 'live' } })}
        >
          {say(live ? 'stop' : 'live')}
        </Button>
        <Button size="small" onClick={() => setStep('remove')}>
          {say('remove')}
        </Button>
        {ping.isSuccess ? <span className="fine">{say('tested')}</span> : null}
      </span>
      <Failed error={ping.error ?? change.error} />
      {step === 'replay' ? <ReplaySpan {...{ endpoint, close }} /> : null}
      {step === 'rotate' ? (
        <Rotate
          {...{ name: endpoint.url, close, busy: rotate.isPending, error: rotate.error }}
          rotate={overlapHours => rotate.mutate({ params, body: { overlapHours } })}
        />
      ) : null}
      {step === 'remove' ? <Remove {...{ endpoint, close }} /> : null}
    </>
  )
}

function Remove({ endpoint, close }: { endpoint: Endpoint; close(): void }) {
  const say = useWords()
  const remove = useChange(endEndpoint, close)
  const params = { merchant: endpoint.merchant, endpoint: endpoint.id }
  return (
    <Modal
      open
      title={say('removeTitle')}
      okText={say('remove')}
      okButtonProps={{ danger: true, loading: remove.isPending }}
      onOk={() => remove.mutate({ params })}
      onCancel={close}
    >
      <p>{say('removeText')}</p>
      <Failed error={remove.error} />
    </Modal>
  )
}

type Making = { merchant: MerchantId; close(): void; made(secret: string): void }
function Make({ merchant, close, made }: Making) {
  const say = useWords()
  const [url, setUrl] = useState('https://')
  const [ticked, setTicked] = useState<(typeof eventTypes)[number][]>([...eventTypes])
  const make = useChange(makeEndpoint, ({ secret }) => {
    close()
    made(secret)
  })
  const send = () =>
    make.mutate({ params: { merchant }, body: { url: url.trim(), events: ticked } })
  return (
    <Form className="form-narrow padded" send={send}>
      <TextField
        label={say('url')}
        hint={say('urlHint')}
        required
        autoFocus
        maxLength={500}
        value={url}
        change={setUrl}
      />
      <Ticks
        label={say('tells')}
        all={eventTypes}
        ticked={ticked}
        word={one => say(`event.${one}`)}
        change={setTicked}
      />
      <div className="acts-row">
        <Button
          type="primary"
          htmlType="submit"
          disabled={ticked.length === 0}
          loading={make.isPending}
        >
          {say('newEndpoint')}
        </Button>
        <Cancel close={close} />
      </div>
      <Failed error={make.error} />
    </Form>
  )
}
