/**
 * A main without a capture of its own: the text of a phone's notice is pasted, or shared from another app, and sent as
 * evidence, with the time at which it came here; without a network it is kept on the device, and sent when there is one.
 * What was understood is shown; the house keeps it also when nothing was.
 */
import { readNotice, readTerminal, type postEvidence, type ReplyOf } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button, Input, Segmented } from 'antd'
import { useState } from 'react'
import { newId } from '../app/ids.ts'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice, Page, Section } from '../app/look/page.tsx'
import { Bones, Figure } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { exact } from '../app/times.ts'
import { useOwner } from '../cashier/seats.tsx'
import { Mark } from './mark.tsx'
import { platformName } from './platforms.ts'
import { signed } from './rows.ts'
import { useShared } from './kept-share.ts'
import type { Word } from './outbox.ts'
import { useOutbox } from './use-outbox.ts'
import { useWords } from './words.ts'

type Answer = ReplyOf<typeof postEvidence>['rows'][number]
const sources = ['phone', 'sms'] as const
const tones = {
  new: 'good',
  raised: 'good',
  filtered: 'idle',
  contradicts: 'bad',
  unreadable: 'wait',
} as const

/** One text, under one id until there is another; its time is when it came here. */
function useSending(terminal: `trm_${string}`, source: (typeof sources)[number]) {
  const [typed, setTyped] = useState<{ text: string; at: number }>()
  const { shared, taken } = useShared()
  const { text, at } = typed ?? shared ?? { text: '', at: 0 }
  const [id, setId] = useState(() => newId('evd'))
  const [sent, setSent] = useState(false)
  const outbox = useOutbox(terminal)
  const send = async () => {
    const word = { id, source, at: new Date(at).toISOString(), text: text.trim() }
    const told = outbox.put(word)
    if (shared) taken(shared)
    await told
    setSent(true)
  }
  const another = () => {
    setId(newId('evd'))
    setTyped(undefined)
    setSent(false)
  }
  const setText = (now: string) => setTyped({ text: now, at: text.trim() ? at : Date.now() })
  const answer = outbox.answers.find(one => one.id === id)
  return { ...outbox, text, setText, answer, sent, send, another }
}

export default function Paste() {
  const say = useWords()
  const terminal = useParam('terminal')
  const main = useRead(readTerminal, { params: { terminal } }).data
  const [source, setSource] = useState<(typeof sources)[number]>('phone')
  const { text, setText, answer, sent, send, another, ...box } = useSending(terminal, source)
  return (
    <Page
      title={say('pasteTitle')}
      hint={say('pasteHint')}
      back={{ to: `/notices/terminals/${terminal}`, label: main?.name ?? say('mine') }}
    >
      <Kept waiting={box.waiting} refused={box.refused} />
      <Failed error={box.error} />
      {answer ? (
        <Understood answer={answer} merchant={main?.merchant} another={another} />
      ) : sent ? (
        <Another act={another} />
      ) : (
        <Form send={() => void send()}>
          <Segmented
            className="after-field"
            aria-label={say('pasteApp')}
            value={source}
            onChange={setSource}
            options={sources.map(value => ({ value, label: say(`pasteApp.${value}`) }))}
          />
          <Field label={say('pasteText')} hint={say('pasteGrade')}>
            {(field, by) => (
              <Input.TextArea
                id={field}
                aria-describedby={by}
                autoFocus
                required
                rows={6}
                maxLength={2000}
                value={text}
                onChange={event => setText(event.target.value)}
              />
            )}
          </Field>
          <Button
            type="primary"
            size="large"
            block
            htmlType="submit"
            disabled={!text.trim()}
            loading={box.busy}
          >
            {say('pasteSend')}
          </Button>
        </Form>
      )}
    </Page>
  )
}

function Another({ act }: { act(): void }) {
  const say = useWords()
  return (
    <div className="stack padded">
      <Button onClick={act}>{say('pasteMore')}</Button>
    </div>
  )
}

/** What is on this device, and not with the house. */
function Kept({ waiting, refused }: { waiting: readonly Word[]; refused: readonly Word[] }) {
  const say = useWords()
  return (
    <>
      {waiting.length > 0 ? (
        <Notice tone="wait">
          <p>{say('pasteWaits', { count: waiting.length })}</p>
          <ul>
            {waiting.slice(0, 5).map(({ id, at, text }) => (
              <li key={id} className="fine">
                {exact(at)} · {text}
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {refused.map(({ id, text }) => (
        <Notice key={id} tone="bad">
          {say('pasteRefused')} {text}
        </Notice>
      ))}
    </>
  )
}

type Shape = { answer: Answer; merchant: `mer_${string}` | undefined; another(): void }
function Understood({ answer, merchant, another }: Shape) {
  const say = useWords()
  const owner = useOwner(merchant)
  const { notice, outcome } = answer
  return (
    <>
      <Notice tone={tones[outcome]}>{say(`outcome.${outcome}`)}</Notice>
      {merchant && notice && owner ? <Read merchant={merchant} notice={notice} /> : null}
      <Another act={another} />
    </>
  )
}

type Named = { merchant: `mer_${string}`; notice: `ntc_${string}` }
function Read(params: Named) {
  const say = useWords()
  const known = useRead(readNotice, { params }).data
  if (!known) return <Bones rows={3} />
  return (
    <Section title={say('pasteWhat')}>
      <Figure of={signed(known)} />
      <p>
        <Mark of={known} />
      </p>
      <p className="fine">
        {[platformName(known.platform), known.payer, ...known.orders, exact(known.at)]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <Link to="/notices/merchants/$merchant/notices/$notice" params={params}>
        {say('openIt')}
      </Link>
    </Section>
  )
}
