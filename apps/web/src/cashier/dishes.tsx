/** The menu by category. What has extras opens in its place; what is sold out says so. */
import type { Money, readMenu, ReplyOf } from '@bursar/contract'
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { Section } from '../app/look/page.tsx'
import { Sum } from '../app/look/sum.tsx'
import { added, minor, spoken } from '../app/sums.ts'
import type { Basket } from './basket.ts'
import { Picture } from './picture.tsx'
import { clockOf } from './percents.ts'
import { useWords } from './words.ts'

type Catalogue = ReplyOf<typeof readMenu>
type Item = Catalogue['items'][number]

type Shape = { menu: Catalogue; basket: Basket; closed: boolean }
export function Dishes({ menu, basket, closed }: Shape) {
  return menu.categories.map(({ id, name }) => {
    const items = menu.items.filter(one => one.category === id)
    if (items.length === 0) return null
    return (
      <Section key={id} title={name}>
        <ul className="rows">
          {items.map(item => (
            <Dish key={item.id} item={item} basket={basket} closed={closed} />
          ))}
        </ul>
      </Section>
    )
  })
}

const priceOf = ({ now, price }: Item): Money => now ?? price

const isOut = ({ soldOut, stock }: Item): boolean => soldOut || stock === 0

function Dish({ item, basket, closed }: { item: Item; basket: Basket; closed: boolean }) {
  const say = useWords()
  const [open, setOpen] = useState(false)
  const extras = item.modifiers.length > 0
  const { name } = item
  const out = isOut(item)
  const chosen = basket.choices
    .filter(one => one.item === item.id)
    .reduce((sum, one) => sum + one.count, 0)
  const press = () => {
    if (extras) setOpen(!open)
    else basket.add({ item: item.id, name, modifiers: [], unit: priceOf(item) })
  }
  return (
    <li>
      <div className="row">
        <span className="with-picture">
          <Picture of={item} />
          <span>
            <b>{name}</b>
            <Fine item={item} />
          </span>
        </span>
        <span className="dish-acts">
          <Sum of={priceOf(item)} className="row-figure" />
          <Button
            disabled={closed || out}
            aria-label={say(extras ? 'chooseNamed' : 'addNamed', { name })}
            aria-expanded={extras ? open : undefined}
            onClick={press}
          >
            {say(extras ? 'choose' : 'add')}
          </Button>
          {chosen > 0 ? <b className="chosen">{chosen}</b> : null}
        </span>
      </div>
      {open && !out ? <Extras item={item} basket={basket} done={() => setOpen(false)} /> : null}
    </li>
  )
}

function Fine({ item }: { item: Item }) {
  const say = useWords()
  const { happyHour, now, price } = item
  const happy = now && minor(now) < minor(price) && happyHour
  const said = [
    isOut(item) ? say('soldOut') : undefined,
    happy ? say('happy', { amount: spoken(price), to: clockOf(happy.to) }) : undefined,
    !isOut(item) && item.stock !== undefined && item.stock <= 10
      ? say('leftOnly', { count: item.stock })
      : undefined,
  ].filter(Boolean)
  return said.length > 0 ? <span className="fine">{said.join(' · ')}</span> : null
}

function Extras({ item, basket, done }: { item: Item; basket: Basket; done(): void }) {
  const say = useWords()
  const [names, setNames] = useState<readonly string[]>([])
  const taken = item.modifiers.filter(one => names.includes(one.name))
  const unit = added([priceOf(item), ...taken.map(one => one.price)])
  const { name } = item
  const add = () => {
    basket.add({ item: item.id, name, modifiers: taken.map(one => one.name), unit })
    done()
  }
  return (
    <fieldset className="extras">
      <legend className="unseen">{say('extras', { name })}</legend>
      <Checkbox.Group
        value={[...names]}
        onChange={to => setNames(to)}
        options={item.modifiers.map(one => ({
          value: one.name,
          label:
            minor(one.price) > 0n
              ? `${one.name} ${say('extraPrice', { amount: spoken(one.price) })}`
              : one.name,
        }))}
      />
      <Button type="primary" onClick={add}>
        {say('addIt', { name, amount: spoken(unit) })}
      </Button>
    </fieldset>
  )
}
