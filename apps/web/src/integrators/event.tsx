/** One event: its body as it was signed, and every try to tell it. */
import { listEndpoints, readEvent, replayEvent, type ReplyOf } from '@bursar/contract'
import { Button } from 'antd'
import { Failed } from '../app/look/failed.tsx'
import { Page, Pairs, Section } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { exact } from '../app/times.ts'
import { useWords } from './words.ts'
import './integrators.css'

type Told = ReplyOf<typeof readEvent>
type Attempt = Told['attempts'][number]

export default function EventPage() {
  const say = useWords()
  const [merchant, event] = [useParam('merchant'), useParam('event')]
  const params = { merchant, event }
  const read = useRead(readEvent, { params }, { every: 3000 })
  const endpoints = useRead(listEndpoints, { params: { merchant } })
  const replay = useChange(replayEvent)
  const urlOf = (id: string) => endpoints.data?.rows.find(one => one.id === id)?.url ?? id
  const told = read.data
  return (
    <Page
      desk
      title={told ? say(`event.${told.event.type}` as 'event.ping') : '\u00a0'}
      hint={told ? exact(told.event.at) : '\u00a0'}
      back={{ to: `/integrators/merchants/${merchant}/events`, label: say('log') }}
      acts={
        <Button loading={replay.isPending} onClick={() => replay.mutate({ params })}>
          {say('replay')}
        </Button>
      }
    >
      <Failed error={read.error ?? replay.error} again={() => void read.refetch()} />
      {told ? <Deliveries told={told} urlOf={urlOf} /> : <Bones rows={3} />}
      <Section title={say('body')}>
        <pre className="told">{told ? pretty(told.event.body) : '\u00a0'}</pre>
      </Section>
      <Section title={say('attempts')}>
        {told?.attempts.length === 0 ? <p className="fine padded">{say('noAttempts')}</p> : null}
        <ul className="rows">
          {told?.attempts.map(one => (
            <Try key={`${one.endpoint} ${one.n}`} of={one} url={urlOf(one.endpoint)} />
          ))}
        </ul>
      </Section>
    </Page>
  )
}

const pretty = (body: string) => JSON.stringify(JSON.parse(body), undefined, 2)

function Deliveries({ told: { event }, urlOf }: { told: Told; urlOf(id: string): string }) {
  const say = useWords()
  return (
    <Pairs
      of={[
        [
          say('about'),
          <span key="about" className="id">
            {event.subject}
          </span>,
        ],
        [
          'webhook-id',
          <span key="id" className="id">
            {event.id}
          </span>,
        ],
        ...event.deliveries.map(
          one =>
            [
              urlOf(one.endpoint),
              <span key={one.endpoint}>
                <State is={one.state} />{' '}
                {one.state === 'waiting' && one.tries > 0 ? (
                  <span className="fine">{say('nextTry', { at: exact(one.dueAt) })}</span>
                ) : null}
              </span>,
            ] as const,
        ),
      ]}
    />
  )
}

function Try({ of, url }: { of: Attempt; url: string }) {
  const say = useWords()
  const { n, sentAt, endedAt, status, error, answer } = of
  const good = status !== undefined && status >= 200 && status < 300
  return (
    <li className="block-row">
      <span>
        <b>{say('tries', { count: n })}</b>{' '}
        <span className={`state ${good ? 'good' : endedAt ? 'bad' : 'wait'}`}>
          {status ?? (error ? say(`error.${error}` as 'error.timed_out') : say('noResult'))}
        </span>
        <span className="fine">
          {exact(sentAt)} · {url}
        </span>
      </span>
      {answer ? <pre className="told">{answer}</pre> : null}
    </li>
  )
}
