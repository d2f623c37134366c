/** The merchant charges against the member's one-time code: amount, code, done. Keyboard and hand scanner suffice. */
import { charge, type ReplyOf } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { Amount } from '../app/look/amount.tsx'
import { WishNotice } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Notice, Page } from '../app/look/page.tsx'
import { Figure } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { spoken, typed } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { Camera } from './camera.tsx'
import { useOutletField } from './outlet-field.tsx'
import { useShopWords } from './shop-words.ts'

export default function Charge() {
  const say = useShopWords()
  const app = useAppWords()
  const merchant = useParam('merchant')
  const [text, setText] = useState('')
  const [code, setCode] = useState('')
  const [camera, setCamera] = useState(false)
  const [done, setDone] = useState<ReplyOf<typeof charge>>()
  const outlet = useOutletField(merchant)
  const wish = useWish(charge, `charge/${merchant}`, receipt => {
    setDone(receipt)
    setText('')
    setCode('')
  })
  const amount = typed(text)
  const digits = code.replace(/\D/g, '')
  const ready = amount !== undefined && digits.length === 18
  const busy = wish.phase !== 'ready'
  const send = (said: string) => {
    if (!amount || said.length !== 18 || busy) return
    const place = outlet.value ? { outlet: outlet.value } : {}
    const body = { code: said, amount: { amount, currency: 'CNY' }, ...place }
    void wish.send({ params: { merchant }, body })
  }
  if (done) return <Charged receipt={done} next={() => setDone(undefined)} />
  return (
    <Page title={say('charge')} hint={say('chargeHint')}>
      <form
        onSubmit={event => {
          event.preventDefault()
          send(digits)
        }}
      >
        <Amount
          label={say('howMuch')}
          value={text}
          change={setText}
          autoFocus
          disabled={busy}
          problem={text && !amount ? app('amountWrong') : undefined}
        />
        {outlet.field}
        {camera ? (
          <Camera
            found={seen => {
              setCode(seen)
              setCamera(false)
              send(seen.replace(/\D/g, ''))
            }}
          />
        ) : (
          <Field label={say('memberCode')} hint={say('memberCodeHint')}>
            {(id, by) => (
              <Input
                id={id}
                aria-describedby={by}
                size="large"
                inputMode="numeric"
                autoComplete="off"
                maxLength={24}
                disabled={busy}
                value={code}
                onChange={event => setCode(event.target.value)}
              />
            )}
          </Field>
        )}
        <div className="stack">
          <Button disabled={busy} onClick={() => setCamera(!camera)}>
            {camera ? say('typeInstead') : say('scanCode')}
          </Button>
          {wish.phase === 'unknown' ? null : (
            <Button
              type="primary"
              size="large"
              htmlType="submit"
              disabled={!ready}
              loading={wish.phase === 'sending'}
            >
              {amount
                ? say('chargeNow', { amount: spoken({ amount, currency: 'CNY' }) })
                : say('charge')}
            </Button>
          )}
        </div>
        <WishNotice wish={wish} />
      </form>
    </Page>
  )
}

function Charged({ receipt, next }: { receipt: ReplyOf<typeof charge>; next(): void }) {
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
