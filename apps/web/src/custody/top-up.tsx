/** How much to put in. The payment itself happens on the wallet's own page. */
import { readPurse, startTopUp } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { Amount } from '../app/look/amount.tsx'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Notice, Page } from '../app/look/page.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { fen, spoken, typed, yuan } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useWords } from './words.ts'

const offers = ['50.00', '100.00', '200.00', '300.00', '500.00', '1000.00'] as const

export default function TopUp() {
  const say = useWords()
  const app = useAppWords()
  const navigate = useNavigate()
  const purse = useParam('purse')
  const read = useRead(readPurse, { params: { purse } })
  const [text, setText] = useState('100')
  const wish = useWish(startTopUp, `top-up/${purse}`, top => {
    if (top.payUrl) location.assign(top.payUrl)
    else void navigate({ to: `/custody/top-ups/${top.id}` })
  })
  const mine = read.data
  const currency = mine?.available.currency ?? 'CNY'
  const amount = typed(text)
  const room = mine && fen(mine.ceiling.amount) - fen(mine.available.amount) - fen(mine.held.amount)
  const over = room !== undefined && amount !== undefined && fen(amount) > room
  const roomText = room === undefined ? undefined : spoken({ amount: yuan(room), currency })
  const busy = wish.phase !== 'ready'
  const send = () => {
    if (!amount || over) return
    const returnUrl = `${location.origin}/custody/top-ups`
    void wish.send({ params: { purse }, body: { amount: { amount, currency }, returnUrl } })
  }
  return (
    <Page
      title={mine ? say('topUpTo', { name: mine.merchantName }) : say('topUp')}
      back={{ to: `/custody/purses/${purse}`, label: mine?.merchantName ?? say('purse') }}
    >
      <Failed error={read.error} />
      <form
        onSubmit={event => {
          event.preventDefault()
          send()
        }}
      >
        <p className="fine">{say('howMuch')}</p>
        <div className="choices">
          {offers.map(offer => (
            <button
              key={offer}
              type="button"
              className="choice"
              disabled={busy}
              aria-pressed={amount === offer}
              onClick={() => setText(offer.replace('.00', ''))}
            >
              {offer.replace('.00', '')}
            </button>
          ))}
        </div>
        <Amount
          label={say('otherAmount')}
          value={text}
          change={setText}
          currency={currency}
          disabled={busy}
          hint={roomText && say('room', { amount: roomText })}
          problem={
            over && roomText
              ? say('tooMuch', { amount: roomText })
              : text && !amount
                ? app('amountWrong')
                : undefined
          }
        />
        <Notice>{say('risk')}</Notice>
        {wish.phase === 'unknown' ? null : (
          <Button
            type="primary"
            size="large"
            block
            htmlType="submit"
            disabled={!amount || over}
            loading={wish.phase === 'sending'}
          >
            {amount ? say('goPay', { amount: spoken({ amount, currency }) }) : say('topUp')}
          </Button>
        )}
        <WishNotice wish={wish} />
      </form>
    </Page>
  )
}
