/** A counter, and a terminal that somebody holds: for tests. */
import { newId, type Books, type MerchantId, type PersonId } from '@bursar/kernel'
import { acceptInvitation, fields, inviteSub, putCounter, type TerminalId } from '@bursar/notices'

export async function openCounter(books: Books, merchant: MerchantId): Promise<void> {
  const counter = {
    id: newId('ctr'),
    merchant,
    outlet: null,
    name: '前台',
    threshold: 'A',
  } as const
  const telling = { patience: 60, lateSpoken: true, large: null, quiet: null, open: true }
  await putCounter(books, { ...counter, ...telling })
}

type Holding = Readonly<{ merchant: MerchantId; owner: PersonId; person: PersonId }>
export async function heldTerminal(
  books: Books,
  { merchant, owner, person }: Holding,
): Promise<TerminalId> {
  const none = { from: null, to: null, outlets: null, tills: null, hours: null, until: null }
  const permission = { fields, actions: ['receive', 'look_up', 'totals'], ...none } as const
  const ask = { id: newId('inv'), merchant, name: '收银', permission, by: owner }
  const { code } = await inviteSub(books, ask)
  return (await acceptInvitation(books, { code, by: person })).id
}
