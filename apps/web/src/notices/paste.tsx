/**
 * A main without a capture of its own: the text of a phone's notice is pasted, or shared from another app, and sent as
 * evidence. What was understood is shown; it is kept also when nothing was.
 */
import { postEvidence, readNotice, readTerminal, type ReplyOf } from '@bursar/contract'
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
import { useChange, useRead } from '../app/read.ts'
import { exact } from '../app/times.ts'
import { useOwner } from '../cashier/seats.tsx'
import { Mark } from './mark.tsx'
import { platformName } from './platforms.ts'
import { signed } from './rows.ts'
import { forgetShared, useShared } from './kept-share.ts'
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

/** One text, sent under one id until there is another. */
function useSending(terminal: `trm_${string}`, source: (typeof sources)[number]) {
  const [typed, setText] = useState<string>()
  const shared = useShared()
  const text = typed ?? shared ?? ''
  const [id, setId] = useState(() => newId('evd'))
  const [answer, setAnswer] = useState<Answer>()
  const post = useChange(postEvidence, ({ rows }) => {
    setAnswer(rows[0])
    void forgetShared()
  })
  const send = () =>
    post.mutate({
      params: { terminal },
      body: { items: [{ id, source, at: new Date().toISOString(), text: text.trim() }] },
    })
  const another = () => {
    setId(newId('evd'))
    setText('')
    setAnswer(undefined)
  }
  return { text, setText, answer, post, send, another }
}

export default function Paste() {
  const say = useWords()
  const terminal = useParam('terminal')
  const main = useRead(readTerminal, { params: { terminal } }).data
  const [source, setSource] = useState<(typeof sources)[number]>('phone')
  const { text, setText, answer, post, send, another } = useSending(terminal, source)
  return (
    <Page
      title={say('pasteTitle')}
      hint={say('pasteHint')}
      back={{ to: `/notices/terminals/${terminal}`, label: main?.name ?? say('mine') }}
    >
      {answer ? (
        <Understood answer={answer} merchant={main?.merchant} another={another} />
      ) : (
        <Form send={send}>
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
            loading={post.isPending}
          >
            {say('pasteSend')}
          </Button>
          <Failed error={post.error} />
        </Form>
      )}
    </Page>
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
      <div className="stack padded">
        <Button onClick={another}>{say('pasteMore')}</Button>
      </div>
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
