/**
 * A member's money goes to the merchant, in one append:
 *
 *   spend    the consumer starts it, by scanning the merchant's code     purse → earned
 *   charge   the merchant starts it, against the consumer's own code     purse → earned
 *
 * Where the merchant confirms each spend, the consumer's is only reserved until the merchant accepts
 * or declines it, or three minutes have passed. A charge waits for nobody: the merchant has asked.
 *
 * Both are hot: the merchant's standing is remembered, the row rides with the entries, and what must
 * be exact (balance, ceiling, single use of a code) is refused by the book.
 */
import {
  Refusal,
  transferId,
  type Books,
  type MerchantId,
  type OutletId,
  type PersonId,
  type PurseId,
  type TillId,
} from '@bursar/kernel'
import type { Command, Draft, Entry, Outcome, Plan, Ride } from '@bursar/ledger'
import { equal, zero, type Money } from '@bursar/money'
import { earned, purseAccount } from './accounts.ts'
import { codeFacts, codeKey, mustHavePaid, mustPay, type CodeFact } from './codes.ts'
import { directoryOf, mustBeOpen, mustHaveOutlet, placeIn } from './directory.ts'
import { mustAllow, readMerchantCode, type MerchantCodeId } from './merchantCodes.ts'
import { findSpend, readSpend, type Receipt, type SpendId } from './receipts.ts'
import type { Refused } from './refused.ts'
import { explainLicence, mustBeGoodAt } from './scope.ts'
import { explainDay, mustFitTheDay } from './staticCodes.ts'

type Common = Readonly<{
  id: SpendId
  merchant: MerchantId
  by: PersonId
  amount: Money
  outlet?: OutletId
  note?: string
}>
export type SpendAsk = Common & Readonly<{ purse: PurseId; merchantCode?: MerchantCodeId }>
export type ChargeAsk = Common & Readonly<{ code: string; till?: TillId }>

type Riding = NonNullable<Plan['rides']>[number]

const threeMinutes = 180_000
const expiryOf = (at: Date) => new Date(at.getTime() + threeMinutes)

const columns = {
  book: 'integer',
  id: 'text',
  purse: 'text',
  person: 'text',
  merchant: 'text',
  outlet: 'text',
  till: 'text',
  minor: 'bigint',
  currency: 'text',
  note: 'text',
  merchant_code: 'text',
  initiator: 'text',
  started_by: 'text',
  state: 'text',
  at: 'timestamptz',
  expires_at: 'timestamptz',
}
const names = Object.keys(columns).join(', ')
const spendRow: Ride = {
  statement: `insert into custody.spend (${names}) select ${names} from $rows`,
  columns,
}
const codeUsed: Ride = {
  statement: `update custody.code c set used_by = row.used_by from $rows
              where c.book = row.book and c.digest = row.digest and c.used_by is null`,
  columns: { book: 'integer', digest: 'text', used_by: 'text' },
}

type Making = Common &
  Readonly<{
    book: number
    purse: PurseId
    person: PersonId
    initiator: 'consumer' | 'merchant'
    /** At which it is made: the one of the code that was scanned, or of the device that charges. */
    till?: TillId
    merchantCode?: MerchantCodeId
    /** The id of the entry that says that the code is used up: the book keeps one. */
    use?: string
    /** Of a consumer's code. */
    digest?: string
    waits: boolean
    at: Date
  }>

/** The entries of a spend, and its row. A code that is used up is a second entry, linked to it. */
function planOf(making: Making): Plan {
  const { book, id, purse, person, merchant, outlet, amount, note, waits, at, use } = making
  const expiresAt = waits ? expiryOf(at) : null
  const sides = { debit: purseAccount(purse), credit: earned(merchant), amount }
  const why = {
    id: transferId(id, 'spend'),
    event: making.initiator === 'merchant' ? 'charge' : 'spend',
  }
  const moved: Draft = expiresAt
    ? { kind: 'pend', ...why, subject: id, ...sides, expiresAt }
    : { kind: 'post', ...why, subject: id, ...sides }
  const used: Draft[] = use ? [{ kind: 'memo', id: use, event: 'code_used', subject: id }] : []
  const row = [
    book,
    id,
    purse,
    person,
    merchant,
    outlet ?? null,
    making.till ?? null,
    amount.minor,
    amount.currency,
    note ?? null,
    making.merchantCode ?? null,
    making.initiator,
    making.by,
    waits ? 'waiting' : 'done',
    at,
    expiresAt,
  ]
  const rides: Riding[] = [{ ride: spendRow, row }]
  if (making.digest) rides.push({ ride: codeUsed, row: [book, making.digest, id] })
  return { entries: [moved, ...used], rides }
}

/** The consumer pays. */
export async function spend(books: Books, ask: SpendAsk): Promise<Receipt> {
  const directory = directoryOf(books)
  const purse = await directory.purse(ask.purse)
  if (purse.person !== ask.by) throw new Refusal<Refused>('no_such_purse', { purse: ask.purse })
  return once(books, ask, async () => {
    const merchant = await directory.merchant(ask.merchant)
    const home = await directory.merchant(purse.merchant)
    mustBeGoodAt(purse, { home, merchant }, await directory.lawful(purse.scope))
    mustBeOpen(merchant)
    const scanned = ask.merchantCode && (await directory.merchantCode(ask.merchantCode))
    if (scanned) mustAllow(scanned, ask)
    const outlet = ask.outlet ?? scanned?.outlet ?? undefined
    mustHaveOutlet(merchant, outlet)
    const { book, person } = purse
    if (scanned?.kind === 'static') await mustFitTheDay(books, { book, person, amount: ask.amount })
    return submitted(books, { book }, at => ({
      ...ask,
      ...(outlet && { outlet }),
      ...(scanned?.till && scanned.outlet === outlet && { till: scanned.till }),
      ...(scanned?.kind === 'dynamic' && { use: scanned.use }),
      ...{ book, person, initiator: 'consumer', waits: merchant.confirmsSpends, at },
    })).catch((error: unknown) => explainDay(error, ask.amount))
  })
}

/** The merchant's till takes what the consumer's code allows. */
export async function charge(books: Books, ask: ChargeAsk): Promise<Receipt> {
  const merchant = await directoryOf(books).merchant(ask.merchant)
  const { book } = merchant
  const { code, ...common } = ask
  const receipt = await once(books, common, () => {
    mustBeOpen(merchant)
    const place = placeIn(merchant, ask)
    const rest = { book, facts: codeFacts, key: codeKey(book, code) }
    return submitted(books, rest, (at, fact) => {
      mustPay(fact, { at, merchant: ask.merchant, spend: ask.id })
      const { purse, person, digest, use } = fact
      return {
        ...{ ...common, ...place },
        ...{ book, purse, person, digest, use, initiator: 'merchant', waits: false, at },
      }
    })
  })
  // Only a receipt that is read back has a hash: it was made before, perhaps with another code.
  if (receipt.hash !== undefined) await mustHavePaid(books, { book, code, spend: receipt.id })
  return receipt
}

type Made = Readonly<{ outcome: Outcome; making: Making }>

async function submitted(
  books: Books,
  rest: Omit<Command<CodeFact>, 'plan'>,
  make: (at: Date, fact: CodeFact | undefined) => Making,
): Promise<Made> {
  let making: Making | undefined
  const outcome = await books
    .submit<CodeFact>({ ...rest, plan: (at, fact) => planOf((making = make(at, fact))) })
    .catch(explainLicence)
  return { outcome, making: making! }
}

type AnyAsk = Common & { purse?: PurseId; merchantCode?: MerchantCodeId; till?: TillId }

/**
 * Does it, unless it was done before. What was done is answered as it is now, whatever would be refused
 * today; the same id for something else is a mistake.
 */
async function once(books: Books, ask: AnyAsk, make: () => Promise<Made> | Made): Promise<Receipt> {
  try {
    const { outcome, making } = await make()
    if (!outcome.again) return receiptOf(making, outcome.entries[0]!)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const known = await findSpend(books, ask.id)
    if (known) return same(ask, known)
    throw await explained(books, error, ask)
  }
  return same(ask, await readSpend(books, ask.id))
}

function receiptOf(making: Making, entry: Entry): Receipt {
  const { id, book, initiator, purse, person, merchant, amount, by, waits, at } = making
  const { currency } = amount
  const side = entry.debit!
  return {
    ...{ id, book, initiator, purse, person, merchant, amount, by, at },
    state: waits ? 'waiting' : 'done',
    outlet: making.outlet ?? null,
    till: making.till ?? null,
    refunded: zero(currency),
    note: making.note ?? null,
    merchantCode: making.merchantCode ?? null,
    expiresAt: waits ? expiryOf(at) : null,
    answeredBy: null,
    answeredAt: null,
    balance: { minor: side.posted - side.out, currency },
    seq: entry.seq,
  }
}

/** The code's entry was there, made by another spend or by its closing: the code is used up. */
async function explained(
  books: Books,
  error: Refusal,
  { merchantCode, amount }: AnyAsk,
): Promise<Refusal> {
  if (error.code === 'id_already_used' || (error.code === 'archived' && merchantCode)) {
    if (!merchantCode) return new Refusal<Refused>('code_used')
    const { paid } = await readMerchantCode(books, merchantCode)
    return new Refusal<Refused>(paid ? 'merchant_code_paid' : 'merchant_code_closed', {
      merchantCode,
    })
  }
  if (error.code === 'insufficient_funds')
    return new Refusal('insufficient_funds', { ...error.facts, amount })
  return error
}

function same(ask: AnyAsk, known: Receipt): Receipt {
  const { purse, merchant, amount, by, note = null, merchantCode = null, outlet, till } = ask
  const alike =
    known.merchant === merchant &&
    (purse === undefined ? known.initiator === 'merchant' : known.purse === purse) &&
    equal(known.amount, amount) &&
    known.by === by &&
    known.note === note &&
    known.merchantCode === merchantCode &&
    (outlet === undefined || known.outlet === outlet) &&
    (till === undefined || known.till === till)
  if (!alike) throw new Refusal('id_already_used', { id: ask.id })
  return known
}
