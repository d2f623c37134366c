/** Opened by the QR at a place: the menu, what is chosen, one tap to order. */
import {
  joinMerchant,
  listOwnTabs,
  listPurses,
  readMenu,
  readPlace,
  readTab,
  type ReplyOf,
} from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Empty, Notice, Page } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { BasketBar } from './basket-bar.tsx'
import { useBasket } from './basket.ts'
import { Dishes } from './dishes.tsx'
import { percentOf } from './percents.ts'
import { Plans } from './plans.tsx'
import { sitAt } from './table.ts'
import type { Tops } from './tops.ts'
import { useWords } from './words.ts'
import './menu.css'

type Place = ReplyOf<typeof readPlace>
type Purse = ReplyOf<typeof listPurses>['rows'][number]

export default function Menu() {
  const say = useWords()
  const token = useParam('token')
  const seat = useRead(readPlace, { params: { token } })
  const purses = useRead(listPurses, {}, { every: 5000 })
  const place = seat.data
  const purse = purses.data?.rows.find(one => one.merchant === place?.merchant)
  useEffect(() => {
    if (place) sitAt({ place: place.id, name: place.name, token, merchant: place.merchant })
  }, [place, token])
  return (
    <Page
      title={place?.merchantName ?? '\u00a0'}
      hint={place ? `${place.outletName} · ${place.name}` : '\u00a0'}
      acts={purse && place ? <OwnTab purse={purse.id} place={place.id} /> : null}
    >
      <Failed error={seat.error ?? purses.error} again={() => void seat.refetch()} />
      <p className="fine one-line">
        {purse ? say('available', { amount: spoken(purse.available) }) : ''}
      </p>
      {place && purses.data && !purse ? <Join place={place} /> : null}
      {place?.open === false ? <Notice tone="wait">{say('placeClosed')}</Notice> : null}
      {place ? (
        <Offered token={token} place={place} purse={purse} />
      ) : seat.error ? null : (
        <Bones />
      )}
    </Page>
  )
}

type Shape = { token: string; place: Place; purse: Purse | undefined }
function Offered({ token, place, purse }: Shape) {
  const say = useWords()
  const read = useRead(readMenu, { params: { token } }, { every: 10_000 })
  const menu = read.data
  const basket = useBasket(token, menu)
  const tops = useTops(place, purse?.id)
  const closed = !purse || !place.open
  if (read.error && !menu) return <Failed error={read.error} again={() => void read.refetch()} />
  if (!menu) return <Bones rows={6} />
  if (menu.items.length === 0 && menu.plans.length === 0) return <Empty>{say('menuEmpty')}</Empty>
  return (
    <>
      {tops ? <OnTop tops={tops} /> : null}
      <Dishes menu={menu} closed={closed} basket={basket} />
      {purse ? <Plans plans={menu.plans} token={token} purse={purse.id} tops={tops} /> : null}
      {purse ? <BasketBar basket={basket} token={token} purse={purse.id} tops={tops} /> : null}
    </>
  )
}

/** An open tab here keeps the rates that it was opened with; undefined until they are known. */
function useTops(place: Place, purse: `pur_${string}` | undefined): Tops | undefined {
  const when = purse !== undefined
  const ask = { params: { purse: purse ?? 'pur_' }, query: { state: 'open' as const } }
  const open = useRead(listOwnTabs, ask, { when })
  const here = open.data?.rows.find(one => one.place === place.id)
  const tab = useRead(readTab, { params: { tab: here?.id ?? 'tab_' } }, { when: Boolean(here) })
  if (here) return tab.data
  return when && !open.data ? undefined : place
}

function OnTop({ tops: { serviceBps, taxBps } }: { tops: Tops }) {
  const say = useWords()
  const said = [
    serviceBps > 0 ? say('serviceOnTop', { percent: percentOf(serviceBps) }) : undefined,
    taxBps > 0 ? say('taxOnTop', { percent: percentOf(taxBps) }) : undefined,
  ].filter(Boolean)
  return said.length > 0 ? <p className="fine">{said.join(' · ')}</p> : null
}

function Join({ place }: { place: Place }) {
  const say = useWords()
  const join = useChange(joinMerchant)
  return (
    <Notice>
      <p>{say('joinText', { name: place.merchantName })}</p>
      <Button
        type="primary"
        loading={join.isPending}
        onClick={() => join.mutate({ params: { merchant: place.merchant } })}
      >
        {say('join', { name: place.merchantName })}
      </Button>
      <Failed error={join.error} />
    </Notice>
  )
}

function OwnTab({ purse, place }: { purse: `pur_${string}`; place: string }) {
  const say = useWords()
  const { data } = useRead(listOwnTabs, { params: { purse }, query: { state: 'open' } })
  const tab = data?.rows.find(one => one.place === place) ?? data?.rows[0]
  if (!tab) return null
  return (
    <Link to="/cashier/tabs/$tab" params={{ tab: tab.id }}>
      {say('myTab')}
    </Link>
  )
}
