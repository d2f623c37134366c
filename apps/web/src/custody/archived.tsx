/** What a statement says where its lines end: the earlier ones are in an archive. */
import type { purseStatement, ReplyOf } from '@bursar/contract'
import { day } from '../app/times.ts'
import { useWords } from './words.ts'

export function Archived({ page }: { page: ReplyOf<typeof purseStatement> }) {
  const say = useWords()
  if (!page.archived) return null
  const { entries, before } = page.archived
  return <p className="fine">{say('archived', { entries, day: day(before) })}</p>
}
