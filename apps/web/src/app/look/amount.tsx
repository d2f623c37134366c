/** A field for a sum. It holds text; nothing is rounded and nothing passes through a float. */
import { Input, type InputRef } from 'antd'
import { useId, type Ref } from 'react'
import { typeable, unit } from '../sums.ts'

type Shape = {
  label: string
  value: string
  change(text: string): void
  hint?: string | undefined
  problem?: string | undefined
  disabled?: boolean
  autoFocus?: boolean
  currency?: string
  inputRef?: Ref<InputRef>
}

export function Amount(props: Shape) {
  const { label, value, change, hint, problem, disabled, autoFocus, currency = 'CNY' } = props
  const id = useId()
  const under = problem ?? hint
  return (
    <div className="field amount-field">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        {...(props.inputRef ? { ref: props.inputRef } : {})}
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
        {under ?? '\u00a0'}
      </p>
    </div>
  )
}
