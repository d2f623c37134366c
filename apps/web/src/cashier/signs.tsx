/** The signs that hang or stand at the places, on paper: many to cut out, one that stands, or a roll of labels. */
import { listPlaces, type ReplyOf } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button, Segmented, Select } from 'antd'
import { useFace, useMe } from '../app/faces.ts'
import { Failed } from '../app/look/failed.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { Qr } from '../app/look/qr.tsx'
import { useListSearch } from '../app/look/tools.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { useDeskWords } from './desk-words.ts'
import './signs.css'

type Place = ReplyOf<typeof listPlaces>['rows'][number]

/** What the printer is told; `on` signs fit on one sheet. The measures of a sign are in signs.css. */
const papers = {
  a4: { page: 'size: 210mm 297mm; margin: 10mm', on: 12 },
  a6: { page: 'size: 105mm 148mm; margin: 0', on: 1 },
  label: { page: 'size: 60mm 40mm; margin: 0', on: 1 },
} as const
type Paper = keyof typeof papers
const known = Object.keys(papers) as Paper[]

export default function Signs() {
  const say = useDeskWords()
  const merchant = useParam('merchant')
  const { search, change } = useListSearch()
  const read = useRead(listPlaces, { params: { merchant }, query: {} })
  const paper = known.find(one => one === search.paper) ?? 'a4'
  const open = read.data?.rows.filter(one => one.open)
  const shown = open?.filter(
    one =>
      (!search.outlet || one.outlet === search.outlet) &&
      (!search.place || one.id === search.place),
  )
  const count = shown?.length ?? 0
  return (
    <Page
      desk
      title={say('signs')}
      hint={say('signsHint')}
      back={{ to: `/cashier/merchants/${merchant}/seats`, label: say('seats') }}
      acts={
        <Button type="primary" disabled={count === 0} onClick={() => print()}>
          {say('printNow', { count })}
        </Button>
      }
    >
      <style>{`@page { ${papers[paper].page} }`}</style>
      <div className="board-tools no-print">
        <Segmented<Paper>
          aria-label={say('paper')}
          value={paper}
          onChange={to => change({ ...search, paper: to })}
          options={known.map(value => ({ value, label: say(`paper.${value}`) }))}
        />
        {search.place ? (
          <Link to="." search={{ paper }}>
            {say('allSeats')}
          </Link>
        ) : (
          <Outlets of={open ?? []} />
        )}
      </div>
      <Failed error={read.error} again={() => void read.refetch()} />
      {shown && count === 0 ? <Empty>{say('noSigns')}</Empty> : null}
      {shown ? <Sheets of={shown} paper={paper} /> : null}
    </Page>
  )
}

/** Only where there are several. */
function Outlets({ of }: { of: readonly Place[] }) {
  const say = useDeskWords()
  const { search, change } = useListSearch()
  const names = new Map(of.map(one => [one.outlet as string, one.outletName]))
  if (names.size < 2) return null
  return (
    <Select
      aria-label={say('outlet')}
      style={{ minWidth: 160 }}
      value={search.outlet ?? ''}
      onChange={to => change({ ...search, outlet: to })}
      options={[
        { value: '', label: say('everyOutlet') },
        ...[...names].map(([value, label]) => ({ value, label })),
      ]}
    />
  )
}

function Sheets({ of, paper }: { of: readonly Place[]; paper: Paper }) {
  const { on } = papers[paper]
  const sheets = Array.from({ length: Math.ceil(of.length / on) }, (_, n) =>
    of.slice(n * on, (n + 1) * on),
  )
  return (
    <div className="signs">
      {sheets.map(some => (
        <ul key={some[0]!.id} className={paper}>
          {some.map(place => (
            <Sign key={place.id} place={place} />
          ))}
        </ul>
      ))}
    </div>
  )
}

function Sign({ place }: { place: Place }) {
  const say = useDeskWords()
  const { me } = useMe()
  const shop = useFace(me)?.name ?? ''
  const { name, outletName, token } = place
  return (
    <li className="sign">
      <span className="sign-shop">{[...new Set([shop, outletName])].join(' · ')}</span>
      <Qr
        size={null}
        text={`${location.origin}/cashier/places/${token}`}
        label={`${name} ${say('scanToOrder')}`}
      />
      <b>{name}</b>
      <span>{say('scanInBoth')}</span>
    </li>
  )
}
