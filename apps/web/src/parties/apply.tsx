/** An application: who the shop is, and where settled money goes. Somebody else decides. */
import { applyMerchant } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { OneOf } from '../app/look/one-of.tsx'
import { Page, Section } from '../app/look/page.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange } from '../app/read.ts'
import { trades, useWords, type Trade } from './words.ts'

const blank = {
  name: '',
  licence: '',
  representative: '',
  address: '',
  bank: '',
  account: '',
  holder: '',
}
type Draft = typeof blank

export default function Apply() {
  const say = useWords()
  const navigate = useNavigate()
  const [draft, setDraft] = useState(blank)
  const [trade, setTrade] = useState<Trade>('restaurant')
  const send = useChange(
    applyMerchant,
    shop => void navigate({ to: `/parties/merchants/${shop.id}/settings` }),
  )
  const field = (name: keyof Draft, label: string, maxLength: number, hint?: string) => (
    <TextField
      label={label}
      {...(hint ? { hint } : {})}
      required
      maxLength={maxLength}
      value={draft[name]}
      change={text => setDraft({ ...draft, [name]: text })}
    />
  )
  const submit = () => {
    const { bank, account, holder, ...shop } = draft
    send.mutate({ body: { ...shop, trade, payee: { bank, account, name: holder } } })
  }
  return (
    <Page title={say('apply')} hint={say('applyHint')}>
      <Form send={submit}>
        {field('name', say('shopName'), 60)}
        <OneOf
          label={say('trade')}
          value={trade}
          change={setTrade}
          options={trades.map(one => [one, say(`trade.${one}`)] as const)}
        />
        {field('licence', say('licence'), 18, say('licenceHint'))}
        {field('representative', say('representative'), 60)}
        {field('address', say('address'), 200)}
        <Section title={say('payee')}>
          <p className="fine padded">{say('payeeHint')}</p>
          <div className="padded">
            {field('bank', say('bank'), 60)}
            {field('account', say('bankAccount'), 34)}
            {field('holder', say('accountName'), 60)}
          </div>
        </Section>
        <Button type="primary" size="large" block htmlType="submit" loading={send.isPending}>
          {say('sendApplication')}
        </Button>
        <Failed error={send.error} />
      </Form>
    </Page>
  )
}
