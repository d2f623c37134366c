/**
 * Two refunds that the platform refused: of the first face, who may say where the money goes instead; and of somebody
 * who has named a bank account, so that a reviewer has something to decide.
 */
import { withdraw } from '@bursar/custody'
import { idFor, type Books, type PersonId, type PurseId } from '@bursar/kernel'
import { askResidue } from '@bursar/settlement'
import { memberIdOf } from './founding.ts'
import type { TownWallet } from './outside.ts'

const amount = { minor: 2_000n, currency: 'CNY' }
/** Enough that the rest of the town does not miss it. */
const least = 6_000n
type Guest = Readonly<{ purse: PurseId; person: PersonId; name: string }>

const idOf = (name: string) => idFor('wdr', 'town', 'refused', name)

/** Asked again it changes nothing: the ids are the names, and what was refused is in the purse again. */
export async function refuseRefunds(books: Books, wallet: TownWallet, at: Date): Promise<void> {
  const closed = { refused: 'account_closed' }
  const refuses: TownWallet = {
    ...wallet,
    refund: async () => closed,
    refundQuery: async () => 'none',
  }
  for (const [name, guest] of Object.entries(await guestsOf(books, wallet.gateway))) {
    if (!guest) continue
    const { purse, person: by } = guest
    const ask = { id: idOf(name), purse, amount, by, at }
    const { parts } = await withdraw(books, [refuses], ask)
    if (name !== 'other') continue
    const [{ id: part, amount: some }] = parts as [(typeof parts)[number]]
    await askResidue(books, {
      ...{ id: idFor('rsd', 'town', 'refused', name), purse, part, amount: some, by, at },
      payee: { bank: '中国建设银行', account: '6217001234567890122', name: guest.name },
    })
  }
}

/** Whose money nothing else at the end of the day waits for; taken up again, those of before. */
async function guestsOf({ sql }: Books, gateway: string): Promise<{ face?: Guest; other?: Guest }> {
  const ids = ['face', 'other'].map(idOf)
  const rows = await sql<Guest & { face: boolean }>`
    select u.id as purse, u.person, n.name, u.person = ${memberIdOf(0)} as face
    from custody.purse u
    join parties.person n on n.id = u.person
    join parties.merchant m on m.id = u.merchant and m.state = 'active'
    cross join ledger.states(u.book, array['purse/' || u.id]) s
    left join custody.withdrawal w on w.purse = u.id and w.id = any(${ids}::text[])
    where w.id is not null or s.posted >= ${least} and s.out_ = 0
      and not exists (select from custody.top_up t where t.purse = u.id and t.gateway <> ${gateway})
    order by w.id is null, u.id`
  const face = rows.find(one => one.face)
  const other = rows.find(one => !one.face)
  return { ...(face && { face }), ...(other && { other }) }
}
