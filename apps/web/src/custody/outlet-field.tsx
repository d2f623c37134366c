/** Which outlet this till stands in. Remembered on this device; left out where a merchant has none. */
import { listOutlets } from '@bursar/contract'
import { Select } from 'antd'
import { useState } from 'react'
import { Field } from '../app/look/field.tsx'
import { useRead } from '../app/read.ts'
import { useShopWords } from './shop-words.ts'

type OutletId = `out_${string}`

/** `none` is what leaving it out means: a till in no outlet, or a list of every outlet's. */
export function useOutletField(
  merchant: `mer_${string}`,
  none: 'noOutlet' | 'everyOutlet' = 'noOutlet',
) {
  const say = useShopWords()
  const place = `bursar.outlet.${merchant}`
  const { data } = useRead(listOutlets, { params: { merchant } })
  const [chosen, setChosen] = useState(() => localStorage.getItem(place) ?? '')
  const known = data?.rows.find(one => one.id === chosen)
  const field =
    data && data.rows.length > 0 ? (
      <Field label={say('outlet')}>
        {id => (
          <Select
            id={id}
            style={{ width: '100%' }}
            value={known?.id ?? ''}
            onChange={(to: string) => {
              localStorage.setItem(place, to)
              setChosen(to)
            }}
            options={[
              { value: '', label: say(none) },
              ...data.rows.map(one => ({ value: one.id, label: one.name })),
            ]}
          />
        )}
      </Field>
    ) : null
  return { field, value: known?.id as OutletId | undefined }
}
