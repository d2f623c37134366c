import { Input, type InputProps } from 'antd'
import { Field } from './field.tsx'

type Shape = Omit<InputProps, 'onChange' | 'value' | 'id'> & {
  label: string
  hint?: string
  problem?: string | undefined
  value: string
  change(text: string): void
}

/** A labelled line of text; `type="password"` can be looked at while it is typed. */
export function TextField({ label, hint, problem, value, change, type, ...rest }: Shape) {
  const Line = type === 'password' ? Input.Password : Input
  return (
    <Field label={label} problem={problem} {...(hint ? { hint } : {})}>
      {(id, describedBy) => (
        <Line
          {...rest}
          {...(type && type !== 'password' ? { type } : {})}
          id={id}
          aria-describedby={describedBy}
          aria-invalid={Boolean(problem)}
          status={problem ? 'error' : ''}
          value={value}
          onChange={event => change(event.target.value)}
        />
      )}
    </Field>
  )
}
