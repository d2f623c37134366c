/** The operator's refunds to payers' own accounts: what has no end first, oldest first. */
import { listParts } from '@bursar/contract'
import { useFace, useMe } from '../app/faces.ts'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { usePartsWords } from './parts-words.ts'
import { usePartShape } from './parts-shape.tsx'

export default function Parts() {
  const say = usePartsWords()
  const reviews = useFace(useMe().me)?.role === 'reviewer'
  const shape = usePartShape(reviews)
  return (
    <Page desk title={say('parts')} hint={say('partsHint')}>
      <Listing
        route={listParts}
        ask={{ query: {} }}
        every={5000}
        {...shape}
        empty={<Empty>{say('empty')}</Empty>}
      />
    </Page>
  )
}
