/** A tea house with members who spend, and a bank that can be told what to do: for tests. */
import { admitMerchant, join, openPool, spend } from '@bursar/custody'
import { newId, type Books, type Id, type MerchantId, type PersonId } from '@bursar/kernel'
import { cny, type Money } from '@bursar/money'
import { appoint, applyMerchant, decideMerchant, foundInstitution, register } from '@bursar/parties'
import type { Bank, BankNotice, Outcome, PaymentOrder } from './bank.ts'

export type House = Readonly<{
  books: Books
  merchant: MerchantId
  owner: PersonId
  reviewer: PersonId
  member: PersonId
  purse: Id<'pur'>
  /** The member spends: the merchant has earned so much more, and custody has it. */
  earn(yuan: string): Promise<Id<'spd'>>
  /** The same, but the platform has not paid us out yet. */
  earnInTransit(yuan: string): Promise<Id<'spd'>>
  /** The platform pays us out. */
  arrive(yuan: string): Promise<unknown>
}>

let number = 0
const person = async (books: Books, name: string): Promise<PersonId> => {
  const id = newId('per')
  const phone = `+86138${String(++number).padStart(8, '0')}`
  await register(books, { id, name, phone, locale: 'zh-CN' })
  return id
}

/** A new book, so that the tests of one file do not see each other's money. */
export async function openHouse(books: Books): Promise<House> {
  const [owner, reviewer, member] = [
    await person(books, '茶老板'),
    await person(books, '审核员'),
    await person(books, '会员'),
  ]
  const merchant = newId('mer')
  await applyMerchant(books, {
    id: merchant,
    by: owner,
    name: '老茶馆',
    trade: 'teahouse',
    licence: `91-${newId('lic').slice(-20)}`,
    representative: '茶老板',
    address: '人民路 1 号',
    payee: { bank: '沙盒银行', account: '6217000000001234', name: '老茶馆' },
  })
  await decideMerchant(books, { merchant, by: reviewer, step: 'approve' })
  const [pool, bank, supervisor] = [newId('pol'), newId('ins'), newId('ins')]
  const operator = newId('ins')
  await foundInstitution(books, { id: operator, kind: 'operator', name: '运营方' })
  await foundInstitution(books, { id: bank, kind: 'bank', name: '存管银行' })
  await foundInstitution(books, { id: supervisor, kind: 'supervisor', name: '监管' })
  await appoint(books, { institution: operator, person: reviewer, role: 'reviewer', by: null })
  const book = ++number + 1000
  await openPool(books, { id: pool, book, name: '资金池', currency: 'CNY', bank, supervisor })
  await admitMerchant(books, { merchant, pool })
  const purse = await join(books, { person: member, merchant })
  const post = (debit: `pool/${string}`, credit: `${string}/${string}`, amount: Money) =>
    books.submit({
      book,
      plan: () => ({
        entries: [{ kind: 'post', id: crypto.randomUUID(), event: 'test', debit, credit, amount }],
      }),
    })
  const arrive = (yuan: string) => post('pool/custody', 'pool/transit-in', cny(yuan))
  const earnInTransit = async (yuan: string) => {
    const amount = cny(yuan)
    await post('pool/transit-in', `purse/${purse.id}`, amount)
    const id = newId('spd')
    await spend(books, { id, purse: purse.id, by: member, merchant, amount })
    return id
  }
  const earn = async (yuan: string) => {
    const id = await earnInTransit(yuan)
    await arrive(yuan)
    return id
  }
  const people = { owner, reviewer, member }
  return { books, merchant, ...people, purse: purse.id, earn, earnInTransit, arrive }
}

type Answer = Awaited<ReturnType<Bank['pay']>>
/** What it has done with an instruction; paid or bounced of another sum where it says so. */
type Fate = 'unknown' | 'paid' | Readonly<{ paid: string }> | Readonly<{ bounced: string }>
export type PlayedBank = Bank &
  Readonly<{
    /** Every instruction that reached it, repetitions included. */
    orders: PaymentOrder[]
    /** Every reference that it was asked to close. */
    closings: string[]
    /** What it says next; `lost` takes the order and says nothing, `never` loses the order itself. */
    says(...answers: (Answer | 'lost' | 'never')[]): void
    /** What becomes of those it took, from now on. */
    knows(fate: Fate): void
    /** Whether it hears that it is to close; if not, it says nothing and closes nothing. */
    hearsClosing(hears: boolean): void
    /** An order that was lost on its way arrives after all: whether it is executed. */
    arrives(order: PaymentOrder): boolean
    /** It executes what it has closed. */
    breaksItsWord(payout: string): void
  }>

/** A bank that takes orders, pays each reference once, and answers as it is told. */
export function playBank(): PlayedBank {
  const orders: PaymentOrder[] = []
  const closings: string[] = []
  const [taken, closed] = [new Map<string, Money>(), new Set<string>()]
  let answers: (Answer | 'lost' | 'never')[] = []
  let fate: Fate = 'unknown'
  let hears = true
  const became = (amount: Money): 'unknown' | Outcome => {
    if (fate === 'unknown') return fate
    const [serial, sum] = ['bnk-1', fate !== 'paid' && 'paid' in fate ? cny(fate.paid) : amount]
    return typeof fate === 'object' && 'bounced' in fate
      ? { state: 'bounced', amount, serial, reason: fate.bounced }
      : { state: 'paid', amount: sum, serial }
  }
  const query = async (payout: string) => {
    const amount = taken.get(payout)
    if (amount) return became(amount)
    return closed.has(payout) ? ({ state: 'closed' } as const) : 'none'
  }
  return {
    // One of its own, so that a run asks after its own test's payouts.
    gateway: `bank-${++number}`,
    account: '6228480018000000001',
    success: { status: 200, type: 'text/plain', body: 'success' },
    orders,
    closings,
    says: (...next) => void (answers = next),
    knows: next => void (fate = next),
    hearsClosing: next => void (hears = next),
    arrives({ payout, amount }) {
      if (!closed.has(payout)) taken.set(payout, amount)
      return taken.has(payout)
    },
    breaksItsWord: payout => void taken.set(payout, orders[0]!.amount),
    async pay(order) {
      const answer = answers.shift() ?? 'accepted'
      if (answer === 'never') return 'unknown'
      orders.push(order)
      if (closed.has(order.payout)) return { refused: 'closed' }
      if (typeof answer === 'string') taken.set(order.payout, order.amount)
      return answer === 'lost' ? 'unknown' : answer
    },
    query,
    async close(payout) {
      closings.push(payout)
      if (!hears) return 'unknown'
      const amount = taken.get(payout)
      if (!amount) closed.add(payout)
      const said = await query(payout)
      return said === 'unknown' || said === 'none' ? 'accepted' : said
    },
    verify: async () => Promise.reject(new Error('Not asked here.')),
    balance: async () => cny('0.00'),
  }
}

/** A notice as the adapter would give it, already verified. */
export function noticeOf(
  payout: string,
  yuan: string,
  more: { id?: string; account?: string } & (
    | { kind: 'paid' }
    | { kind: 'bounced'; reason: string }
  ),
): Exclude<BankNotice, { kind: 'credit' }> {
  const [account, amount, at] = ['6228480018000000001', cny(yuan), new Date()]
  return { id: newId('ntc'), account, amount, at, payout, serial: 'bnk-1', ...more }
}
