/** Whom one pays is shown before how much; the button repeats both. */
import { readPurse, spend } from '@bursar/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { Amount } from '../app/look/amount.tsx'
import { WishNotice } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Notice, Page } from '../app/look/page.tsx'
import { Figure } from '../app/look/sum.tsx'
import { readAgain, useRead } from '../app/read.ts'
import { fen, spoken, typed } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { useWords as useAppWords } from '../app/words.ts'
import type { Scanned } from './scan.tsx'
import { useWords } from './words.ts'

type Shape = { scanned: Scanned; again(): void }

export function Pay({ scanned, again }: Shape) {
  const say = useWords()
  const { merchantName: name, purse } = scanned
  return (
    <Page title={say('payTo')}>
      <p className="figure">{name}</p>
      {scanned.outletName ? <p className="soft">{scanned.outletName}</p> : null}
      {purse ? (
        <PayFrom scanned={scanned} purse={purse} />
      ) : (
        <>
          <Notice tone="wait">{say('notMember', { name })}</Notice>
          <Link to="/parties/merchants/$merchant" params={{ merchant: scanned.merchant }}>
            {say('seeMerchant', { name })}
          </Link>
        </>
      )}
      <p className="padded">
        <Button type="text" block onClick={again}>
          {say('scanAgain')}
        </Button>
      </p>
    </Page>
  )
}

function PayFrom({ scanned, purse }: { scanned: Scanned; purse: `pur_${string}` }) {
  const say = useWords()
  const app = useAppWords()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [note, setNote] = useState('')
  const { data: mine } = useRead(readPurse, { params: { purse } })
  const wish = useWish(spend, `spend/${purse}`, async receipt => {
    await readAgain(readPurse)
    void navigate({ to: `/custody/spends/${receipt.id}`, replace: true })
  })
  const fixed = scanned.amount
  const currency = mine?.available.currency ?? fixed?.currency ?? 'CNY'
  const amount = fixed?.amount ?? typed(text)
  const short = mine && amount ? fen(amount) > fen(mine.available.amount) : false
  const said = amount ? spoken({ amount, currency }) : ''
  const balance = mine ? spoken(mine.available) : ''
  const send = () => {
    if (!amount || short || !mine) return
    const { merchant, merchantCode, outlet } = scanned
    const more = { ...(note ? { note } : {}), ...(merchantCode ? { merchantCode } : {}) }
    const place = outlet ? { outlet } : {}
    void wish.send({
      params: { purse },
      body: { merchant, amount: { amount, currency }, ...more, ...place },
    })
  }
  return (
    <form
      className="padded"
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      {fixed ? (
        <>
          <Figure great of={fixed} />
          <p className="fine padded">
            {say('fixedAmount')} · {mine ? say('balanceNow', { amount: balance }) : ''}
          </p>
        </>
      ) : (
        <Amount
          label={say('howMuchPay')}
          value={text}
          change={setText}
          currency={currency}
          autoFocus
          disabled={wish.phase !== 'ready'}
          hint={mine && say('balanceNow', { amount: balance })}
          problem={text && !amount ? app('amountWrong') : undefined}
        />
      )}
      <Field label={say('note')}>
        {id => (
          <Input
            id={id}
            maxLength={100}
            disabled={wish.phase !== 'ready'}
            value={note}
            onChange={event => setNote(event.target.value)}
          />
        )}
      </Field>
      {short ? (
        <Notice tone="bad">
          <p>{say('notEnough', { balance, amount: said })}</p>
          <Link to="/custody/purses/$purse/top-up" params={{ purse }}>
            {say('topUpFirst')}
          </Link>
        </Notice>
      ) : null}
      {wish.phase === 'unknown' ? null : (
        <Button
          type="primary"
          size="large"
          block
          htmlType="submit"
          disabled={!amount || short || !mine}
          loading={wish.phase === 'sending'}
        >
          {amount ? say('payNow', { amount: said, name: scanned.merchantName }) : say('payVerb')}
        </Button>
      )}
      <WishNotice wish={wish} />
    </form>
  )
}
