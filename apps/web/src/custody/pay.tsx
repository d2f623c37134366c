/** Whom one pays is shown before how much; the button repeats both. */
import { readPurse, spend, type Money, type readScan, type ReplyOf } from '@bursar/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice, Page } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { Bones, Figure } from '../app/look/sum.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { readAgain, useRead } from '../app/read.ts'
import { minor, spoken } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { PurseChoice, usePursesAt } from './purse-choice.tsx'
import { useWords } from './words.ts'

type Scanned = ReplyOf<typeof readScan>
type PurseId = `pur_${string}`

export function Pay({ scanned, again }: { scanned: Scanned; again(): void }) {
  const say = useWords()
  const { merchantName: name, merchant } = scanned
  const { read, rows, purse, choose } = usePursesAt(merchant)
  return (
    <Page title={say('payTo')}>
      <p className="figure">{name}</p>
      {scanned.outletName ? <p className="soft">{scanned.outletName}</p> : null}
      <Failed error={read.error} again={() => void read.refetch()} />
      <PurseChoice {...{ rows, purse, choose }} />
      {purse ? (
        <PayFrom key={purse.id} scanned={scanned} purse={purse.id} />
      ) : read.isPending ? (
        <Bones rows={3} />
      ) : read.error ? null : (
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

function PayFrom({ scanned, purse }: { scanned: Scanned; purse: PurseId }) {
  const say = useWords()
  const navigate = useNavigate()
  const [note, setNote] = useState('')
  const { data: mine } = useRead(readPurse, { params: { purse } })
  const typed = useAmount('', mine?.available.currency)
  const wish = useWish(spend, `spend/${purse}`, async receipt => {
    await readAgain(readPurse)
    void navigate({ to: `/custody/spends/${receipt.id}`, replace: true })
  })
  const sum = scanned.amount ?? typed.sum
  const short = mine && sum ? minor(sum) > minor(mine.available) : false
  const busy = wish.phase !== 'ready'
  const send = () => {
    if (sum && mine && !short)
      void wish.send({ params: { purse }, body: bodyOf(scanned, sum, note) })
  }
  return (
    <Form className="padded" send={send}>
      {scanned.amount ? (
        <Fixed amount={scanned.amount} />
      ) : (
        <Amount
          label={say('howMuchPay')}
          value={typed.text}
          change={typed.set}
          currency={typed.currency}
          autoFocus
          disabled={busy}
          hint={mine && say('balanceNow', { amount: spoken(mine.available) })}
          problem={typed.wrong}
        />
      )}
      <TextField
        label={say('note')}
        maxLength={100}
        disabled={busy}
        value={note}
        change={setNote}
      />
      {short && mine && sum ? <Short balance={mine.available} sum={sum} purse={purse} /> : null}
      <Send wish={wish} ready={sum !== undefined && mine !== undefined && !short}>
        {sum ? say('payNow', { amount: spoken(sum), name: scanned.merchantName }) : say('payVerb')}
      </Send>
      <WishNotice wish={wish} />
    </Form>
  )
}

function bodyOf({ merchant, merchantCode, outlet }: Scanned, amount: Money, note: string) {
  return { merchant, merchantCode, amount, ...(outlet && { outlet }), ...(note && { note }) }
}

function Fixed({ amount }: { amount: Money }) {
  const say = useWords()
  return (
    <>
      <Figure great of={amount} />
      <p className="fine padded">{say('fixedAmount')}</p>
    </>
  )
}

function Short({ balance, sum, purse }: { balance: Money; sum: Money; purse: PurseId }) {
  const say = useWords()
  return (
    <Notice tone="bad">
      <p>{say('notEnough', { balance: spoken(balance), amount: spoken(sum) })}</p>
      <Link to="/custody/purses/$purse/top-up" params={{ purse }}>
        {say('topUpFirst')}
      </Link>
    </Notice>
  )
}
