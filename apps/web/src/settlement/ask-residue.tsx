/** The guest names an own account at a bank. Nothing of it is kept by the page. */
import { askResidue, type Money, type RefusedView, type ReplyOf } from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { Failure } from '../app/call.ts'
import { useMe } from '../app/faces.ts'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { WishNotice } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { memory } from '../app/read.ts'
import { minor, spoken } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { mistakeIn, plain } from './account-number.ts'
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
  const [typed, setTyped] = useState<Partial<Named>>({})
  const payee = { bank: '', account: '', ...typed }
  const set = (more: Partial<Named>) => setTyped({ ...typed, ...more })
  const done = async (reply: ReplyOf<typeof askResidue>) => {
    await memory.invalidateQueries()
    then(reply.amount)
  }
  const wish = useWish(askResidue, `residue/${row.part}`, done, { secret: true })
  const wrong = problemOf(wish.failure)
  const busy = wish.phase !== 'ready'
  const ready =
    Boolean(amount.good) &&
    Object.values(payee).every(text => text.trim()) &&
    !mistakeIn(payee.account)
  const send = () => {
    if (!amount.good || !ready) return
    const [bank, account] = [payee.bank.trim(), plain(payee.account)]
    const body = { part: row.part, amount: amount.good, bank, account, holder: name }
    void wish.send({ params: { purse }, body })
  }
  return (
    <Form send={send}>
      {wish.lost ? <Notice tone="wait">{say('lost')}</Notice> : null}
      <Amount
        label={say('amount')}
        value={amount.text}
        change={amount.set}
        currency={amount.currency}
        disabled={busy}
        problem={amount.over ? say('tooMuch', { amount: spoken(most) }) : amount.wrong}
      />
      <Payee {...{ payee, name, set, wrong, busy }} />
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

type Named = { bank: string; account: string }
type Fields = {
  payee: Named
  /** It goes to an account of the guest's own, so the holder is no question. */
  name: string
  set(more: Partial<Named>): void
  wrong(field: string): string | undefined
  busy: boolean
}

function Payee({ payee, name, set, wrong, busy }: Fields) {
  const say = useResidueWords()
  const [typing, type] = useState(true)
  const mistake = mistakeIn(payee.account, typing)
  return (
    <>
      <TextField
        label={say('bank')}
        hint={say('bankHint')}
        value={payee.bank}
        change={bank => set({ bank })}
        {...{ disabled: busy, maxLength: 80 }}
      />
      <TextField
        label={say('account')}
        hint={say('accountHint')}
        problem={mistake ? say(`account.${mistake.is}`, { ...mistake }) : wrong('account')}
        inputMode="numeric"
        autoComplete="off"
        value={payee.account}
        change={account => {
          type(true)
          set({ account })
        }}
        onBlur={() => type(false)}
        {...{ disabled: busy, maxLength: 68 }}
      />
      <TextField
        label={say('holder')}
        hint={say('holderHint')}
        problem={wrong('holder')}
        value={name}
        change={() => undefined}
        readOnly
      />
    </>
  )
}

function problemOf(error: Error | undefined): (field: string) => string | undefined {
  const errors = error instanceof Failure ? error.problem?.errors : undefined
  return field => errors?.find(({ pointer }) => pointer.endsWith(`/${field}`))?.detail
}
