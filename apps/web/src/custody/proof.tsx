/** The book of a pool, proved: what the last proof found, where the book ends, and who outside keeps that. */
import { readProof, startProof, type ReplyOf } from '@bursar/contract'
import { Button } from 'antd'
import { Failed } from '../app/look/failed.tsx'
import { Empty, Notice, Page, Pairs, Section } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { exact } from '../app/times.ts'
import { useProofWords } from './proof-words.ts'

type Proof = ReplyOf<typeof readProof>

export default function ProofPage() {
  const say = useProofWords()
  const pool = useParam('pool')
  const read = useRead(readProof, { params: { pool } }, { every: 2000 })
  const start = useChange(startProof)
  const of = read.data
  const running = start.isPending || of?.running !== undefined
  return (
    <Page
      desk
      title={say('proof')}
      hint={say('proofHint')}
      back={{ to: `/custody/pools/${pool}`, label: say('pool') }}
      acts={
        <Button
          type="primary"
          disabled={!of || running}
          onClick={() => start.mutate({ params: { pool } })}
        >
          {say(running ? 'starting' : 'start')}
        </Button>
      }
    >
      <Failed error={read.error ?? start.error} again={() => void read.refetch()} />
      <Outcome of={of} />
      <Ends of={of} />
      <Outside of={of} />
    </Page>
  )
}

function Outcome({ of }: { of: Proof | undefined }) {
  const say = useProofWords()
  if (!of) return <Notice>{'\u00a0'}</Notice>
  const { running, failed, last } = of
  if (running)
    return (
      <Notice tone="wait">
        <b>{say('running')}</b>{' '}
        {say('runningText', { entries: running.entries, since: exact(running.since) })}
      </Notice>
    )
  if (failed)
    return (
      <Notice tone="bad">
        <b>{say('failed')}</b> {say('failedText', { at: exact(failed) })}
      </Notice>
    )
  if (!last) return <Notice>{say('never')}</Notice>
  const { entries, accounts, after = '' } = last
  const seconds = (last.ms / 1000).toFixed(2)
  const when = <span className="soft">{say('at', { at: exact(last.at), seconds })}</span>
  if (!last.fault)
    return (
      <Notice tone="good">
        <b>{say('proved')}</b>{' '}
        {say(after ? 'provedAfter' : 'provedText', { entries, accounts, after })} {when}
      </Notice>
    )
  const { seq, field, says } = last.fault
  return (
    <Notice tone="bad">
      <p>
        <b>{say('wrong')}</b> {say('wrongText', { seq, field })} {when}
      </p>
      <p className="fine" lang="en">
        {say('detail')}: {field} {says}
      </p>
    </Notice>
  )
}

const Code = ({ children }: { children: string }) => <span className="id">{children}</span>

function Ends({ of }: { of: Proof | undefined }) {
  const say = useProofWords()
  if (!of)
    return (
      <Section title={say('end')}>
        <Bones rows={3} />
      </Section>
    )
  const { seal } = of
  return (
    <>
      <Section title={say('end')}>
        <div className="padded">
          <Pairs
            of={[
              [say('entry'), of.seq],
              [say('lastEntry'), exact(of.at)],
              [say('head'), <Code key="head">{of.head}</Code>],
            ]}
          />
        </div>
      </Section>
      <Section title={say('seal')}>
        {seal ? (
          <div className="padded">
            <Pairs
              of={[
                [say('entry'), seal.seq],
                [say('sealAt'), exact(seal.at)],
                [say('key'), <Code key="key">{seal.key}</Code>],
              ]}
            />
          </div>
        ) : (
          <Empty>{say('noSeal')}</Empty>
        )}
      </Section>
    </>
  )
}

function Outside({ of }: { of: Proof | undefined }) {
  const say = useProofWords()
  return (
    <Section title={say('witnesses')}>
      <p className="fine padded">{say('witnessesHint')}</p>
      {of ? null : <Bones rows={1} />}
      {of?.witnesses.length === 0 ? <Notice tone="wait">{say('noWitnesses')}</Notice> : null}
      <ul className="rows">
        {of?.witnesses.map(({ name, seq, at, agrees }) => (
          <li key={name} className="row">
            <span>
              <b className="id">{name}</b>
              <span className="fine">
                {seq && at ? say('keeps', { seq, at: exact(at) }) : say('keepsNothing')}
              </span>
            </span>
            {seq ? (
              <span className="row-figure">
                <span className={`state ${agrees ? 'good' : 'bad'}`}>
                  {say(agrees ? 'agrees' : 'differs')}
                </span>
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  )
}
