/** A field for a sum. It holds text; nothing is rounded and nothing passes through a float. */
import type { Money } from '@bursar/contract'
import { Input } from 'antd'
import { useId, useState } from 'react'
import { minor, typeable, typed, unit } from '../sums.ts'
import { useWords } from '../words.ts'

type Shape = {
  label: string
  value: string
  change(text: string): void
  hint?: string | undefined
  problem?: string | undefined
  disabled?: boolean
  autoFocus?: boolean
  currency?: string
}

export function Amount(props: Shape) {
  const { label, value, change, hint, problem, disabled, autoFocus, currency = 'CNY' } = props
  const id = useId()
  return (
    <div className="field amount-field">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        size="large"
        inputMode="decimal"
        autoComplete="off"
        placeholder="0.00"
        suffix={<span className="fine">{unit(currency)}</span>}
        value={value}
        disabled={disabled ?? false}
        autoFocus={autoFocus ?? false}
        status={problem ? 'error' : ''}
        aria-describedby={`${id}-hint`}
        aria-invalid={Boolean(problem)}
        onChange={event => typeable(event.target.value) && change(event.target.value)}
      />
      <p id={`${id}-hint`} className={problem ? 'field-hint wrong' : 'field-hint'}>
        {problem ?? hint ?? '\u00a0'}
      </p>
    </div>
  )
}

/** What is typed, as a sum; `good` only while it is one and not more than `most`. */
export function useAmount(begin = '', currency = 'CNY', most?: Money) {
  const say = useWords()
  const [text, set] = useState(begin)
  const sum = typed(text, currency)
  const over = sum !== undefined && most !== undefined && minor(sum) > minor(most)
  const good = over ? undefined : sum
  const wrong = text !== '' && !sum ? say('amountWrong') : undefined
  return { text, set, sum, good, over, wrong, currency }
}
