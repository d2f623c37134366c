/** Where this device takes money: the outlet, and a till of it where there are some. Both are remembered on the device. */
import { listOutlets } from '@bursar/contract'
import { Select } from 'antd'
import { useState } from 'react'
import { Field } from '../app/look/field.tsx'
import { useRead } from '../app/read.ts'
import { useOutletField } from './outlet-field.tsx'
import { useShopWords } from './shop-words.ts'

export function usePlaceField(merchant: `mer_${string}`) {
  const outlet = useOutletField(merchant)
  const till = useTillField(merchant, outlet.value)
  const field = (
    <>
      {outlet.field}
      {till.field}
    </>
  )
  const place = {
    ...(outlet.value && { outlet: outlet.value }),
    ...(till.value && { till: till.value }),
  }
  return { field, place }
}

/** None where nothing is chosen, or the outlet has none that is open. */
export function useTillField(merchant: `mer_${string}`, outlet: `out_${string}` | undefined) {
  const say = useShopWords()
  const kept = `bursar.till.${merchant}`
  const { data } = useRead(listOutlets, { params: { merchant } })
  const [chosen, setChosen] = useState(() => localStorage.getItem(kept) ?? '')
  const all = data?.rows.find(one => one.id === outlet)?.tills.filter(one => !one.closedAt) ?? []
  const known = all.find(one => one.id === chosen)
  const field =
    all.length > 0 ? (
      <Field label={say('till')}>
        {id => (
          <Select
            id={id}
            style={{ width: '100%' }}
            value={known?.id ?? ''}
            onChange={(to: string) => {
              localStorage.setItem(kept, to)
              setChosen(to)
            }}
            options={[
              { value: '', label: say('noTill') },
              ...all.map(one => ({ value: one.id as string, label: one.name })),
            ]}
          />
        )}
      </Field>
    ) : null
  return { field, value: known?.id }
}
