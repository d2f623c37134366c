/** What the staff do with a tab that is open: to another place, together with another, in two, into a colleague's hands. */
import {
  handOverTab,
  listPlaces,
  listStaff,
  listTabs,
  mergeTab,
  moveTab,
  splitTab,
  type TabView,
} from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { listed } from '../app/language.ts'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Section } from '../app/look/page.tsx'
import { useChange, useRead } from '../app/read.ts'
import { added, spoken } from '../app/sums.ts'
import { time } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { standing } from './counted.ts'
import { useDeskWords } from './desk-words.ts'
import { Pick } from './pick.tsx'
import './menu.css'

const ways = ['move', 'merge', 'split', 'handOver'] as const
type Way = (typeof ways)[number]
type Shape = { tab: TabView; done(): void }

export function Moves({ tab }: { tab: TabView }) {
  const say = useDeskWords()
  const [way, choose] = useState<Way>()
  /** What is late closes its own form, not the one that was opened since. */
  const done = (of: Way) => choose(now => (now === of ? undefined : now))
  const Chosen = way && forms[way]
  return (
    <Section title={say('moves')}>
      <div className="order-acts padded">
        {ways.map(one => (
          <Button
            key={one}
            aria-expanded={one === way}
            onClick={() => choose(one === way ? undefined : one)}
          >
            {say(one)}
          </Button>
        ))}
      </div>
      {Chosen ? <Chosen key={way} tab={tab} done={() => done(way)} /> : null}
    </Section>
  )
}

/** Open places of the tab's outlet, but the one where it is. */
function useElsewhere({ merchant, outlet, place }: TabView) {
  const read = useRead(listPlaces, { params: { merchant }, query: { outlet } })
  const rows = read.data?.rows.filter(one => one.open && one.id !== place)
  return { rows, error: read.error }
}

function Move({ tab, done }: Shape) {
  const say = useDeskWords()
  const { rows, error } = useElsewhere(tab)
  const [to, choose] = useState('')
  const change = useChange(moveTab, done)
  const place = rows?.find(one => one.id === to)
  return (
    <Form
      className="form-narrow"
      send={() => place && change.mutate({ params: { tab: tab.id }, body: { place: place.id } })}
    >
      <Pick label={say('moveTo')} of={rows} value={to} change={choose} none={say('noPlaceElse')} />
      <Send ready={place !== undefined} sending={change.isPending} done={done}>
        {place ? say('moveNow', { place: place.name }) : say('move')}
      </Send>
      <Failed error={change.error ?? error} />
    </Form>
  )
}

/** Whoever merges goes on at the tab that is left. */
function useOpened({ merchant }: TabView, done: () => void) {
  const navigate = useNavigate()
  return ({ id }: TabView) => {
    done()
    void navigate({ to: `/cashier/merchants/${merchant}/tabs/${id}` })
  }
}

function Merge({ tab, done }: Shape) {
  const say = useDeskWords()
  const { merchant, outlet, purse, personName } = tab
  const query = { state: 'open' as const, outlet, limit: 100, ...(personName && { q: personName }) }
  const read = useRead(listTabs, { params: { merchant }, query })
  const rows = read.data?.rows.filter(one => one.purse === purse && one.id !== tab.id)
  const [to, choose] = useState('')
  const change = useChange(mergeTab, useOpened(tab, done))
  const into = rows?.find(one => one.id === to)
  return (
    <Form
      className="form-narrow"
      send={() => into && change.mutate({ params: { tab: tab.id }, body: { into: into.id } })}
    >
      <Pick
        label={say('mergeInto')}
        hint={say('mergeHint')}
        of={rows?.map(one => ({ id: one.id, name: `${one.placeName} · ${spoken(one.total)}` }))}
        value={to}
        change={choose}
        none={say('noTabElse')}
      />
      <Send ready={into !== undefined} sending={change.isPending} done={done}>
        {into ? say('mergeNow', { place: into.placeName }) : say('merge')}
      </Send>
      <Failed error={change.error ?? read.error} />
    </Form>
  )
}

function Split({ tab, done }: Shape) {
  const say = useDeskWords()
  const { rows, error } = useElsewhere(tab)
  const [to, choose] = useState('')
  const [ids, setIds] = useState<readonly string[]>([])
  const change = useChange(splitTab, useOpened(tab, done))
  const orders = standing(tab)
  const taken = orders.filter(one => ids.includes(one.id))
  const place = rows?.find(one => one.id === to)
  const ready = place !== undefined && taken.length > 0
  const send = () => {
    if (!place || taken.length === 0) return
    const body = { place: place.id, orders: taken.map(one => one.id) }
    change.mutate({ params: { tab: tab.id }, body })
  }
  const sum = spoken(added(taken.map(one => one.total)))
  return (
    <Form className="form-narrow" send={send}>
      <fieldset className="extras">
        <legend className="unseen">{say('splitWhich')}</legend>
        <Checkbox.Group
          value={[...ids]}
          onChange={setIds}
          options={orders.map(one => ({
            value: one.id as string,
            label: `${listed(one.lines.map(line => line.name))} ${spoken(one.total)} · ${time(one.placedAt)}`,
          }))}
        />
        {orders.length === 0 ? say('noOrders') : null}
      </fieldset>
      <Pick
        label={say('splitTo')}
        hint={say('splitHint')}
        of={rows}
        value={to}
        change={choose}
        none={say('noPlaceElse')}
      />
      <Send ready={ready} sending={change.isPending} done={done}>
        {ready
          ? say('splitNow', { count: taken.length, amount: sum, place: place.name })
          : say('split')}
      </Send>
      <Failed error={change.error ?? error} />
    </Form>
  )
}

function HandOver({ tab, done }: Shape) {
  const say = useDeskWords()
  const read = useRead(listStaff, { params: { merchant: tab.merchant } })
  const rows = read.data?.rows.filter(one => one.person !== tab.servedBy)
  const [to, choose] = useState('')
  const change = useChange(handOverTab, done)
  const person = rows?.find(one => one.person === to)
  return (
    <Form
      className="form-narrow"
      send={() => person && change.mutate({ params: { tab: tab.id }, body: { to: person.person } })}
    >
      <Pick
        label={say('handOverTo')}
        of={rows?.map(one => ({ id: one.person, name: one.name }))}
        value={to}
        change={choose}
        none={say('nobodyElse')}
      />
      <Send ready={person !== undefined} sending={change.isPending} done={done}>
        {person ? say('handOverNow', { name: person.name }) : say('handOver')}
      </Send>
      <Failed error={change.error ?? read.error} />
    </Form>
  )
}

type Sending = { ready: boolean; sending: boolean; done(): void; children: string }
function Send({ ready, sending, done, children }: Sending) {
  const app = useAppWords()
  return (
    <div className="order-acts">
      <Button type="primary" htmlType="submit" disabled={!ready} loading={sending}>
        {children}
      </Button>
      <Button onClick={done}>{app('cancel')}</Button>
    </div>
  )
}

const forms = { move: Move, merge: Merge, split: Split, handOver: HandOver } as const
