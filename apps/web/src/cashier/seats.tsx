/** Tables, seats and PCs, each with the QR that a guest scans to order; signs.tsx prints them. */
import { listOutlets, listPlaces, putPlace, type ReplyOf } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useMe } from '../app/faces.ts'
import { newId } from '../app/ids.ts'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { OneOf } from '../app/look/one-of.tsx'
import { Empty, Page, Section } from '../app/look/page.tsx'
import { Qr } from '../app/look/qr.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'

type Place = ReplyOf<typeof listPlaces>['rows'][number]
const kinds = ['table', 'seat', 'pc'] as const

export function useOwner(merchant: string | undefined): boolean {
  const { me } = useMe()
  return me?.seats.some(one => one.organisation === merchant && one.role === 'owner') ?? false
}

export default function Seats() {
  const say = useDeskWords()
  const merchant = useParam('merchant')
  const owner = useOwner(merchant)
  const [adding, setAdding] = useState(false)
  const read = useRead(listPlaces, { params: { merchant }, query: {} })
  const rows = read.data?.rows
  return (
    <Page
      desk
      title={say('seats')}
      hint={say('seatsHint')}
      acts={
        <>
          <Link to="/cashier/merchants/$merchant/outlets" params={{ merchant }}>
            {say('outlets')}
          </Link>
          {rows?.length ? (
            <Link to="/cashier/merchants/$merchant/seats/signs" params={{ merchant }}>
              {say('print')}
            </Link>
          ) : null}
          {owner ? (
            <Button type="primary" onClick={() => setAdding(true)}>
              {say('newSeat')}
            </Button>
          ) : null}
        </>
      }
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {adding ? <Add merchant={merchant} done={() => setAdding(false)} /> : null}
      {rows?.length === 0 && !adding ? <Empty>{say('noSeats')}</Empty> : null}
      <ul className="sheets">
        {rows
          ? rows.map(place => <Sheet key={place.id} place={place} owner={owner} />)
          : [1, 2, 3].map(one => <li key={one} className="sheet blank-sheet" />)}
      </ul>
    </Page>
  )
}

function Sheet({ place, owner }: { place: Place; owner: boolean }) {
  const say = useDeskWords()
  const change = useChange(putPlace)
  const { id, merchant, outlet, kind, name, open } = place
  const turn = () =>
    change.mutate({ params: { merchant, place: id }, body: { outlet, kind, name, open: !open } })
  return (
    <li className={open ? 'sheet' : 'sheet used'}>
      <b className="figure">{name}</b>
      <span className="fine">
        {place.outletName} · {say(`kind.${kind}`)}
      </span>
      <Qr
        text={`${location.origin}/cashier/places/${place.token}`}
        label={`${name} ${say('scanToOrder')}`}
        size={200}
      />
      <span>{open ? say('scanToOrder') : say('closedSeat')}</span>
      {open ? (
        <Link
          to="/cashier/merchants/$merchant/seats/signs"
          params={{ merchant }}
          search={{ place: id }}
          aria-label={say('printNamed', { name })}
        >
          {say('printOne')}
        </Link>
      ) : null}
      {owner ? (
        <Button
          size="small"
          aria-label={`${say(open ? 'closeSeat' : 'openSeat')} ${name}`}
          loading={change.isPending}
          onClick={turn}
        >
          {say(open ? 'closeSeat' : 'openSeat')}
        </Button>
      ) : null}
      <Failed error={change.error} />
    </li>
  )
}

function Add({ merchant, done }: { merchant: `mer_${string}`; done(): void }) {
  const say = useDeskWords()
  const app = useAppWords()
  const outlets = useRead(listOutlets, { params: { merchant } }).data?.rows
  const [name, setName] = useState('')
  const [kind, setKind] = useState<(typeof kinds)[number]>('table')
  const [chosen, choose] = useState<string>()
  const put = useChange(putPlace, done)
  const outlet = outlets?.find(one => one.id === chosen) ?? outlets?.[0]
  if (outlets?.length === 0) return <NoOutlet merchant={merchant} />
  const send = () => {
    if (!outlet || !name.trim()) return
    const body = { outlet: outlet.id, kind, name: name.trim(), open: true }
    put.mutate({ params: { merchant, place: newId('plc') }, body })
  }
  return (
    <Section title={say('newSeat')}>
      <Form className="form-narrow padded no-print" send={send}>
        <OneOf<string>
          label={say('outlet')}
          value={outlet?.id ?? ''}
          change={choose}
          options={(outlets ?? []).map(one => [one.id, one.name] as const)}
        />
        <Segmented
          className="after-field"
          aria-label={say('seatKind')}
          value={kind}
          onChange={setKind}
          options={kinds.map(value => ({ value, label: say(`kind.${value}`) }))}
        />
        <TextField
          label={say('seatName')}
          hint={say('seatNameHint')}
          autoFocus
          required
          maxLength={20}
          value={name}
          change={setName}
        />
        <div className="acts-row">
          <Button type="primary" htmlType="submit" disabled={!name.trim()} loading={put.isPending}>
            {say('newSeat')}
          </Button>
          <Button onClick={done}>{app('cancel')}</Button>
        </div>
        <Failed error={put.error} />
      </Form>
    </Section>
  )
}

function NoOutlet({ merchant }: { merchant: `mer_${string}` }) {
  const say = useDeskWords()
  return (
    <Empty
      act={
        <Link to="/parties/merchants/$merchant/settings" params={{ merchant }}>
          {say('toSettings')}
        </Link>
      }
    >
      {say('noOutlet')}
    </Empty>
  )
}
