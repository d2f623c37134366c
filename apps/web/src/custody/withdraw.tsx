/** The balance goes back to where it came from. */
import { readPurse, withdrawBalance } from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { Amount } from '../app/look/amount.tsx'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Notice, Page } from '../app/look/page.tsx'
import { useParam } from '../app/params.ts'
import { memory, useRead } from '../app/read.ts'
import { digits, fen, spoken, typed } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useWords } from './words.ts'

export default function Withdraw() {
  const say = useWords()
  const app = useAppWords()
  const purse = useParam('purse')
  const read = useRead(readPurse, { params: { purse } })
  const [text, setText] = useState('')
  const [done, setDone] = useState<string>()
  const wish = useWish(withdrawBalance, `withdraw/${purse}`, async reply => {
    setDone(spoken(reply.amount))
    setText('')
    await memory.invalidateQueries()
  })
  const mine = read.data
  const currency = mine?.available.currency ?? 'CNY'
  const amount = typed(text)
  const over = mine && amount ? fen(amount) > fen(mine.available.amount) : false
  const balance = mine ? spoken(mine.available) : ''
  return (
    <Page
      title={say('withdrawTitle')}
      hint={say('withdrawText')}
      back={{ to: `/custody/purses/${purse}`, label: mine?.merchantName ?? say('purse') }}
    >
      <Failed error={read.error} />
      <form
        onSubmit={event => {
          event.preventDefault()
          if (amount && !over)
            void wish.send({ params: { purse }, body: { amount: { amount, currency } } })
        }}
      >
        <Amount
          label={say('amount')}
          value={text}
          change={setText}
          currency={currency}
          disabled={wish.phase !== 'ready'}
          hint={mine && say('balanceNow', { amount: balance })}
          problem={
            over
              ? say('withdrawTooMuch', { amount: balance })
              : text && !amount
                ? app('amountWrong')
                : undefined
          }
        />
        <div className="stack">
          <Button
            disabled={!mine || wish.phase !== 'ready'}
            onClick={() => mine && setText(digits(mine.available.amount))}
          >
            {say('withdrawAll')}
          </Button>
          {wish.phase === 'unknown' ? null : (
            <Button
              type="primary"
              size="large"
              htmlType="submit"
              disabled={!amount || over}
              loading={wish.phase === 'sending'}
            >
              {amount
                ? say('withdrawNow', { amount: spoken({ amount, currency }) })
                : say('withdraw')}
            </Button>
          )}
        </div>
        <WishNotice wish={wish} />
        {done ? <Notice tone="good">{say('withdrawn', { amount: done })}</Notice> : null}
      </form>
    </Page>
  )
}
