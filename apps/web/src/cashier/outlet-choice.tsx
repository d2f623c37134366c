/** One outlet of the merchant's: the one this device stands in, else the first. Undefined until it is known. */
import { listOutlets } from '@bursar/contract'
import { Select } from 'antd'
import { useState } from 'react'
import { Field } from '../app/look/field.tsx'
import { useRead } from '../app/read.ts'
import { useShiftWords } from './shift-words.ts'

export function useOutlet(merchant: `mer_${string}`) {
  const say = useShiftWords()
  const place = `bursar.outlet.${merchant}`
  const rows = useRead(listOutlets, { params: { merchant } }).data?.rows
  const [chosen, choose] = useState(() => localStorage.getItem(place) ?? '')
  const outlet = rows?.find(one => one.id === chosen) ?? rows?.[0]
  const field =
    rows && rows.length > 1 ? (
      <Field label={say('outlet')}>
        {id => (
          <Select
            id={id}
            style={{ minWidth: 200 }}
            value={outlet?.id ?? ''}
            onChange={to => {
              localStorage.setItem(place, to)
              choose(to)
            }}
            options={rows.map(one => ({ value: one.id as string, label: one.name }))}
          />
        )}
      </Field>
    ) : null
  return { outlet, none: rows?.length === 0, field }
}
