/** Money in suspense: what told us of it beside the decision, and every step that was taken. */
import { readSuspense } from '@bursar/contract'
import { useFace, useMe } from '../app/faces.ts'
import { Failed } from '../app/look/failed.tsx'
import { Page, Pairs, Section } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Bones, Figure, Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { exact } from '../app/times.ts'
import { Decide } from './decide.tsx'
import { Propose } from './propose.tsx'
import type { Row } from './suspense-row.ts'
import { useSuspenseWords } from './suspense-words.ts'
import { useWaited } from './suspense.tsx'

export default function Suspended() {
  const say = useSuspenseWords()
  const id = useParam('suspense')
  const reviews = useFace(useMe().me)?.role === 'reviewer'
  const read = useRead(readSuspense, { params: { suspense: id } }, { every: 3000 })
  const row = read.data
  const open = row?.proposals.find(one => one.state === 'proposed')
  return (
    <Page
      desk
      title={row ? say(`reason.${row.reason}`) : '\u00a0'}
      hint={row?.poolName ?? '\u00a0'}
      back={{ to: '/custody/suspense', label: say('suspense') }}
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      <Figure great of={row?.amount} />
      <p className="one-line">
        <State is={row?.state} />
      </p>
      <div className="beside-each-other">
        <div>{row ? <Evidence row={row} /> : <Bones rows={5} />}</div>
        <div>
          {row && open ? <Decide row={row} proposal={open} reviews={reviews} /> : null}
          {row && reviews && row.state === 'unclaimed' ? <Propose row={row} /> : null}
          {row ? <History row={row} /> : <Bones rows={3} />}
        </div>
      </div>
    </Page>
  )
}

function Evidence({ row }: { row: Row }) {
  const say = useSuspenseWords()
  const waited = useWaited()
  const payer = [row.payerName, row.payerAccount].filter(Boolean).join(' ')
  const id = (text: string) => <span className="id">{text}</span>
  return (
    <>
      <Section title={say('evidence')}>
        <Pairs
          of={[
            [say('payer'), payer],
            [say('about'), id(row.about)],
            [say('tradeNo'), id(row.tradeNo)],
            [say('route'), row.gateway],
            [say('came'), exact(row.at)],
            [say('waited'), waited(row)],
            [say('number'), id(row.id)],
          ]}
        />
      </Section>
      {row.order ? <Order order={row.order} /> : null}
      <Section title={say('notice')}>
        <div className="padded">
          {row.notice ? (
            <>
              <p className="fine">{say('noticeAt', { at: exact(row.notice.at) })}</p>
              <p className="word-for-word">{row.notice.text}</p>
            </>
          ) : (
            <p className="fine">{say('noNotice')}</p>
          )}
        </div>
      </Section>
    </>
  )
}

function Order({ order }: { order: NonNullable<Row['order']> }) {
  const say = useSuspenseWords()
  const name = order.personName ?? say('somebody')
  return (
    <Section title={say('order')}>
      <Pairs
        of={[
          [
            say('orderOf', { name, merchant: order.merchantName }),
            <State key="is" is={order.state} />,
          ],
          [say('orderAmount'), <Sum key="sum" of={order.amount} />],
        ]}
      />
    </Section>
  )
}

function History({ row }: { row: Row }) {
  const say = useSuspenseWords()
  const steps = row.proposals.flatMap(proposal =>
    proposal.steps.map(step => ({ ...step, proposal })).toReversed(),
  )
  return (
    <Section title={say('history')}>
      {steps.length === 0 ? <p className="fine padded">{say('noHistory')}</p> : null}
      <ol className="rows">
        {steps.map(({ name, byName, at, reason, proposal }) => (
          <li key={`${proposal.id}/${name}`} className="row">
            <span>
              <b>
                {name === 'propose'
                  ? say(`step.propose.${proposal.kind}`, {
                      name: proposal.personName ?? say('somebody'),
                    })
                  : say(`step.${name}`)}
              </b>
              <span className="fine">{byName}</span>
              {reason ? <span>{reason}</span> : null}
            </span>
            <span className="fine">{exact(at)}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
