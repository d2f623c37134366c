/** An hour of the day, as text; what is wrong is said under it. */
import { Input } from 'antd'
import { Field } from '../app/look/field.tsx'

type Shape = {
  label: string
  hint?: string
  problem?: string | undefined
  value: string
  change(to: string): void
}

export function TimeField({ label, hint, problem, value, change }: Shape) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(id, by) => (
        <Input
          id={id}
          aria-describedby={by}
          aria-invalid={Boolean(problem)}
          status={problem ? 'error' : ''}
          type="time"
          value={value}
          onChange={event => change(event.target.value)}
        />
      )}
    </Field>
  )
}
