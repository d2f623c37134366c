/** What a batch needs to know before it is decided, gathered in one look-up of accounts and one of pends. */
import { barredOf, frozenAs, numberOf } from './bars.ts'
import { kinds } from './entry.ts'
import { Overlay, type Asked, type Pending, type Row, type View } from './overlay.ts'
import type { Remembered } from './memory.ts'
import {
  entryOf,
  readByIds,
  readPending,
  readStates,
  sideOf,
  type ArchivedRow,
  type EntryRow,
} from './read.ts'
import { Refusal, type Refused } from './refusal.ts'
import type { Account, Barred, Book, Draft, Entry, EntryId, Sql } from './types.ts'

/**
 * The states that these drafts touch: from memory where it has them, else read, and remembered. Each is
 * looked up once for the whole batch: what is remembered is large, and each look-up in it costs.
 */
export async function overlayFor(
  sql: Sql,
  book: Book,
  memory: Remembered,
  drafts: readonly Asked[],
): Promise<Overlay> {
  const pends = await pendsFor(sql, book, memory, drafts)
  const overlay = new Overlay(found(memory.currency, pends))
  const held = overlay.heldNow
  const missing = new Set<Account>()
  const want = (account: Account) => {
    if (held.has(account)) return
    const known = memory.held(account)
    if (known) held.set(account, known)
    else missing.add(account)
  }
  for (const draft of drafts) {
    if ('account' in draft) want(draft.account)
    if ('debit' in draft) want(draft.debit)
    if ('credit' in draft) want(draft.credit)
  }
  for (const pend of pends.values()) {
    want(pend.debit)
    if (pend.credit !== null) want(pend.credit)
  }
  if (missing.size > 0)
    for (const state of await readStates(sql, book, [...missing])) {
      held.set(state.ref, state)
      memory.keep(state)
    }
  return overlay
}

/**
 * Apart from the memory: a function made beside others that use it would keep it, and with it the batch before, whose
 * overlay keeps the one before that. Under steady load no batch would ever be forgotten.
 */
const found = (currency: string, pends: ReadonlyMap<EntryId, Pending>): View => ({
  currency,
  held: () => undefined,
  pending: id => pends.get(id),
})

async function pendsFor(
  sql: Sql,
  book: Book,
  memory: Remembered,
  drafts: readonly Asked[],
): Promise<Map<EntryId, Pending>> {
  const found = new Map<EntryId, Pending>()
  const missing: EntryId[] = []
  for (const draft of drafts) {
    const id = endedBy(draft)
    if (id === undefined) continue
    const known = memory.pending(id)
    if (known) found.set(id, known)
    else missing.push(id)
  }
  if (missing.length > 0)
    for (const [id, pend] of await readPending(sql, book, missing)) {
      found.set(id, pend)
      memory.keepPending(id, pend)
    }
  return found
}

/** The pend or the bar that a draft ends. */
const endedBy = (draft: Asked): EntryId | undefined =>
  'pend' in draft ? draft.pend : 'bar' in draft ? draft.bar : undefined

/** An appended row as its caller sees it. */
export function asEntry(book: Book, currency: string, at: Date, row: Row): Entry {
  return {
    book,
    seq: row.seq,
    id: row.id,
    kind: kinds[row.code - 1]!,
    at,
    event: row.event,
    subject: row.subject,
    amount: row.minor === null ? null : { minor: row.minor, currency },
    bars: row.code < 11 ? null : barredOf(row.pended!, currency),
    debit: row.debit && sideOf(row.debit),
    credit: row.credit && sideOf(row.credit),
  }
}

/** As PostgreSQL writes them: a retry must find its id again, letter by letter. */
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

export function checkIds(drafts: readonly Draft[]): void {
  for (const { id } of drafts) if (!uuid.test(id)) throw new RangeError(`${id} is no UUID`)
}

/** Which of these ids stand in the book already. */
export async function knownRows(
  sql: Sql,
  book: Book,
  drafts: readonly Asked[],
): Promise<Map<EntryId, EntryRow | ArchivedRow>> {
  if (drafts.length === 0) return new Map()
  const rows = await readByIds(
    sql,
    book,
    drafts.map(draft => draft.id),
  )
  return new Map(rows.map(row => [row.id, row]))
}

/**
 * The entries that these drafts made before: undefined when none of their ids is known. The same ids
 * must mean the same entries, all of them: anything else is a mistake, not a retry. Of an archived one only
 * the id is known here: it was done, and is told as that.
 */
export function madeBefore(
  book: Book,
  known: ReadonlyMap<EntryId, EntryRow | ArchivedRow>,
  drafts: readonly Asked[],
): Entry[] | undefined {
  const rows = drafts.map(draft => known.get(draft.id))
  if (rows.every(row => row === undefined)) return undefined
  return rows.map((row, place) => {
    const draft = drafts[place]!
    if (row?.kind === null) throw new Refusal<Refused>('archived', { id: row.id, seq: row.seq })
    const entry = row && entryOf(book, row)
    if (!entry || !alike(row, entry, draft))
      throw new Refusal<Refused>('id_already_used', { id: draft.id })
    return entry
  })
}

/**
 * Not compared: until when a pend stands, since its caller counts that from the time it asks; and an
 * opened account's limits, since who asks again may ask under newer rules and means the same account.
 */
function alike(row: EntryRow, { debit }: Entry, draft: Asked): boolean {
  const same =
    kinds[row.kind - 1] === draft.kind &&
    row.event === draft.event &&
    row.subject === (draft.subject ?? null)
  if (!same) return false
  if ('debit' in draft)
    return (
      row.debit === draft.debit &&
      row.credit === draft.credit &&
      row.minor === draft.amount.minor &&
      row.currency === draft.amount.currency
    )
  if ('pend' in draft) {
    const amount = 'amount' in draft ? draft.amount : undefined
    const { minor = row.pended, currency = row.currency } = amount ?? {}
    return row.pend_id === draft.pend && row.minor === minor && row.currency === currency
  }
  if ('bar' in draft) return row.pend_id === draft.bar
  if (!('account' in draft)) return true
  if (debit?.account !== draft.account) return false
  if (draft.kind === 'bar') return row.pended === numberIn(draft.bars)
  if (draft.kind === 'freeze') return frozenAs(row.debit_state!) === draft.state
  if (draft.kind !== 'limit') return true
  const { floor = debit.floor, ceiling = debit.ceiling } = draft
  return debit.floor === floor && debit.ceiling === ceiling
}

const numberIn = (barred: Barred) => (typeof barred === 'string' ? numberOf(barred) : barred.minor)
