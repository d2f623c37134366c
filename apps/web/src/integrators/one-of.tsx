/** One of a few spans of days. */
import { Select } from 'antd'
import { Field } from '../app/look/field.tsx'

type Shape = {
  label: string
  hint?: string
  value: number
  options: readonly (readonly [number, string])[]
  change(days: number): void
}

export function OneOf({ label, hint, value, options, change }: Shape) {
  return (
    <Field label={label} {...(hint ? { hint } : {})}>
      {id => (
        <Select
          id={id}
          style={{ width: '100%' }}
          value={value}
          onChange={change}
          options={options.map(([days, word]) => ({ value: days, label: word }))}
        />
      )}
    </Field>
  )
}
