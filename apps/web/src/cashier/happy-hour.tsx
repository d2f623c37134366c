/** Hours at which an item costs less, by the outlet's clock; over midnight where they end before they begin. */
import type { Money } from '@bursar/contract'
import { Segmented, Switch } from 'antd'
import { useState } from 'react'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { minor, spoken } from '../app/sums.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'
import { bpsOf, clockOf, minuteOf, percentOf } from './percents.ts'
import type { Item } from './sold.ts'
import { TimeField } from './time-field.tsx'
import { lessOf } from './tops.ts'

type Happy = NonNullable<Item['happyHour']>
type By = 'price' | 'off'

/** `good` is what to send: nothing where there is none, undefined while something is wrong. */
export function useHappyHour(begin: Happy | undefined, usual: Money | undefined) {
  const say = useDeskWords()
  const [on, turn] = useState(begin !== undefined)
  const [by, setBy] = useState<By>(begin?.off === undefined ? 'price' : 'off')
  const price = usePrice(begin, usual)
  const off = useOff(begin, usual)
  const hours = useHours(begin)
  const cost = by === 'price' ? price.good : off.good
  const field = (
    <>
      <label className="sound after-field">
        <Switch checked={on} onChange={turn} /> {say('happyHour')}
      </label>
      {on ? (
        <>
          <div className="after-field">
            <Segmented<By>
              aria-label={say('happyBy')}
              value={by}
              onChange={setBy}
              options={(['price', 'off'] as const).map(value => ({
                value,
                label: say(`happy.${value}`),
              }))}
            />
          </div>
          {by === 'price' ? price.field : off.field}
          {hours.field}
        </>
      ) : null}
    </>
  )
  if (!on) return { field, good: {} }
  return { field, good: cost && hours.good ? { happyHour: { ...cost, ...hours.good } } : undefined }
}

function usePrice(begin: Happy | undefined, usual: Money | undefined) {
  const say = useDeskWords()
  const price = useAmount(begin?.price.amount, begin?.price.currency)
  const dear = price.good && usual && minor(price.good) >= minor(usual)
  const field = (
    <Amount
      label={say('happyPrice')}
      hint={say('happyHint')}
      value={price.text}
      change={price.set}
      problem={price.wrong ?? (dear ? say('happyDear') : undefined)}
    />
  )
  return { field, good: price.good && !dear ? { price: price.good } : undefined }
}

/** So many percent; what it comes to is said as the server will count it. */
function useOff(begin: Happy | undefined, usual: Money | undefined) {
  const say = useDeskWords()
  const [text, set] = useState(begin?.off === undefined ? '20' : percentOf(begin.off))
  const off = bpsOf(text, 9999) || undefined
  const then = off && usual && lessOf(usual, off)
  const fits = then && usual && minor(then) > 0n && minor(then) < minor(usual)
  const wrong = off === undefined ? say('happyOffWrong') : undefined
  const field = (
    <TextField
      label={say('happyOff')}
      hint={then ? say('happyOffHint', { amount: spoken(then) }) : say('happyHint')}
      problem={wrong ?? (then && !fits ? say('happyDear') : undefined)}
      inputMode="decimal"
      suffix="%"
      required
      value={text}
      change={set}
    />
  )
  return { field, good: off && fits ? { off } : undefined }
}

function useHours(begin: Happy | undefined) {
  const say = useDeskWords()
  const app = useAppWords()
  const [from, setFrom] = useState(begin ? clockOf(begin.from) : '17:00')
  const [to, setTo] = useState(begin ? clockOf(begin.to) : '19:00')
  const [starts, ends] = [minuteOf(from), minuteOf(to)]
  const same = starts === ends ? say('sameHour') : undefined
  const field = (
    <div className="pair-of-fields">
      <TimeField
        label={say('happyFrom')}
        problem={starts === undefined ? app('required') : undefined}
        value={from}
        change={setFrom}
      />
      <TimeField
        label={say('happyTo')}
        problem={ends === undefined ? app('required') : same}
        value={to}
        change={setTo}
      />
    </div>
  )
  if (starts === undefined || ends === undefined || same) return { field }
  return { field, good: { from: starts, to: ends } }
}
