/** The merchant's screen: a new order is there at once, with a sound; one tap accepts it. */
import { listGoodsOrders, type ReplyOf } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Segmented, Switch } from 'antd'
import { useId, useMemo, useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Empty, Page, Section } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { useOutletField } from '../custody/place-field.tsx'
import { useBell } from './bell.ts'
import { useDeskWords } from './desk-words.ts'
import { Answer } from './answer.tsx'
import { Order } from './order.tsx'
import { useTold } from './told.ts'

export type DeskOrder = ReplyOf<typeof listGoodsOrders>['rows'][number]
const stations = ['all', 'bar', 'kitchen'] as const
type Station = (typeof stations)[number]

export default function Board() {
  const say = useDeskWords()
  const merchant = useParam('merchant')
  const outlet = useOutletField(merchant, 'everyOutlet')
  const [station, setStation] = useState<Station>('all')
  const query = {
    ...{ waiting: true, limit: 100 },
    ...(outlet.value && { outlet: outlet.value }),
    ...(station !== 'all' && { station }),
  }
  const ask = { params: { merchant }, query }
  const told = useTold(merchant, ask, station)
  const read = useRead(listGoodsOrders, ask, { every: told ? 15_000 : 1000, keep: true })
  const rows = read.data?.rows
  const fresh = useMemo(() => rows?.filter(one => one.state === 'placed'), [rows])
  const taken = rows?.filter(one => one.state === 'accepted')
  const bell = useBell(useMemo(() => fresh?.map(one => one.id), [fresh]))
  const count = fresh?.length ?? 0
  return (
    <Page
      desk
      title={say('board')}
      hint={
        <span role="status">
          {count > 0 ? say('waitingCount', { count }) : say('nothingWaits')}
        </span>
      }
      acts={<Sound on={bell.on} turn={bell.turn} />}
    >
      <div className="board-tools">
        <Segmented<Station>
          aria-label={say('station')}
          value={station}
          onChange={setStation}
          options={stations.map(value => ({ value, label: say(`station.${value}`) }))}
        />
        {outlet.field}
      </div>
      <Failed error={read.error} again={() => void read.refetch()} />
      <div className="board">
        <Column title={say('fresh')} rows={fresh} empty={say('noFresh')} merchant={merchant} />
        <Column title={say('taken')} rows={taken} empty={say('noTaken')} merchant={merchant} />
      </div>
    </Page>
  )
}

function Sound({ on, turn }: { on: boolean; turn(to: boolean): void }) {
  const say = useDeskWords()
  const id = useId()
  return (
    <label className="sound" htmlFor={id}>
      <Switch id={id} checked={on} onChange={turn} />
      {say('sound')}
    </label>
  )
}

type Shape = {
  title: string
  rows: readonly DeskOrder[] | undefined
  empty: string
  merchant: `mer_${string}`
}
function Column({ title, rows, empty, merchant }: Shape) {
  const say = useDeskWords()
  return (
    <Section title={title} aside={<small className="soft">{rows?.length ?? ''}</small>}>
      {rows ? null : <Bones rows={3} />}
      {rows?.length === 0 ? <Empty>{empty}</Empty> : null}
      {rows?.map(order => (
        <Order
          key={order.id}
          order={order}
          title={
            <>
              <Link
                className="place"
                to="/cashier/merchants/$merchant/tabs/$tab"
                params={{ merchant, tab: order.tab }}
                aria-label={`${order.placeName} · ${say('seeTab')}`}
              >
                {order.placeName}
              </Link>
              {order.personName ? <span>{order.personName} </span> : null}
            </>
          }
          acts={<Answer order={order} place={order.placeName} />}
        />
      ))}
    </Section>
  )
}
