/** One of a few, under a label. */
import { Select } from 'antd'
import { Field } from './field.tsx'

type Shape<T extends string | number> = {
  label: string
  hint?: string
  value: T
  options: readonly (readonly [NoInfer<T>, string])[]
  change(to: NoInfer<T>): void
}

export function OneOf<T extends string | number>(shape: Shape<T>) {
  const { label, hint, value, options, change } = shape
  return (
    <Field label={label} {...(hint ? { hint } : {})}>
      {(id, by) => (
        <Select<T>
          id={id}
          aria-describedby={by}
          style={{ width: '100%' }}
          value={value}
          onChange={change}
          options={options.map(([one, word]) => ({ value: one, label: word }))}
        />
      )}
    </Field>
  )
}
