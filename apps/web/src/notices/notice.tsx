/** One notice: all that was said of it, and who was told what and why, or why not. */
import { readNotice, type EvidenceView, type ReplyOf } from '@bursar/contract'
import { Failed } from '../app/look/failed.tsx'
import { Page, Pairs, Section } from '../app/look/page.tsx'
import { Bones, Figure, Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { exact } from '../app/times.ts'
import { useDeskWords } from './desk-words.ts'
import { Marks } from './list.tsx'
import { Mark } from './mark.tsx'
import { platformName } from './platforms.ts'
import { signed } from './rows.ts'
import { useWayName, useWords } from './words.ts'

type Known = ReplyOf<typeof readNotice>

export default function Notice() {
  const say = useDeskWords()
  const params = { merchant: useParam('merchant'), notice: useParam('notice') }
  const read = useRead(readNotice, { params }, { every: 10_000, keep: true })
  const known = read.data
  return (
    <Page
      desk
      title={say('notice')}
      hint={known ? <Mark of={known} /> : '\u00a0'}
      back={{ to: `/notices/merchants/${params.merchant}`, label: say('notices') }}
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {known ? (
        <div className="beside-each-other">
          <div>
            <Figure great of={signed(known)} />
            <Marks of={known} />
            <Facts of={known} />
          </div>
          <div>
            <Evidences of={known} />
            <Tellings of={known} />
          </div>
        </div>
      ) : read.error ? null : (
        <Bones rows={8} />
      )}
    </Page>
  )
}

function Facts({ of }: { of: Known }) {
  const say = useDeskWords()
  const word = useWords()
  const nameOf = useWayName()
  const checked = of.checkedAt && `${of.checkedByName ?? ''} · ${exact(of.checkedAt)}`
  return (
    <Pairs
      of={[
        [say('kind'), [word(`kind.${of.kind}`), nameOf(of.way)].filter(Boolean).join(' · ')],
        [say('platform'), platformName(of.platform)],
        [say('payer'), of.payer],
        [say('payee'), of.payee],
        [say('order'), of.orders.join(' · ')],
        [say('grade'), word(`grade.${of.grade}`)],
        [say('till'), of.tillName],
        [say('when'), exact(of.at)],
        [say('heardAt'), exact(of.heardAt)],
        [say('heard'), say('heardTimes', { count: of.heard })],
        [say('checkedBy'), checked],
      ]}
    />
  )
}

function Evidences({ of }: { of: Known }) {
  const say = useDeskWords()
  return (
    <Section title={say('sources')}>
      <ul className="rows">
        {of.evidence.map(one => (
          <li key={one.id} className="row">
            <span>
              <Said of={one} />
            </span>
            {one.amount ? <Sum of={one.amount} /> : <span />}
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** Its lines, for a row. */
export function Said({ of }: { of: EvidenceView }) {
  const say = useDeskWords()
  const sums = {
    now: of.amount ? spoken(of.amount) : '—',
    before: of.noticeAmount ? spoken(of.noticeAmount) : '—',
  }
  return (
    <>
      <b>{say(`source.${of.source}`)}</b>
      <span className="fine">
        {exact(of.heardAt)}
        {of.terminalName ? ` · ${say('by', { name: of.terminalName })}` : ''}
        {of.tillName ? ` · ${of.tillName}` : ''}
      </span>
      <span className="fine">{say(`why.${of.outcome}`, sums)}</span>
      {of.text ? <span className="word-for-word">{of.text}</span> : null}
    </>
  )
}

function Tellings({ of }: { of: Known }) {
  const say = useDeskWords()
  const word = useWords()
  return (
    <Section title={say('tellings')}>
      {of.prompts.length === 0 ? <p className="fine padded">{say('noTellings')}</p> : null}
      <ul className="rows">
        {of.prompts.map(one => (
          <li key={one.seq} className="row">
            <span>
              <b>
                {one.class === 'contradicted' ? word('contradicted') : word(`state.${one.class}`)} ·{' '}
                {exact(one.at)}
              </b>
              <span className="fine">
                {say(`why.${one.class}`, {
                  grade: word(`grade.${of.evidence[0]?.grade ?? of.grade}`),
                })}
                {one.late ? ` ${say('why.late')}` : ''}
                {one.class === 'received' && !one.loud ? ` ${say('why.quiet')}` : ''}
              </span>
              <span className="fine">{say('why.acked', { count: one.acked })}</span>
            </span>
            <span className="fine">#{one.seq}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
