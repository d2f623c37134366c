/** Where this device takes money: the outlet, and a till of it where there are some. Both are remembered on the device. */
import { listOutlets } from '@bursar/contract'
import { useRead } from '../app/read.ts'
import { useKeptChoice } from './kept-choice.tsx'
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

const useOutlets = (merchant: `mer_${string}`) =>
  useRead(listOutlets, { params: { merchant } }).data?.rows ?? []

/** Left out it means a till in no outlet, or a list of every outlet's. */
export function useOutletField(
  merchant: `mer_${string}`,
  none: 'noOutlet' | 'everyOutlet' = 'noOutlet',
) {
  const say = useShopWords()
  return useKeptChoice({
    ...{ kept: `bursar.outlet.${merchant}`, label: say('outlet'), none: say(none) },
    of: useOutlets(merchant),
  })
}

/** Those of the outlet that are open. */
export function useTillField(merchant: `mer_${string}`, outlet: `out_${string}` | undefined) {
  const say = useShopWords()
  const tills = useOutlets(merchant).find(one => one.id === outlet)?.tills ?? []
  return useKeptChoice({
    ...{ kept: `bursar.till.${merchant}`, label: say('till'), none: say('noTill') },
    of: tills.filter(one => !one.closedAt),
  })
}
