/** The balance goes back to where it came from. */
import { readPurse, withdrawBalance } from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice, Page } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { useParam } from '../app/params.ts'
import { memory, useRead } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
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
        {done ? <Notice tone="good">{say('withdrawn', { amount: done })}</Notice> : null}
      </Form>
    </Page>
  )
}
