/** What platforms would not take back of a purse: why, to which account at a bank it goes instead, and what became of it. */
import {
  listOwnResidues,
  listRefused,
  withdrawResidue,
  type Money,
  type RefusedView,
  type ResidueView,
} from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useGatewayName } from '../app/gateways.ts'
import { Failed } from '../app/look/failed.tsx'
import { Notice, Section } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useChange, useRead } from '../app/read.ts'
import { added, spoken } from '../app/sums.ts'
import { moment } from '../app/times.ts'
import { AskResidue } from './ask-residue.tsx'
import { useResidueWords } from './residue-words.ts'
import { stateWord } from './residue-state.ts'

type Purse = { purse: `pur_${string}` }

/** On the page of a purse: that there is something, and the way to it. */
export function RefusedNotice({ purse }: Purse) {
  const say = useResidueWords()
  const { data } = useRead(listRefused, { params: { purse } })
  if (!data?.rows.length) return null
  return (
    <Notice tone="wait">
      <p>
        {say('refusedShort', { amount: spoken(added(data.rows.map(row => row.left))) })}{' '}
        <Link to="/custody/purses/$purse/withdraw" params={{ purse }}>
          {say('refusedSee')}
        </Link>
      </p>
    </Notice>
  )
}

export function Refused({ purse, available }: Purse & { available: Money | undefined }) {
  const say = useResidueWords()
  const [asking, setAsking] = useState<string>()
  const [asked, setAsked] = useState<Money>()
  const { data, error } = useRead(listRefused, { params: { purse } }, { keep: true })
  if (error) return <Failed error={error} />
  const done = asked ? <Notice tone="good">{say('asked', { amount: spoken(asked) })}</Notice> : null
  if (!data?.rows.length) return done
  return (
    <Section title={say('refused')}>
      <p className="fine padded">{say('refusedText')}</p>
      {done}
      <ul className="rows">
        {data.rows.map(row => (
          <li key={row.part}>
            <RefusedRow row={row} open={asking === row.part} ask={() => setAsking(row.part)} />
            {asking === row.part && available ? (
              <AskResidue
                {...{ purse, row, available }}
                then={reply => {
                  if (reply) setAsked(reply)
                  setAsking(undefined)
                }}
              />
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function RefusedRow({ row, open, ask }: { row: RefusedView; open: boolean; ask(): void }) {
  const say = useResidueWords()
  const named = useGatewayName()
  return (
    <div className="row">
      <span>
        <b>{say('refusedBy', { name: named(row.gateway), why: row.why })}</b>
        <span className="fine">
          {moment(row.at)} · {say('leftOf', { amount: spoken(row.left) })}
        </span>
        {open ? null : (
          <span className="ask-again stack">
            <Button size="small" onClick={ask}>
              {say('toBank')}
            </Button>
          </span>
        )}
      </span>
      <span>
        <Sum of={row.amount} className="row-figure" />
      </span>
    </div>
  )
}

/** What was asked, newest first, with the way back as long as nobody has decided. */
export function OwnResidues({ purse }: Purse) {
  const say = useResidueWords()
  const { data } = useRead(listOwnResidues, { params: { purse }, query: {} }, { every: 5000 })
  if (!data?.rows.length) return null
  return (
    <Section title={say('own')}>
      <ul className="rows">
        {data.rows.map(row => (
          <li key={row.id} className="row">
            <span>
              <b>
                {row.bank} {row.account}
              </b>
              <span className="fine">{moment(row.at)}</span>
              <span>{say(`is.${row.state}`)}</span>
              {row.reason ? <span>{say('because', { reason: row.reason })}</span> : null}
              {row.state === 'submitted' ? <TakeBack row={row} /> : null}
            </span>
            <span>
              <Sum of={row.amount} className="row-figure" />
              <State is={stateWord(row.state)} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function TakeBack({ row }: { row: ResidueView }) {
  const say = useResidueWords()
  const [asking, setAsking] = useState(false)
  const take = useChange(withdrawResidue, () => setAsking(false))
  const params = { purse: row.purse, residue: row.id }
  return (
    <span className="ask-again stack">
      <Button size="small" onClick={() => setAsking(true)}>
        {say('takeBack')}
      </Button>
      <Modal
        open={asking}
        title={say('takeBack')}
        okText={say('takeBack')}
        okButtonProps={{ danger: true, loading: take.isPending }}
        onCancel={() => setAsking(false)}
        onOk={() => take.mutate({ params })}
      >
        <p>{say('takeBackText', { amount: spoken(row.amount) })}</p>
        <Failed error={take.error} />
      </Modal>
    </span>
  )
}
