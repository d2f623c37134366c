/** A merchant's API keys: made, rotated, ended; the secret is shown once. */
import { endApiKey, listApiKeys, makeApiKey, rotateApiKey, type ReplyOf } from '@bursar/contract'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Section } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange, useRead } from '../app/read.ts'
import { day, moment } from '../app/times.ts'
import { Cancel } from './cancel.tsx'
import { OneOf } from '../app/look/one-of.tsx'
import { Rotate } from './rotate.tsx'
import { Secret } from './secret.tsx'
import { Ticks } from '../app/look/ticks.tsx'
import { scopes, useWords } from './words.ts'

type Key = ReplyOf<typeof listApiKeys>['rows'][number]
type MerchantId = `mer_${string}`
const aDay = 24 * 3_600_000
/** Days that a key lives; 0 for no end. */
const lives = [0, 30, 90, 365] as const

export function Keys({ merchant }: { merchant: MerchantId }) {
  const say = useWords()
  const read = useRead(listApiKeys, { params: { merchant } })
  const [making, setMaking] = useState(false)
  const [secret, setSecret] = useState<string>()
  const rows = read.data?.rows
  return (
    <Section
      title={say('keys')}
      aside={
        making ? null : (
          <Button size="small" onClick={() => setMaking(true)}>
            {say('newKey')}
          </Button>
        )
      }
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {making ? <Make merchant={merchant} close={() => setMaking(false)} made={setSecret} /> : null}
      {rows ? (
        <ul className="rows">
          {rows.map(one => (
            <OneKey key={one.id} of={one} made={setSecret} />
          ))}
        </ul>
      ) : (
        <Bones rows={2} />
      )}
      {rows?.length === 0 && !making ? <p className="fine padded">{say('noKeys')}</p> : null}
      {secret ? <Secret of={secret} close={() => setSecret(undefined)} /> : null}
    </Section>
  )
}

function useStanding(key: Key): string {
  const say = useWords()
  if (key.endedAt) return say('endedOn', { at: moment(key.endedAt) })
  if (key.expiresAt && new Date(key.expiresAt) <= new Date()) return say('expired')
  return key.usedAt ? say('used', { at: moment(key.usedAt) }) : say('neverUsed')
}

function OneKey({ of: key, made }: { of: Key; made(secret: string): void }) {
  const say = useWords()
  const standing = useStanding(key)
  const [step, setStep] = useState<'rotate' | 'end'>()
  const close = () => setStep(undefined)
  const params = { merchant: key.merchant, apiKey: key.id }
  const rotate = useChange(rotateApiKey, ({ secret }) => {
    close()
    made(secret)
  })
  const end = useChange(endApiKey, close)
  const { name } = key
  const notes = [
    standing,
    key.expiresAt && !key.endedAt ? say('until', { at: day(key.expiresAt) }) : '',
    key.overlapEndsAt && !key.endedAt ? say('overlap', { at: moment(key.overlapEndsAt) }) : '',
  ]
  return (
    <li className={key.endedAt ? 'block-row soft' : 'block-row'}>
      <span>
        <b>{name}</b> <span className="id">{key.hint}…</span>
        <span className="fine">{key.scopes.map(one => say(`scope.${one}`)).join(' · ')}</span>
        <span className="fine">{notes.filter(Boolean).join(' · ')}</span>
      </span>
      {key.endedAt ? null : (
        <span className="acts">
          <Button size="small" onClick={() => setStep('rotate')}>
            {say('rotate')}
          </Button>
          <Button size="small" onClick={() => setStep('end')}>
            {say('end')}
          </Button>
        </span>
      )}
      {step === 'rotate' ? (
        <Rotate
          {...{ name, close, busy: rotate.isPending, error: rotate.error }}
          rotate={overlapHours => rotate.mutate({ params, body: { overlapHours } })}
        />
      ) : null}
      {step === 'end' ? (
        <Modal
          open
          title={say('endTitle', { name })}
          okText={say('end')}
          okButtonProps={{ danger: true, loading: end.isPending }}
          onOk={() => end.mutate({ params })}
          onCancel={close}
        >
          <p>{say('endText')}</p>
          <Failed error={end.error} />
        </Modal>
      ) : null}
    </li>
  )
}

type Making = { merchant: MerchantId; close(): void; made(secret: string): void }
function Make({ merchant, close, made }: Making) {
  const say = useWords()
  const [name, setName] = useState('')
  const [days, setDays] = useState(0)
  const [ticked, setTicked] = useState<(typeof scopes)[number][]>([...scopes])
  const make = useChange(makeApiKey, ({ secret }) => {
    close()
    made(secret)
  })
  const send = () => {
    const expiry = days ? { expiresAt: new Date(Date.now() + days * aDay).toISOString() } : {}
    make.mutate({ params: { merchant }, body: { name: name.trim(), scopes: ticked, ...expiry } })
  }
  return (
    <Form className="form-narrow padded" send={send}>
      <TextField
        label={say('keyName')}
        hint={say('keyNameHint')}
        required
        autoFocus
        maxLength={80}
        value={name}
        change={setName}
      />
      <Ticks
        label={say('allows')}
        all={scopes}
        ticked={ticked}
        word={one => say(`scope.${one}`)}
        change={setTicked}
      />
      <OneOf
        label={say('expires')}
        value={days}
        change={setDays}
        options={lives.map(count => [count, count ? say('afterDays', { count }) : say('never')])}
      />
      <div className="acts-row">
        <Button
          type="primary"
          htmlType="submit"
          disabled={!name.trim() || ticked.length === 0}
          loading={make.isPending}
        >
          {say('newKey')}
        </Button>
        <Cancel close={close} />
      </div>
      <Failed error={make.error} />
    </Form>
  )
}
