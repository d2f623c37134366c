import type { readSuspense, ReplyOf } from '@bursar/contract'

/** Money in suspense, with what is known of it. */
export type Row = ReplyOf<typeof readSuspense>
