/** At the foot of the menu: what is chosen, what will be held for it, and the button that orders it. */
import {
  listOwnTabs,
  openTab,
  placeOrder,
  readMenu,
  readPlace,
  readTab,
  type Money,
} from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Notice } from '../app/look/page.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { Sum } from '../app/look/sum.tsx'
import { readAgain, useChange } from '../app/read.ts'
import { minor, spoken } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { costOf, type Basket } from './basket.ts'
import { OrderNotice } from './order-notice.tsx'
import { withTops, type Tops } from './tops.ts'
import { useWords } from './words.ts'

type Shape = {
  basket: Basket
  token: string
  purse: `pur_${string}`
  tops: Tops | undefined
}

export function BasketBar({ basket, token, purse, tops }: Shape) {
  const say = useWords()
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const [note, setNote] = useState('')
  const sit = useChange(openTab)
  const wish = useWish(placeOrder, `order/${token}`, async ({ tab }) => {
    basket.clear()
    // What the menu read of the tab has not got the order.
    await readAgain(readTab)
    void navigate({ to: `/cashier/tabs/${tab}` })
  })
  const dated = wish.failure?.problem?.code === 'prices_changed'
  useEffect(() => {
    if (dated) void readAgain(readMenu, readPlace, listOwnTabs)
  }, [dated])
  if (basket.count === 0 && wish.phase === 'ready') return null
  const on = tops ?? { serviceBps: 0, taxBps: 0 }
  const cost = withTops(basket.total, on)
  const order = async () => {
    const tab = await sit.mutateAsync({ params: { purse }, body: { token } }).catch(() => undefined)
    if (!tab) return
    const lines = basket.choices.map(({ item, count, modifiers }) => ({
      ...{ item, count },
      ...(modifiers.length > 0 && { modifiers: [...modifiers] }),
    }))
    const said = note.trim() ? { note: note.trim() } : {}
    await wish.send({ params: { tab: tab.id }, body: { lines, ...said, total: cost.total } })
  }
  return (
    <section className="basket" aria-label={say('basket')}>
      {open ? <Chosen basket={basket} note={note} setNote={setNote} /> : null}
      {tops ? <Added {...cost} /> : null}
      {basket.was && !dated ? (
        <Repriced from={withTops(basket.was, on).total} to={cost.total} />
      ) : null}
      <Failed error={sit.error} />
      <OrderNotice wish={wish} purse={purse} needs={cost.total} />
      {wish.phase === 'unknown' ? null : (
        <div className="basket-foot">
          <Button size="large" aria-expanded={open} onClick={() => setOpen(!open)}>
            {say('basketSee', { count: basket.count })}
          </Button>
          <Button
            type="primary"
            size="large"
            disabled={!tops}
            loading={sit.isPending || wish.phase === 'sending'}
            onClick={() => void order()}
          >
            {say('orderNow', { amount: spoken(cost.total) })}
          </Button>
        </div>
      )}
    </section>
  )
}

/** A happy hour has begun or ended, or the shop has changed a price, since it was chosen. */
function Repriced({ from, to }: { from: Money; to: Money }) {
  const say = useWords()
  return (
    <div aria-live="polite">
      <Notice tone="wait">{say('repriced', { from: spoken(from), to: spoken(to) })}</Notice>
    </div>
  )
}

/** What the button's sum has on top of the prices. */
function Added({ service, tax }: Pick<ReturnType<typeof withTops>, 'service' | 'tax'>) {
  const say = useWords()
  const said = [
    minor(service) > 0n ? `${say('service')} ${spoken(service)}` : undefined,
    minor(tax) > 0n ? `${say('tax')} ${spoken(tax)}` : undefined,
  ].filter(Boolean)
  return said.length > 0 ? <p className="fine">{say('with', { what: said.join(' · ') })}</p> : null
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
