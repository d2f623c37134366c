/** The merchant's screen: a new order is there at once, with a sound; one tap accepts it. */
import { listGoodsOrders, type QueryOf } from '@bursar/contract'
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

const stations = ['all', 'bar', 'kitchen'] as const
type Station = (typeof stations)[number]

/** So many of each list: what nobody has answered has one of its own, which no running time and no slow table fills. */
const most = 100

/** New orders, what is to be delivered, and the time that runs. */
function useLists(merchant: `mer_${string}`, outlet: Outlet, station: Station) {
  const ask = (state: 'placed' | 'accepted', at?: Exclude<Station, 'all'> | 'made' | 'time') => ({
    params: { merchant },
    query: {
      ...{ waiting: true, state, limit: most },
      ...(outlet && { outlet }),
      ...(at && { station: at }),
    },
  })
  const all = station === 'all'
  const [fresh, taken, time] = [
    all ? ask('placed') : ask('placed', station),
    ask('accepted', all ? 'made' : station),
    ask('accepted', 'time'),
  ]
  const told = useTold(merchant, all ? [fresh, taken, time] : [fresh, taken])
  const how = { every: told ? 15_000 : 1000, keep: true }
  return {
    fresh: useRead(listGoodsOrders, fresh, how),
    taken: useRead(listGoodsOrders, taken, how),
    time: useRead(listGoodsOrders, time, { ...how, when: all }),
  }
}
type Outlet = NonNullable<QueryOf<typeof listGoodsOrders>['outlet']> | undefined
type Read = ReturnType<typeof useLists>['fresh']

export default function Board() {
  const say = useDeskWords()
  const merchant = useParam('merchant')
  const outlet = useOutletField(merchant, 'everyOutlet')
  const [station, setStation] = useState<Station>('all')
  const { fresh, taken, time } = useLists(merchant, outlet.value, station)
  const rows = fresh.data?.rows
  const bell = useBell(useMemo(() => rows?.map(one => one.id), [rows]))
  const count = rows?.length ?? 0
  const runs = station === 'all' && (time.data?.rows.length ?? 0) > 0
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
      <Failed error={fresh.error ?? taken.error} again={() => void fresh.refetch()} />
      <div className="board">
        <Column title={say('fresh')} read={fresh} empty={say('noFresh')} merchant={merchant} />
        <div>
          <Column title={say('taken')} read={taken} empty={say('noTaken')} merchant={merchant} />
          {runs ? (
            <Column title={say('timeRuns')} read={time} empty="" merchant={merchant} />
          ) : null}
        </div>
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

type Shape = { title: string; read: Read; empty: string; merchant: `mer_${string}` }
function Column({ title, read, empty, merchant }: Shape) {
  const say = useDeskWords()
  const { rows, next } = read.data ?? {}
  const count = rows && `${rows.length}${next ? '+' : ''}`
  return (
    <Section title={title} aside={<small className="soft">{count ?? ''}</small>}>
      {rows || read.error ? null : <Bones rows={3} />}
      {rows?.length === 0 ? <Empty>{empty}</Empty> : null}
      {next ? <p className="fine">{say('oldest', { count: most })}</p> : null}
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
