/** One break: the platform's side and ours beside each other, and what people decide about it. */
import { readBillBreak, type ReplyOf } from '@bursar/contract'
import { useFace, useMe } from '../app/faces.ts'
import { useGatewayName } from '../app/gateways.ts'
import { Failed } from '../app/look/failed.tsx'
import { Page, Pairs, Section } from '../app/look/page.tsx'
import { Bones, Figure, Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { exact } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { BreakState } from './breaks.tsx'
import { hereWord } from './here-word.ts'
import { Answer, Settle } from './settle.tsx'
import { useWords } from './words.ts'

type Row = ReplyOf<typeof readBillBreak>

export default function Break() {
  const say = useWords()
  const named = useGatewayName()
  const id = useParam('break')
  const reviews = useFace(useMe().me)?.role === 'reviewer'
  const read = useRead(readBillBreak, { params: { break: id } }, { every: 5000 })
  const row = read.data
  const open = row?.proposals.find(one => one.state === 'proposed')
  return (
    <Page
      desk
      title={row ? say(`kind.${row.kind}`) : '\u00a0'}
      hint={row ? `${named(row.gateway)} · ${row.day} · ${say(`of.${row.of}`)}` : '\u00a0'}
      back={{ to: '/reconciliation/breaks', label: say('breaks') }}
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      <Figure great of={row?.atStake} />
      <p className="one-line">{row ? <BreakState is={row.state} /> : null}</p>
      <div className="beside-each-other">
        <div>{row ? <Sides row={row} /> : <Bones rows={5} />}</div>
        <div>
          {row && open ? <Answer row={row} proposal={open} reviews={reviews} /> : null}
          {row && reviews && row.state === 'open' ? <Settle row={row} /> : null}
          {row ? <History row={row} /> : <Bones rows={3} />}
        </div>
      </div>
    </Page>
  )
}

function Sides({ row }: { row: Row }) {
  const say = useWords()
  const app = useAppWords()
  const { there, here } = row
  const id = (text: string) => <span className="id">{text}</span>
  return (
    <>
      <Section title={say('there')}>
        {there ? (
          <Pairs
            of={[
              [say('amount'), <Sum key="sum" of={there.amount} />],
              [say('fee'), <Sum key="fee" of={there.fee} />],
              [say('agreedFee'), row.agreedFee ? <Sum key="agreed" of={row.agreedFee} /> : ''],
              [say('at'), exact(there.at)],
            ]}
          />
        ) : (
          <p className="fine padded">{say('nothingThere')}</p>
        )}
      </Section>
      <Section title={say('here')}>
        {here ? (
          <Pairs
            of={[
              [say('amount'), <Sum key="sum" of={here.amount} />],
              [say('stateHere'), app(hereWord(here.state))],
              [say('at'), here.at ? exact(here.at) : ''],
            ]}
          />
        ) : (
          <p className="fine padded">{say('nothingHere')}</p>
        )}
      </Section>
      <Section>
        <Pairs
          of={[
            [say('order'), id(row.order)],
            [say('refund'), row.refund ? id(row.refund) : ''],
            [say('tradeNo'), row.tradeNo ? id(row.tradeNo) : ''],
            [say('found'), exact(row.foundAt)],
            [say('ended'), row.endedAt ? exact(row.endedAt) : ''],
          ]}
        />
      </Section>
    </>
  )
}

function History({ row }: { row: Row }) {
  const say = useWords()
  return (
    <Section title={say('history')}>
      {row.proposals.length === 0 ? <p className="fine padded">{say('noHistory')}</p> : null}
      <ol className="rows">
        {row.proposals.map(one => (
          <li key={one.id} className="row">
            <span>
              <b>{say(one.state === 'alone' ? 'step.alone' : `step.${one.kind}`)}</b>
              <span className="fine">
                {one.proposedByName} · {say(`reason.${one.reason}`)}
              </span>
              <span>{one.note}</span>
              {one.state === 'confirmed' || one.state === 'rejected' ? (
                <span className="fine">
                  {say(`step.${one.state}`, { name: one.decidedByName ?? '' })}
                </span>
              ) : null}
              {one.answer ? <span>{one.answer}</span> : null}
              {one.outcome ? (
                <span className="fine">
                  {say('outcome', { outcome: say(`outcome.${outcomeOf(one.outcome)}`) })}
                </span>
              ) : null}
            </span>
            <span className="fine">{exact(one.decidedAt ?? one.proposedAt)}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}

/** What custody did: any reason of suspense's is one word here. */
function outcomeOf(outcome: string) {
  const known = ['credit', 'repeated', 'known_payment', 'told_before'] as const
  return known.find(one => one === outcome) ?? 'suspense'
}
