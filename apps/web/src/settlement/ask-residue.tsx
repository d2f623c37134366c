/** The guest names an own account at a bank. Nothing of it is kept by the page. */
import { askResidue, type Money, type RefusedView } from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { Failure } from '../app/call.ts'
import { useMe } from '../app/faces.ts'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { WishNotice } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Send } from '../app/look/send.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { memory } from '../app/read.ts'
import { minor, spoken } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { useResidueWords } from './residue-words.ts'

type Shape = {
  purse: `pur_${string}`
  row: RefusedView
  available: Money
  /** With what was asked for; with nothing if it was not. */
  then(asked?: Money): void
}

export function AskResidue({ purse, row, available, then }: Shape) {
  const say = useResidueWords()
  const name = useMe().me?.person.name ?? ''
  const most = minor(available) < minor(row.left) ? available : row.left
  const amount = useAmount(most.amount, most.currency, most)
  const [bank, setBank] = useState('')
  const [account, setAccount] = useState('')
  const [typed, setHolder] = useState<string>()
  const holder = typed ?? name
  const wish = useWish(askResidue, `residue/${row.part}`, async reply => {
    await memory.invalidateQueries()
    then(reply.amount)
  })
  const wrong = problemOf(wish.failure)
  const busy = wish.phase !== 'ready'
  const ready = Boolean(amount.good && bank.trim() && account.trim() && holder.trim())
  const send = () => {
    if (!amount.good || !ready) return
    const body = { part: row.part, amount: amount.good, bank: bank.trim() }
    void wish.send({
      params: { purse },
      body: { ...body, account: account.trim(), holder: holder.trim() },
    })
  }
  return (
    <Form send={send}>
      <Amount
        label={say('amount')}
        value={amount.text}
        change={amount.set}
        currency={amount.currency}
        disabled={busy}
        problem={amount.over ? say('tooMuch', { amount: spoken(most) }) : amount.wrong}
      />
      <TextField
        label={say('bank')}
        hint={say('bankHint')}
        {...{ value: bank, change: setBank, disabled: busy, maxLength: 80 }}
      />
      <TextField
        label={say('account')}
        hint={say('accountHint')}
        problem={wrong('account')}
        inputMode="numeric"
        autoComplete="off"
        {...{ value: account, change: setAccount, disabled: busy, maxLength: 68 }}
      />
      <TextField
        label={say('holder')}
        hint={say('holderHint')}
        problem={wrong('holder')}
        {...{ value: holder, change: setHolder, disabled: busy, maxLength: 80 }}
      />
      <div className="stack">
        <Send wish={wish} ready={ready}>
          {say('ask', { amount: amount.sum ? spoken(amount.sum) : '' })}
        </Send>
        {busy ? null : <Button onClick={() => then()}>{say('never')}</Button>}
      </div>
      <WishNotice wish={wish} />
    </Form>
  )
}

function problemOf(error: Error | undefined): (field: string) => string | undefined {
  const errors = error instanceof Failure ? error.problem?.errors : undefined
  return field => errors?.find(({ pointer }) => pointer.endsWith(`/${field}`))?.detail
}
