/** A merchant's QR codes: static ones for the counter, others with an amount; each prints as a sheet. */
import { createMerchantCode, listMerchantCodes, type ReplyOf } from '@bursar/contract'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useFace, useMe } from '../app/faces.ts'
import { Amount } from '../app/look/amount.tsx'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Empty, Page, Section } from '../app/look/page.tsx'
import { Qr } from '../app/look/qr.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { typed } from '../app/sums.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { usePlaceField } from './place-field.tsx'
import { useShopWords } from './shop-words.ts'

type Code = ReplyOf<typeof listMerchantCodes>['rows'][number]

export default function Codes() {
  const say = useShopWords()
  const merchant = useParam('merchant')
  const { me } = useMe()
  const face = useFace(me)
  const read = useRead(listMerchantCodes, { params: { merchant } })
  const [making, setMaking] = useState(false)
  const rows = read.data?.rows
  return (
    <Page
      desk
      title={say('codes')}
      hint={say('codesHint')}
      acts={
        <>
          <Button disabled={!rows?.length} onClick={() => print()}>
            {say('printSheet')}
          </Button>
          <Button type="primary" onClick={() => setMaking(true)}>
            {say('newCode')}
          </Button>
        </>
      }
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {making ? <Make merchant={merchant} done={() => setMaking(false)} /> : null}
      {rows?.length === 0 && !making ? <Empty>{say('noCodes')}</Empty> : null}
      <ul className="sheets">
        {rows
          ? rows.map(code => <Sheet key={code.id} code={code} shop={face?.name ?? ''} />)
          : [1, 2, 3].map(one => <li key={one} className="sheet blank-sheet" />)}
      </ul>
    </Page>
  )
}

function Sheet({ code, shop }: { code: Code; shop: string }) {
  const say = useShopWords()
  return (
    <li className={code.closedAt ? 'sheet used' : 'sheet'}>
      <b>{shop}</b>
      <span className="fine">
        {[code.label ?? say(code.amount ? 'dynamic' : 'static'), code.tillName]
          .filter(Boolean)
          .join(' · ')}
      </span>
      <Qr text={code.text} label={`${shop} ${say('scanToPay')}`} size={200} />
      {code.amount ? <Sum of={code.amount} className="figure" /> : <span>{say('scanToPay')}</span>}
      <span className="fine">{code.closedAt ? say('closed') : say('sheetHint')}</span>
      <span className="id">{code.id}</span>
    </li>
  )
}

function Make({ merchant, done }: { merchant: `mer_${string}`; done(): void }) {
  const say = useShopWords()
  const app = useAppWords()
  const [label, setLabel] = useState('')
  const [text, setText] = useState('')
  const { field, place } = usePlaceField(merchant)
  const make = useChange(createMerchantCode, done)
  const amount = typed(text)
  const wrong = text !== '' && !amount
  const submit = () => {
    const fixed = amount ? { amount } : {}
    const named = label.trim() ? { label: label.trim() } : {}
    make.mutate({ params: { merchant }, body: { ...fixed, ...place, ...named } })
  }
  return (
    <Section title={say('newCode')}>
      <form
        className="form-narrow padded no-print"
        onSubmit={event => {
          event.preventDefault()
          if (!wrong) submit()
        }}
      >
        <Field label={say('label')} hint={say('labelHint')}>
          {(id, by) => (
            <Input
              id={id}
              aria-describedby={by}
              autoFocus
              maxLength={40}
              value={label}
              onChange={event => setLabel(event.target.value)}
            />
          )}
        </Field>
        {field}
        <Amount
          label={say('fixed')}
          value={text}
          change={setText}
          hint={say('fixedHint')}
          problem={wrong ? app('amountWrong') : undefined}
        />
        <div className="acts-row">
          <Button type="primary" htmlType="submit" disabled={wrong} loading={make.isPending}>
            {say('make')}
          </Button>
          <Button onClick={done}>{app('cancel')}</Button>
        </div>
        <Failed error={make.error} />
      </form>
    </Section>
  )
}
