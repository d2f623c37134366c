/** What a merchant sells, as its own people read it. */
import type { readCatalogue, ReplyOf } from '@bursar/contract'

export type Catalogue = ReplyOf<typeof readCatalogue>
export type Item = Catalogue['items'][number]
export type Plan = Catalogue['plans'][number]
