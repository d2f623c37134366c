/** Hours at which an item costs less, by the outlet's clock; over midnight where they end before they begin. */
import type { Money } from '@bursar/contract'
import { Switch } from 'antd'
import { useState } from 'react'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { minor } from '../app/sums.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'
import { clockOf, minuteOf } from './percents.ts'
import type { Item } from './sold.ts'
import { TimeField } from './time-field.tsx'

type Happy = NonNullable<Item['happyHour']>

/** `good` is what to send: nothing where there is none, undefined while something is wrong. */
export function useHappyHour(begin: Happy | undefined, usual: Money | undefined) {
  const say = useDeskWords()
  const app = useAppWords()
  const [on, turn] = useState(begin !== undefined)
  const price = useAmount(begin?.price.amount, begin?.price.currency)
  const [from, setFrom] = useState(begin ? clockOf(begin.from) : '17:00')
  const [to, setTo] = useState(begin ? clockOf(begin.to) : '19:00')
  const [starts, ends] = [minuteOf(from), minuteOf(to)]
  const dear = price.good && usual && minor(price.good) >= minor(usual)
  const hours =
    starts !== undefined && ends !== undefined && starts !== ends
      ? { from: starts, to: ends }
      : undefined
  const good = happyOf(on, dear ? undefined : price.good, hours)
  const field = (
    <>
      <label className="sound after-field">
        <Switch checked={on} onChange={turn} /> {say('happyHour')}
      </label>
      {on ? (
        <>
          <Amount
            label={say('happyPrice')}
            hint={say('happyHint')}
            value={price.text}
            change={price.set}
            problem={price.wrong ?? (dear ? say('happyDear') : undefined)}
          />
          <div className="pair-of-fields">
            <TimeField
              label={say('happyFrom')}
              problem={starts === undefined ? app('required') : undefined}
              value={from}
              change={setFrom}
            />
            <TimeField
              label={say('happyTo')}
              problem={
                ends === undefined ? app('required') : starts === ends ? say('sameHour') : undefined
              }
              value={to}
              change={setTo}
            />
          </div>
        </>
      ) : null}
    </>
  )
  return { field, good }
}

function happyOf(on: boolean, price: Money | undefined, hours: Omit<Happy, 'price'> | undefined) {
  if (!on) return {}
  return price && hours ? { happyHour: { price, ...hours } } : undefined
}
