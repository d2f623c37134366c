/**
 * A consumer's one-time code: 18 digits that a till reads from the consumer's screen, good for one
 * payment to one merchant within 60 seconds. It names no account; the table cannot be read backwards.
 *
 * The code is made of a random salt and of the id that it was asked under, so that asking again gives
 * the same code. Issuing another does not end the first: both lapse by themselves.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  Refusal,
  transferId,
  type Books,
  type Id,
  type MerchantId,
  type PersonId,
  type PurseId,
} from '@bursar/kernel'
import type { Facts } from '@bursar/ledger'
import { directoryOf, mustBeOpen, type Scope, type Standing } from './directory.ts'
import type { Refused } from './refused.ts'
import { mustBeLawful, mustNotBeAtHome } from './scope.ts'

export type CodeId = Id<'cod'>
export type IssuedCode = Readonly<{ code: string; expiresAt: Date }>

const seconds = 60
/** Tells our codes from those of the wallets at a till: theirs begin with 1 or 2. */
const prefix = '70'

const sha256 = (...parts: readonly string[]) =>
  createHash('sha256').update(parts.join('\n')).digest('hex')
export const digestOf = (code: string) => sha256('bursar/code', code)

/** 16 digits out of 2^128: a guess hits one of a million open codes once in 10^10 tries. */
function codeOf(salt: string, id: CodeId): string {
  const number = BigInt(`0x${sha256('bursar/code/digits', salt, id).slice(0, 32)}`) % 10n ** 16n
  return prefix + number.toString().padStart(16, '0')
}

export async function issueCode(
  books: Books,
  { id, purse, by, at }: { id: CodeId; purse: PurseId; by: PersonId; at?: Date },
): Promise<IssuedCode> {
  const directory = directoryOf(books)
  const facts = await directory.purse(purse)
  const { book, person, merchant } = facts
  if (person !== by) throw new Refusal<Refused>('no_such_purse', { purse })
  mustBeOpen(await directory.merchant(merchant))
  mustBeLawful(facts, await directory.lawful(facts.scope))
  const [salt, asked] = [randomBytes(32).toString('hex'), sha256('bursar/code/asked', id)]
  const digest = digestOf(codeOf(salt, id))
  const added = await books.sql<{ expiresAt: Date }>`
    insert into custody.code
      (book, digest, asked, salt, use, purse, person, merchant, issued_at, expires_at)
    select ${book}, ${digest}, ${asked}, ${salt}, ${transferId(id, 'use')}, ${purse}, ${person},
           ${merchant}, at, at + make_interval(secs => ${seconds})
    from (select coalesce(${at ?? null}::timestamptz, clock_timestamp()) as at) as clock
    on conflict do nothing returning expires_at as "expiresAt"`
  if (added[0]) return { code: codeOf(salt, id), expiresAt: added[0].expiresAt }
  return issuedBefore(books, book, id, purse)
}

async function issuedBefore(
  books: Books,
  book: number,
  id: CodeId,
  purse: PurseId,
): Promise<IssuedCode> {
  const [row] = await books.sql<{ salt: string; purse: PurseId; expiresAt: Date }>`
    select salt, purse, expires_at as "expiresAt" from custody.code
    where book = ${book} and asked = ${sha256('bursar/code/asked', id)}`
  // A clash of two random codes is as likely as a guess: to ask again under another id mends it.
  if (!row || row.purse !== purse) throw new Refusal('id_already_used', { id })
  return { code: codeOf(row.salt, id), expiresAt: row.expiresAt }
}

export type CodeFact = Readonly<{
  book: number
  digest: string
  use: string
  purse: PurseId
  person: PersonId
  merchant: MerchantId
  scope: Scope
  /** Whether a purse of that scope may be used at this moment. */
  lawful: boolean
  /** Of whose purse it is. */
  home: Pick<Standing, 'merchant' | 'name' | 'state'>
  expiresAt: Date
  usedBy: string | null
}>

export const codeKey = (book: number, code: string) => `${book}/${digestOf(code)}`

/** Locks the codes that a batch of charges names, in one order. A batch is of one book. */
export const codeFacts: Facts<CodeFact> = async (sql, keys) => {
  const wanted = keys.map(key => key.split('/'))
  const rows = await sql<CodeFact>`
    select c.book, c.digest, c.use, c.purse, c.person, c.merchant, m.scope,
           m.scope = 'merchant' or (select parties.platform_scope_is_lawful()) as lawful,
           jsonb_build_object('merchant', h.id, 'name', h.name, 'state', h.state) as home,
           c.expires_at as "expiresAt", c.used_by as "usedBy"
    from custody.code c join custody.merchant m on m.merchant = c.merchant
    join parties.merchant h on h.id = c.merchant
    where c.book = ${Number(wanted[0]?.[0])} and c.digest = any(${wanted.map(([, digest]) => digest)}::text[])
    order by c.digest for update of c`
  return new Map(rows.map(row => [`${row.book}/${row.digest}`, row]))
}

/** Why this code may not pay for this spend now; a spend that it has paid may be asked for again. */
export function mustPay(
  fact: CodeFact | undefined,
  { at, merchant, spend }: { at: Date; merchant: MerchantId; spend: string },
): asserts fact is CodeFact {
  if (!fact) throw new Refusal<Refused>('code_unknown')
  // Whose it is stays untold: the merchant learns only that it is not for this till.
  if (fact.scope === 'merchant' && fact.merchant !== merchant)
    throw new Refusal<Refused>('code_of_another_merchant')
  if (fact.scope === 'platform') mustNotBeAtHome(fact.merchant, merchant)
  if (fact.usedBy === spend) return
  if (!fact.lawful) throw new Refusal<Refused>('platform_scope_unlicensed')
  mustBeOpen(fact.home)
  if (fact.usedBy !== null) throw new Refusal<Refused>('code_used')
  if (at > fact.expiresAt)
    throw new Refusal<Refused>('code_expired', { expiredAt: fact.expiresAt.toISOString() })
}

/** A spend asked for again names the code that paid it; one that was forgotten meanwhile is believed. */
export async function mustHavePaid(
  books: Books,
  { book, code, spend }: { book: number; code: string; spend: string },
): Promise<void> {
  const [row] = await books.sql<{ usedBy: string | null }>`
    select used_by as "usedBy" from custody.code
    where book = ${book} and digest = ${digestOf(code)}`
  if (row && row.usedBy !== spend) throw new Refusal('id_already_used', { id: spend })
}

/** Forgets the codes that lapsed a day ago: until then a late till is told "expired", not "unknown". */
export async function forgetCodes(books: Books): Promise<number> {
  const gone = await books.sql`
    delete from custody.code where expires_at < now() - interval '1 day' returning digest`
  return gone.length
}
