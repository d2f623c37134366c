/** How many of an item there are: counted down by orders, up again by what is cancelled or refused. */
import { setStock } from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange } from '../app/read.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'
import type { Item } from './sold.ts'

type Shape = { item: Item; merchant: `mer_${string}`; done(): void }

export function StockForm({ item, merchant, done }: Shape) {
  const say = useDeskWords()
  const app = useAppWords()
  const [text, setText] = useState(item.stock === undefined ? '' : String(item.stock))
  const put = useChange(setStock, done)
  const count = /^\d{1,6}$/.test(text.trim()) ? Number(text) : undefined
  const send = (stock: number | null) =>
    put.mutate({ params: { merchant, item: item.id }, body: { stock } })
  return (
    <Form className="form-narrow padded" send={() => count !== undefined && send(count)}>
      <TextField
        label={say('stockOf', { name: item.name })}
        hint={say('stockHint')}
        problem={text !== '' && count === undefined ? say('stockWrong') : undefined}
        autoFocus
        inputMode="numeric"
        maxLength={6}
        value={text}
        change={setText}
      />
      <div className="order-acts">
        <Button
          type="primary"
          htmlType="submit"
          disabled={count === undefined}
          loading={put.isPending}
        >
          {app('save')}
        </Button>
        {item.stock === undefined ? null : (
          <Button onClick={() => send(null)}>{say('stockNone')}</Button>
        )}
        <Button onClick={done}>{app('cancel')}</Button>
      </div>
      <Failed error={put.error} />
    </Form>
  )
}
