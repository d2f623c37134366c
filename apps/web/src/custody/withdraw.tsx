/** The balance goes back to where it came from. */
import { previewRefund, readPurse, withdrawBalance } from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Rows } from '../app/look/listing.tsx'
import { Notice, Page, Pairs, Section } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { memory, useRead } from '../app/read.ts'
import { minor, spoken } from '../app/sums.ts'
import { moment } from '../app/times.ts'
import { useWish } from '../app/wish.ts'
import { OwnResidues, Refused } from '../settlement/refused.tsx'
import { PastRefund } from './past-refund.tsx'
import { useWords } from './words.ts'

export default function Withdraw() {
  const say = useWords()
  const purse = useParam('purse')
  const read = useRead(readPurse, { params: { purse } })
  const mine = read.data
  const amount = useAmount('', mine?.available.currency, mine?.available)
  const [done, setDone] = useState<string>()
  const wish = useWish(withdrawBalance, `withdraw/${purse}`, async reply => {
    setDone(spoken(reply.amount))
    amount.set('')
    await memory.invalidateQueries()
  })
  const busy = wish.phase !== 'ready'
  const balance = mine ? spoken(mine.available) : ''
  const send = () => {
    if (amount.good) void wish.send({ params: { purse }, body: { amount: amount.good } })
  }
  return (
    <Page
      title={say('withdrawTitle')}
      hint={say('withdrawText')}
      back={{ to: `/custody/purses/${purse}`, label: mine?.merchantName ?? say('purse') }}
    >
      <Failed error={read.error} />
      <Form send={send}>
        <Amount
          label={say('amount')}
          value={amount.text}
          change={amount.set}
          currency={amount.currency}
          disabled={busy}
          hint={mine && say('balanceNow', { amount: balance })}
          problem={amount.over ? say('withdrawTooMuch', { amount: balance }) : amount.wrong}
        />
        <div className="stack">
          <Button
            disabled={!mine || busy}
            onClick={() => mine && amount.set(mine.available.amount)}
          >
            {say('withdrawAll')}
          </Button>
          <Send wish={wish} ready={amount.good !== undefined}>
            {amount.sum ? say('withdrawNow', { amount: spoken(amount.sum) }) : say('withdraw')}
          </Send>
        </div>
        <WishNotice wish={wish} />
        <Preview purse={purse} amount={amount.good?.amount} />
        {done ? <Notice tone="good">{say('withdrawn', { amount: done })}</Notice> : null}
      </Form>
      <PastRefund purse={purse} />
      <Refused purse={purse} available={mine?.available} />
      <OwnResidues purse={purse} />
    </Page>
  )
}

/** Part by part, before anything moves: which top-up each comes from, newest first. */
export function Preview({ purse, amount }: { purse: `pur_${string}`; amount: string | undefined }) {
  const say = useWords()
  const query = amount ? { amount } : {}
  const { data, error } = useRead(previewRefund, { params: { purse }, query }, { keep: true })
  if (error) return <Failed error={error} />
  if (!data || data.parts.length === 0) return null
  const some = (sum: typeof data.held) =>
    minor(sum) > 0n ? <Sum key={sum.amount} of={sum} /> : undefined
  return (
    <Section title={say('goesBack')} aside={<Sum of={data.amount} />}>
      <Rows
        rows={data.parts}
        rowKey={part => part.topUp}
        narrow={part => [
          <>
            <b>{say('toTopUp', { number: part.number })}</b>
            <span className="fine">
              {say('toppedUp', { amount: spoken(part.toppedUp), at: moment(part.toppedUpAt) })}
            </span>
          </>,
          <Sum of={part.amount} className="row-figure" />,
        ]}
      />
      <Pairs
        of={[
          [say('staysHeld'), some(data.held)],
          [say('goesToBank'), some(data.toBank)],
          [
            say('residue'),
            data.residue.amount === data.past.amount ? undefined : some(data.residue),
          ],
        ]}
      />
    </Section>
  )
}
