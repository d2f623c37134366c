/** A merchant's refunds to its members' own accounts: what has no end first, oldest first. */
import { listMerchantParts } from '@bursar/contract'
import { useIsOnlyStaff } from '../app/faces.ts'
import { useOwner } from '../cashier/seats.tsx'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { useParam } from '../app/params.ts'
import { usePartsWords } from './parts-words.ts'
import { usePartShape } from './parts-shape.tsx'

export default function MerchantParts() {
  const say = usePartsWords()
  const merchant = useParam('merchant')
  const shape = usePartShape(useOwner(merchant))
  if (useIsOnlyStaff(merchant))
    return (
      <Page desk title={say('parts')}>
        <Empty>{say('partsOfOwner')}</Empty>
      </Page>
    )
  return (
    <Page desk title={say('parts')} hint={say('partsHint')}>
      <Listing
        route={listMerchantParts}
        ask={{ params: { merchant }, query: {} }}
        every={5000}
        {...shape}
        empty={<Empty>{say('empty')}</Empty>}
      />
    </Page>
  )
}
