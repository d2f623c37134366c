/** A guest whose refund a platform has refused for good, a bank that does as it is told, and a reviewer: for tests. */
import assert from 'node:assert/strict'
import { beforeEach } from 'node:test'
import { join, withdraw } from '@bursar/custody'
import { useTown } from '@bursar/custody/testing'
import { newId, type Books, type PersonId, type PurseId } from '@bursar/kernel'
import { cny, type Money } from '@bursar/money'
import {
  askResidue,
  bankAnswered,
  payResidues,
  readResidue,
  reviewResidue,
  type ResidueId,
  type ResidueReview,
} from './settlement.ts'
import { noticeOf, playBank, type PlayedBank } from './testing.ts'

type Now = {
  bank: PlayedBank
  member: { person: PersonId; purse: PurseId }
  part: `wdp_${string}`
  reviewer: PersonId
}
type Ask = Parameters<typeof askResidue>[1]
const payee = { bank: '工商银行', account: '6222 0210 0101 2345 671', name: '李晓梅' }

/** Before each test there is another guest, whose 40.00 the platform has refused. */
export function useRefused() {
  const town = useTown()
  const now = {} as Now

  beforeEach(async () => {
    const bank = playBank()
    Object.assign(now, {
      bank,
      ...(await refusedGuest('40.00')),
      reviewer: await town.person('审核员'),
    })
  })

  async function refusedGuest(yuan: string) {
    const person = await town.person('李晓梅')
    const purse = (await join(town.books, { person, merchant: await town.merchant() })).id
    await town.topUp({ person, purse }, yuan)
    await paidOut(yuan)
    town.wallet.says.refund = { refused: 'account_closed' }
    const wish = { id: newId('wdr'), purse, amount: cny(yuan), by: person }
    const { parts, state } = await withdraw(town.books, [town.wallet.wallet], wish)
    delete town.wallet.says.refund
    assert.equal(state, 'returned')
    return { member: { person, purse }, part: parts[0]!.id }
  }
  const post = (debit: `pool/${string}`, credit: `pool/${string}`, amount: Money) => {
    const sides = { debit, credit, amount, event: 'test' }
    const entry = { kind: 'post', id: crypto.randomUUID(), ...sides } as const
    return town.books.submit({ book: town.book, plan: () => ({ entries: [entry] }) })
  }
  /** The platform pays us out. */
  const paidOut = (yuan: string) => post('pool/custody', 'pool/transit-in', cny(yuan))
  const own = () => ({ part: now.part, purse: now.member.purse, by: now.member.person, payee })
  const later = (seconds: number) => new Date(Date.now() + seconds * 1000)
  const ask = (yuan = '40.00', more: Partial<Ask> = {}) =>
    askResidue(town.books, { id: newId('rsd'), ...own(), amount: cny(yuan), ...more })
  const decide = (id: ResidueId, more: Partial<ResidueReview> = {}) =>
    reviewResidue(town.books, { id, by: now.reviewer, step: 'approve', ...more })
  return {
    ...{ town, now, payee, ask, decide, later, paidOut },
    /** As if the platforms had not paid so much out yet. */
    drain: (minor: bigint) => post('pool/transit-in', 'pool/custody', { minor, currency: 'CNY' }),
    async approved(yuan = '40.00') {
      const { id } = await ask(yuan)
      await decide(id)
      return id
    },
    run: (seconds = 1) => payResidues(town.books, now.bank, { at: later(seconds) }),
    tell: (id: ResidueId, more: Parameters<typeof noticeOf>[2], yuan = '40.00') => {
      const notice = noticeOf(id, yuan, more)
      return bankAnswered(town.books, now.bank, { notice, rawBody: Buffer.from('{}') })
    },
    stateOf: async (id: ResidueId) => (await readResidue(town.books, id)).state,
    left: () => town.available(now.member.purse),
    bounced: { kind: 'bounced', reason: 'no_such_account' } as const,
    insert: (more?: Inserted) => insert(town.books, town.book, now, more),
  }
}

type Inserted = { holder?: string; minor?: bigint; state?: string; reviewer?: PersonId }

/** Past the code, as the table has it. */
function insert({ sql }: Books, book: number, { part, member }: Now, more: Inserted = {}) {
  const { holder = payee.name, minor = 100n, state = 'submitted', reviewer = null } = more
  return sql`
    insert into settlement.residue (id, book, part, purse, minor, currency, bank, account, holder,
      asked_by, asked_at, hold, state, reviewed_by)
    values (${newId('rsd')}, ${book}, ${part}, ${member.purse}, ${minor}, 'CNY', '银行',
      '6222021001012345671', ${holder}, ${member.person}, now(), ${crypto.randomUUID()},
      ${state}, ${reviewer})`
}
