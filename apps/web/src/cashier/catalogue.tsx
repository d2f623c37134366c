/** What is sold: categories, items and time. Staff say what there is; the owner sets names and prices. */
import { putCategory, readCatalogue, setStock } from '@bursar/contract'
import { Button, Switch } from 'antd'
import { useState } from 'react'
import { newId } from '../app/ids.ts'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Empty, Page, Section } from '../app/look/page.tsx'
import { Bones, Sum } from '../app/look/sum.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { Plans } from './desk-plans.tsx'
import { useDeskWords } from './desk-words.ts'
import { ItemForm } from './item-form.tsx'
import { clockOf, percentOf } from './percents.ts'
import { Picture } from './picture.tsx'
import { useOwner } from './seats.tsx'
import type { Catalogue, Item } from './sold.ts'
import { StockForm } from './stock.tsx'
import './menu.css'
import './order.css'

/** An item's or a plan's id, or what is new; `stock …` for an item's count. */
type Editing = string | undefined

export default function CataloguePage() {
  const say = useDeskWords()
  const merchant = useParam('merchant')
  const owner = useOwner(merchant)
  const [editing, edit] = useState<Editing>()
  const read = useRead(readCatalogue, { params: { merchant } })
  const menu = read.data
  const done = () => edit(undefined)
  const empty = menu?.categories.length === 0
  return (
    <Page
      desk
      title={say('catalogue')}
      hint={say('catalogueHint')}
      acts={
        owner ? (
          <>
            <Button onClick={() => edit('category')}>{say('newCategory')}</Button>
            <Button type="primary" disabled={!menu || empty} onClick={() => edit('item')}>
              {say('newItem')}
            </Button>
          </>
        ) : null
      }
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {editing === 'category' ? (
        <NewCategory merchant={merchant} rank={menu?.categories.length ?? 0} done={done} />
      ) : null}
      {editing === 'item' && menu ? <ItemForm merchant={merchant} menu={menu} done={done} /> : null}
      {empty && !editing ? <Empty>{say('noItems')}</Empty> : null}
      {menu ? null : <Bones rows={6} />}
      {menu?.categories.map(({ id, name }) => (
        <Section key={id} title={name}>
          <Items menu={menu} category={id} {...{ merchant, owner, editing, edit }} />
        </Section>
      ))}
      {menu ? <Plans plans={menu.plans} {...{ merchant, owner, editing, edit }} /> : null}
    </Page>
  )
}

type Shape = {
  menu: Catalogue
  category: string
  merchant: `mer_${string}`
  owner: boolean
  editing: Editing
  edit(to: Editing): void
}
function Items({ menu, category, merchant, owner, editing, edit }: Shape) {
  const say = useDeskWords()
  const items = menu.items.filter(one => one.category === category)
  if (items.length === 0) return <Empty>{say('emptyCategory')}</Empty>
  return (
    <ul className="rows">
      {items.map(item =>
        editing === item.id || editing === `stock ${item.id}` ? (
          <li key={item.id}>
            {editing === item.id ? (
              <ItemForm merchant={merchant} menu={menu} item={item} done={() => edit(undefined)} />
            ) : (
              <StockForm merchant={merchant} item={item} done={() => edit(undefined)} />
            )}
          </li>
        ) : (
          <li key={item.id} className="row item-row">
            <ItemName item={item} />
            <span className="dish-acts">
              <Sum of={item.price} className="row-figure" />
              <SoldOut item={item} merchant={merchant} />
              <Button
                size="small"
                aria-label={say('stockNamed', { name: item.name })}
                onClick={() => edit(`stock ${item.id}`)}
              >
                {say('stockAct')}
              </Button>
              {owner ? (
                <Button
                  size="small"
                  aria-label={say('editNamed', { name: item.name })}
                  onClick={() => edit(item.id)}
                >
                  {say('editItem')}
                </Button>
              ) : null}
            </span>
          </li>
        ),
      )}
    </ul>
  )
}

function ItemName({ item }: { item: Item }) {
  const say = useDeskWords()
  const happyLine = ({ price, off, from, to }: NonNullable<Item['happyHour']>) =>
    say(off === undefined ? 'happyLine' : 'happyLineOff', {
      ...{ amount: spoken(price), from: clockOf(from), to: clockOf(to) },
      percent: percentOf(off ?? 0),
    })
  const said = [
    item.offered ? undefined : say('offered.no'),
    say(`station.${item.station}`),
    item.stock === undefined ? undefined : say('stock', { count: item.stock }),
    item.happyHour && happyLine(item.happyHour),
    ...item.modifiers.map(one => one.name),
  ].filter(Boolean)
  return (
    <span className="with-picture">
      <Picture of={item} />
      <span>
        <b>{item.name}</b>
        <span className="fine">{said.join(' · ')}</span>
      </span>
    </span>
  )
}

function SoldOut({ item, merchant }: { item: Item; merchant: `mer_${string}` }) {
  const say = useDeskWords()
  const stock = useChange(setStock)
  const turn = (soldOut: boolean) =>
    stock.mutate({ params: { merchant, item: item.id }, body: { soldOut } })
  return (
    <span className="sound">
      <Switch
        aria-label={say('soldOutNamed', { name: item.name })}
        checked={item.soldOut}
        loading={stock.isPending}
        onChange={turn}
      />
      <span className="fine" aria-hidden="true">
        {say('soldOut')}
      </span>
      <Failed error={stock.error} />
    </span>
  )
}

type Fresh = { merchant: `mer_${string}`; rank: number; done(): void }
function NewCategory({ merchant, rank, done }: Fresh) {
  const say = useDeskWords()
  const app = useAppWords()
  const [name, setName] = useState('')
  const put = useChange(putCategory, done)
  const send = () => {
    const body = { name: name.trim(), rank, offered: true }
    if (body.name) put.mutate({ params: { merchant, category: newId('cat') }, body })
  }
  return (
    <Section title={say('newCategory')}>
      <Form className="form-narrow padded" send={send}>
        <TextField label={say('name')} autoFocus maxLength={40} value={name} change={setName} />
        <div className="acts-row">
          <Button type="primary" htmlType="submit" disabled={!name.trim()} loading={put.isPending}>
            {say('newCategory')}
          </Button>
          <Button onClick={done}>{app('cancel')}</Button>
        </div>
        <Failed error={put.error} />
      </Form>
    </Section>
  )
}
