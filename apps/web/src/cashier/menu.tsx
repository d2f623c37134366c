/** Opened by the QR at a place: the menu, what is chosen, one tap to order. */
import {
  joinMerchant,
  listOwnTabs,
  type listPurses,
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
import { PurseChoice, usePursesAt } from '../custody/purse-choice.tsx'
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
  const place = seat.data
  const { read: purses, rows, purse, choose } = usePursesHere(place)
  useEffect(() => {
    if (!place) return
    const { id, name, merchant } = place
    sitAt({ place: id, name, token, merchant, ...(purse && { purse: purse.id }) })
  }, [place, token, purse?.id])
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
      <PurseChoice {...{ rows, purse, choose }} />
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

/** From where there is a tab here already, unless somebody chooses another. */
function usePursesHere(place: Place | undefined) {
  const [first, second] = usePursesAt(place?.merchant).rows
  const tabs = [useTabHere(first?.id, place), useTabHere(second?.id, place)]
  const has = (one: Purse) => tabs.some(tab => tab?.purse === one.id)
  return usePursesAt(place?.merchant, rows => rows.find(has))
}

function useTabHere(purse: Purse['id'] | undefined, place: Place | undefined) {
  const ask = { params: { purse: purse ?? 'pur_' }, query: { state: 'open' as const } }
  const open = useRead(listOwnTabs, ask, { when: purse !== undefined })
  return open.data?.rows.find(one => one.place === place?.id)
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
