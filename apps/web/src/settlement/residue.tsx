/** One refused refund: what it rests on beside the decision, and every step that was taken. */
import { approveResidue, readResidue, rejectResidue, type ResidueView } from '@bursar/contract'
import { useFace, useMe } from '../app/faces.ts'
import { useGatewayName } from '../app/gateways.ts'
import { Failed } from '../app/look/failed.tsx'
import { Notice, Page, Pairs, Section } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Bones, Figure } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { exact } from '../app/times.ts'
import { Decide } from './decide.tsx'
import { useResidueWords } from './residue-words.ts'
import { deskStep, stateWord } from './residue-state.ts'
import { useWords } from './words.ts'

export default function ResiduePage() {
  const say = useResidueWords()
  const id = useParam('residue')
  const role = useFace(useMe().me)?.role
  const reviews = role === 'reviewer'
  const queue = { to: '/settlement/residues', label: say('queue') }
  const breaks = { to: '/settlement/breaks', label: useWords()('breaks') }
  const read = useRead(readResidue, { params: { residue: id } }, { every: 3000 })
  const row = read.data
  return (
    <Page
      desk
      title={row?.holder ?? '\u00a0'}
      hint={say('one')}
      back={reviews || role === 'admin' ? queue : breaks}
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      <Figure great of={row?.amount} />
      <p className="one-line">
        <State is={row && stateWord(row.state)} />
      </p>
      {row?.differs ? <Notice tone="bad">{say(`differs.${row.differs}`)}</Notice> : null}
      <div className="beside-each-other">
        <div>{row ? <Facts row={row} /> : <Bones rows={5} />}</div>
        <div>
          {row && reviews && row.state === 'submitted' ? <Review row={row} /> : null}
          {row ? <History row={row} /> : <Bones rows={3} />}
        </div>
      </div>
    </Page>
  )
}

function Facts({ row }: { row: ResidueView }) {
  const say = useResidueWords()
  const named = useGatewayName()
  const step = deskStep(row.state)
  const id = (text: string) => <span className="id">{text}</span>
  return (
    <Section title={say('facts')}>
      <Pairs
        of={[
          [say('payee'), `${row.holder} · ${row.bank} ${row.account}`],
          [say('merchant'), row.merchantName],
          [say('gateway'), named(row.gateway)],
          [say('why'), row.why],
          [say('at'), exact(row.at)],
          [say('step'), step && say(step)],
          [say('reason'), row.reason],
          [say('part'), id(row.part)],
          [say('number'), id(row.id)],
        ]}
      />
    </Section>
  )
}

function Review({ row }: { row: ResidueView }) {
  const say = useResidueWords()
  const approve = useChange(approveResidue)
  const reject = useChange(rejectResidue)
  const params = { residue: row.id }
  const moves = { amount: spoken(row.amount), name: row.holder }
  return (
    <Decide
      words={{
        ...{ decision: say('decision'), checks: say('checks'), approve: say('approve', moves) },
        ...{ reason: say('reason'), reasonHint: say('reasonHint'), reject: say('reject') },
      }}
      {...{ approve, reject }}
      onApprove={() => approve.mutate({ params })}
      onReject={reason => reject.mutate({ params, body: { reason } })}
    />
  )
}

function History({ row }: { row: ResidueView }) {
  const say = useResidueWords()
  return (
    <Section title={say('history')}>
      <ol className="rows">
        {row.steps.map(step => (
          <li key={step.name} className="row">
            <span>
              <b>{say(`step.${step.name}`)}</b>
              <span className="fine">{step.byName ?? say('byBank')}</span>
              {step.reason ? <span>{step.reason}</span> : null}
            </span>
            <span className="fine">{exact(step.at)}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
