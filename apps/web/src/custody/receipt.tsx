/** The proof of a payment, for both sides. It prints; its QR leads back here. */
import { acceptSpend, declineSpend, readSpend, type ReplyOf } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useMe } from '../app/faces.ts'
import { Failed } from '../app/look/failed.tsx'
import { Rows } from '../app/look/listing.tsx'
import { Notice, Page, Pairs, Section } from '../app/look/page.tsx'
import { Qr } from '../app/look/qr.tsx'
import { State } from '../app/look/state.tsx'
import { Bones, Figure, Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { minor, spoken, turned } from '../app/sums.ts'
import { exact } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { Refund } from './refund.tsx'
import { useWords } from './words.ts'

type Receipt = ReplyOf<typeof readSpend>

export default function ReceiptPage() {
  const say = useWords()
  const app = useAppWords()
  const spend = useParam('spend')
  const { me } = useMe()
  const [refunding, setRefunding] = useState(false)
  const read = useRead(readSpend, { params: { spend } }, { every: 3000 })
  const receipt = read.data
  const atShop = me?.seats.some(seat => seat.organisation === receipt?.merchant) ?? false
  const left = receipt && minor(receipt.amount) > minor(receipt.refunded)
  return (
    <Page title={say('receipt')} acts={<Button onClick={() => print()}>{app('print')}</Button>}>
      <Failed error={read.error} again={() => void read.refetch()} />
      <div className="sheet">
        <p className="soft one-line">{receipt?.merchantName}</p>
        <Figure great of={receipt?.amount} />
        <p className="one-line">
          <State is={receipt ? stateOf(receipt) : undefined} />
        </p>
        {receipt ? <Aside receipt={receipt} atShop={atShop} /> : null}
        {receipt ? (
          <Details receipt={receipt} mine={receipt.person === me?.person.id} />
        ) : (
          <Bones rows={6} />
        )}
        {receipt ? <Refunds of={receipt.refunds} /> : null}
        <div className="centre padded">
          {receipt ? (
            <Qr
              text={`${location.origin}/custody/spends/${receipt.id}`}
              label={say('receipt')}
              size={132}
            />
          ) : null}
          <span className="id">{receipt?.id}</span>
        </div>
      </div>
      <div className="acts-row padded no-print">
        {atShop && receipt?.state === 'done' && left ? (
          <Button onClick={() => setRefunding(true)}>{say('refund')}</Button>
        ) : null}
        {receipt && receipt.person === me?.person.id ? (
          <Link to="/custody/purses/$purse" params={{ purse: receipt.purse }}>
            {say('backToPurse')}
          </Link>
        ) : null}
      </div>
      {refunding && receipt ? <Refund receipt={receipt} close={() => setRefunding(false)} /> : null}
    </Page>
  )
}

type Where = Pick<Receipt, 'outletName' | 'tillName'>
export const whereOf = ({ outletName, tillName }: Where): string =>
  [outletName, tillName].filter(Boolean).join(' · ')

/** What has been given back shows in the state: it is the first thing that either side asks. */
export function stateOf(spend: Pick<Receipt, 'state' | 'amount' | 'refunded'>): string {
  if (spend.state !== 'done' || minor(spend.refunded) === 0n) return spend.state
  return spend.refunded.amount === spend.amount.amount ? 'refunded' : 'partRefunded'
}

function Details({ receipt, mine }: { receipt: Receipt; mine: boolean }) {
  const say = useWords()
  return (
    <Pairs
      of={[
        [say('paidTo'), receipt.merchantName],
        [say('outlet'), whereOf(receipt)],
        [say('paidBy'), receipt.personName],
        [say('at'), exact(receipt.at)],
        [say('initiator'), say(`initiator.${receipt.initiator}`)],
        [say('noteLeft'), receipt.note],
        [
          say('refundedSum'),
          minor(receipt.refunded) > 0n ? <Sum key="refunded" of={receipt.refunded} /> : undefined,
        ],
        [
          say('left'),
          mine && receipt.balance ? <Sum key="left" of={receipt.balance} /> : undefined,
        ],
        [say('place'), receipt.seq],
        [
          say('proof'),
          receipt.hash ? (
            <span key="hash" className="id" title={say('proofHint')}>
              {receipt.hash.slice(0, 16)}…
            </span>
          ) : undefined,
        ],
      ]}
    />
  )
}

function Refunds({ of }: { of: Receipt['refunds'] }) {
  const say = useWords()
  if (of.length === 0) return null
  return (
    <Section title={say('refunds')}>
      <Rows
        rows={of}
        rowKey={one => one.id}
        narrow={one => [
          <>
            <b>{one.reason}</b>
            <span className="fine">{exact(one.at)}</span>
          </>,
          <Sum of={turned(one.amount)} className="row-figure" />,
        ]}
      />
    </Section>
  )
}

function Aside({ receipt, atShop }: { receipt: Receipt; atShop: boolean }) {
  const say = useWords()
  if (receipt.state === 'declined') return <Notice tone="bad">{say('declinedText')}</Notice>
  if (receipt.state === 'expired') return <Notice>{say('expiredText')}</Notice>
  if (receipt.state !== 'waiting') return null
  return atShop ? <Answer receipt={receipt} /> : <Notice tone="wait">{say('waitingShop')}</Notice>
}

type Waiting = Pick<Receipt, 'id' | 'amount'>
export function Answer({ receipt }: { receipt: Waiting }) {
  const say = useWords()
  const accept = useChange(acceptSpend)
  const decline = useChange(declineSpend)
  const ask = { params: { spend: receipt.id } }
  return (
    <>
      <div className="acts-row padded">
        <Button type="primary" loading={accept.isPending} onClick={() => accept.mutate(ask)}>
          {say('accept', { amount: spoken(receipt.amount) })}
        </Button>
        <Button loading={decline.isPending} onClick={() => decline.mutate(ask)}>
          {say('decline')}
        </Button>
      </div>
      <Failed error={accept.error ?? decline.error} />
    </>
  )
}
