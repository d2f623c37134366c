/** The merchant charges against the member's one-time code: amount, code, done. Keyboard and hand scanner suffice. */
import { charge, type ReplyOf } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { WishNotice } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice, Page } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { Figure } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { spoken } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { CodeField } from './code-field.tsx'
import { usePlaceField } from './place-field.tsx'
import { useShopWords } from './shop-words.ts'

type Receipt = ReplyOf<typeof charge>

export default function Charge() {
  const say = useShopWords()
  const merchant = useParam('merchant')
  const amount = useAmount()
  const [code, setCode] = useState('')
  const [done, setDone] = useState<Receipt>()
  const { field, place } = usePlaceField(merchant)
  const wish = useWish(charge, `charge/${merchant}`, receipt => {
    setDone(receipt)
    amount.set('')
    setCode('')
  })
  const busy = wish.phase !== 'ready'
  const send = (said: string) => {
    if (!amount.good || said.length !== 18 || busy) return
    void wish.send({ params: { merchant }, body: { code: said, amount: amount.good, ...place } })
  }
  if (done) return <Charged receipt={done} next={() => setDone(undefined)} />
  return (
    <Page title={say('charge')} hint={say('chargeHint')}>
      <Form send={() => send(digitsOf(code))}>
        <Amount
          label={say('howMuch')}
          value={amount.text}
          change={amount.set}
          autoFocus
          disabled={busy}
          problem={amount.wrong}
        />
        {field}
        <CodeField
          value={code}
          change={setCode}
          seen={text => send(digitsOf(text))}
          disabled={busy}
        />
        <Send wish={wish} ready={amount.good !== undefined && digitsOf(code).length === 18}>
          {amount.sum ? say('chargeNow', { amount: spoken(amount.sum) }) : say('charge')}
        </Send>
        <WishNotice wish={wish} />
      </Form>
    </Page>
  )
}

const digitsOf = (code: string): string => code.replace(/\D/g, '')

function Charged({ receipt, next }: { receipt: Receipt; next(): void }) {
  const say = useShopWords()
  const navigate = useNavigate()
  return (
    <Page title={say('charge')}>
      <Notice tone="good">{say('charged', { amount: spoken(receipt.amount) })}</Notice>
      <Figure great of={receipt.amount} />
      <p className="soft">{receipt.personName}</p>
      <div className="stack padded">
        <Button type="primary" size="large" autoFocus onClick={next}>
          {say('nextCharge')}
        </Button>
        <Button onClick={() => void navigate({ to: `/custody/spends/${receipt.id}` })}>
          {say('seeReceipt')}
        </Button>
      </div>
    </Page>
  )
}
