/** What was heard of a receipt after it was told, as far as a terminal may see it: for its own list of the day. */
import type { Sql } from '@bursar/kernel'
import { fieldsFor, isFor, type About, type Fields } from './view.ts'
import type { Grade, NoticeId, Terminal } from './words.ts'

export type Filtered = Fields &
  Readonly<{
    /** When it was heard, for whoever may see times. */
    heardAt?: Date
  }>
type Of = Pick<About, 'outlet' | 'till' | 'rehearsal'> & Readonly<{ id: NoticeId }>
type Row = Readonly<{
  notice: NoticeId
  platform: string
  orders: readonly string[]
  minor: bigint
  currency: string
  payer: string | null
  payee: string | null
  way: string | null
  at: Date
  grade: Grade
  heardAt: Date
}>

/** Of each notice the last few: a source that says the same a thousand times fills no screen. */
const most = 20

/**
 * Of notices that the terminal may see. A word can have another sum than its notice has now, and be heard at another hour:
 * it is for whoever may see that as well.
 */
export async function filteredFor(
  sql: Sql,
  terminal: Terminal,
  notices: readonly Of[],
): Promise<Map<NoticeId, Filtered[]>> {
  const told = new Map<NoticeId, Filtered[]>()
  if (notices.length === 0) return told
  const of = new Map(notices.map(one => [one.id, one]))
  const rows = await sql<Row>`
    select e.* from unnest(${[...of.keys()]}::text[]) as w (id) cross join lateral (
      select h.notice, h.platform, h.orders, h.minor, h.currency, h.payer, h.payee, h.way, h.at, h.grade,
        h.heard_at as "heardAt"
      from notices.evidence h where h.notice = w.id and h.outcome = 'filtered' order by h.no desc limit ${most}) e`
  for (const { notice, minor, currency, heardAt, ...rest } of rows) {
    const { outlet, till, rehearsal } = of.get(notice)!
    const about = { amount: { minor, currency }, outlet, till, told: heardAt, rehearsal }
    if (!isFor(terminal, about)) continue
    const said = {
      ...rest,
      amount: about.amount,
      before: null,
      large: false,
      outlet: null,
      till: null,
    }
    const shown = fieldsFor(terminal.permission.fields, said)
    const one = { ...shown, ...(shown.at && { heardAt }) }
    told.set(notice, [...(told.get(notice) ?? []), one])
  }
  return told
}
