/** At the foot of the menu: what is chosen, what it costs, and the button that orders it. */
import { openTab, placeOrder } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useChange } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { costOf, type Basket } from './basket.ts'
import { OrderNotice } from './order-notice.tsx'
import { useWords } from './words.ts'

type Shape = { basket: Basket; token: string; purse: `pur_${string}` }

export function BasketBar({ basket, token, purse }: Shape) {
  const say = useWords()
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const [note, setNote] = useState('')
  const sit = useChange(openTab)
  const wish = useWish(placeOrder, `order/${token}`, ({ tab }) => {
    basket.clear()
    void navigate({ to: `/cashier/tabs/${tab}` })
  })
  if (basket.count === 0 && wish.phase === 'ready') return null
  const order = async () => {
    const tab = await sit.mutateAsync({ params: { purse }, body: { token } }).catch(() => undefined)
    if (!tab) return
    const lines = basket.choices.map(({ item, count, modifiers }) => ({
      ...{ item, count },
      ...(modifiers.length > 0 && { modifiers: [...modifiers] }),
    }))
    const said = note.trim() ? { note: note.trim() } : {}
    await wish.send({ params: { tab: tab.id }, body: { lines, ...said } })
  }
  return (
    <section className="basket" aria-label={say('basket')}>
      {open ? <Chosen basket={basket} note={note} setNote={setNote} /> : null}
      <Failed error={sit.error} />
      <OrderNotice wish={wish} purse={purse} />
      {wish.phase === 'unknown' ? null : (
        <div className="basket-foot">
          <Button size="large" aria-expanded={open} onClick={() => setOpen(!open)}>
            {say('basketSee', { count: basket.count })}
          </Button>
          <Button
            type="primary"
            size="large"
            loading={sit.isPending || wish.phase === 'sending'}
            onClick={() => void order()}
          >
            {say('orderNow', { amount: spoken(basket.total) })}
          </Button>
        </div>
      )}
    </section>
  )
}

type Listed = { basket: Basket; note: string; setNote(text: string): void }
function Chosen({ basket, note, setNote }: Listed) {
  const say = useWords()
  return (
    <>
      <ul className="rows">
        {basket.choices.map(one => (
          <li key={`${one.item} ${one.modifiers.join(' ')}`} className="row">
            <span>
              <b>{one.name}</b>
              <span className="fine">{one.modifiers.join(' · ')}</span>
            </span>
            <span className="dish-acts">
              <Sum of={costOf(one)} />
              <Button
                size="small"
                aria-label={say('fewer', { name: one.name })}
                onClick={() => basket.change(one, -1)}
              >
                −
              </Button>
              <b className="many">{one.count}</b>
              <Button
                size="small"
                aria-label={say('more', { name: one.name })}
                onClick={() => basket.change(one, 1)}
              >
                +
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <TextField
        label={say('noteToShop')}
        hint={say('heldHint')}
        maxLength={100}
        value={note}
        change={setNote}
      />
    </>
  )
}
