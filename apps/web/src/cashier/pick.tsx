/** One of several, by name; where there is none it says so instead of an empty list. */
import { Select } from 'antd'
import { Field } from '../app/look/field.tsx'

type Shape = {
  label: string
  hint?: string
  of: readonly Readonly<{ id: string; name: string }>[] | undefined
  value: string
  change(to: string): void
  none: string
}

export function Pick({ label, hint, of, value, change, none }: Shape) {
  return (
    <Field label={label} hint={of?.length === 0 ? none : hint}>
      {(id, by) => (
        <Select
          id={id}
          aria-describedby={by}
          style={{ width: '100%' }}
          showSearch={{ optionFilterProp: 'label' }}
          loading={!of}
          disabled={!of?.length}
          value={value || null}
          onChange={to => change(to ?? '')}
          options={(of ?? []).map(one => ({ value: one.id, label: one.name }))}
        />
      )}
    </Field>
  )
}
