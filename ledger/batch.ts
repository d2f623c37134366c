/** What a batch goes through: its facts, its plans, its decisions, its riders; and its answers. */
import type { Batch } from './append.ts'
import { decide } from './decide.ts'
import type { Asked, Overlay, Row } from './overlay.ts'
import { chain } from './hash.ts'
import type { End, Remembered } from './memory.ts'
import type { Book, Command, Facts, Outcome, Plan, Ride, Sql } from './types.ts'
import { asEntry, checkIds, knownRows, madeBefore, overlayFor } from './view.ts'

/** A caller's command, or the sweeper's. */
export type AnyCommand = Command<unknown> | Readonly<{ expire: Asked; book: Book }>
export type Waiting = Readonly<{
  command: AnyCommand
  resolve: (outcome: Outcome) => void
  reject: (error: unknown) => void
  /** Beyond it an unknown outcome is not pursued: from when it was asked, not from when its turn came. */
  until: number
}>
export type Planned = {
  waiting: Waiting
  drafts: readonly Asked[]
  plan: Plan | undefined
  refusal: unknown
}
type Decided = { waiting: Waiting; drafts: readonly Asked[]; rows: Row[] }

export type Found = ReadonlyMap<Facts<unknown>, ReadonlyMap<string, unknown>>

/** One locking select per kind of command, its keys sorted: one order of locks everywhere. */
export async function factsFor(sql: Sql, batch: readonly Waiting[]): Promise<Found> {
  const keys = new Map<Facts<unknown>, Set<string>>()
  for (const { command } of batch)
    if ('facts' in command && command.facts) {
      const set = keys.get(command.facts) ?? new Set()
      keys.set(command.facts, set.add(command.key ?? ''))
    }
  const found = new Map<Facts<unknown>, ReadonlyMap<string, unknown>>()
  for (const [facts, wanted] of keys) found.set(facts, await facts(sql, [...wanted].toSorted()))
  return found
}

export type Prepared = Readonly<{
  batch: readonly Waiting[]
  sent: Batch
  end: End
  overlay: Overlay
  accepted: readonly Decided[]
  refused: readonly Planned[]
  /** Those that must wait for the next batch. */
  later: readonly Waiting[]
  /** Those whose ids the database may know already. */
  planned: readonly Planned[]
}>

/** Plans, decides and hashes a batch, from the end that the memory knows. */
export async function prepare(
  book: Book,
  sql: Sql,
  memory: Remembered,
  at: Date,
  facts: Found,
  batch: readonly Waiting[],
): Promise<Prepared> {
  const planned = batch.map(waiting => planOne(waiting, at, facts))
  const drafts = planned.flatMap(one => one.drafts)
  const overlay = await overlayFor(sql, book, memory, drafts)
  const { accepted, refused, later } = decideAll(overlay, at, memory.seq, planned)
  const rows = accepted.flatMap(one => one.rows)
  const hashes = chain(book, at, memory.head, rows)
  const end = {
    seq: memory.seq + BigInt(rows.length),
    at,
    head: hashes.at(-1) ?? memory.head,
  }
  const rides = ridesOf(accepted, planned)
  const { seq, head: before } = memory
  const sent = { book, seq, before, at, rows, hashes, rides }
  const known = planned.filter(one => one.refusal === undefined)
  return { batch, sent, end, overlay, accepted, refused, later, planned: known }
}

/** Answers those whose entries stand. */
export function deliver({ accepted, sent, overlay }: Prepared): void {
  for (const { waiting, rows } of accepted) {
    const entries = rows.map(row => asEntry(sent.book, overlay.currency, sent.at, row))
    waiting.resolve({ entries, again: false })
  }
}

/** A command that is refused now may have been done before: then its answer is that one. */
export async function refuse(sql: Sql, { refused, sent }: Prepared): Promise<void> {
  for (const one of await unknownOf(sql, sent.book, refused)) one.waiting.reject(one.refusal)
}

/** Answers those that were done before, as before. Answers which are left. */
export async function unknownOf(
  sql: Sql,
  book: Book,
  planned: readonly Planned[],
): Promise<Planned[]> {
  const drafts = planned.flatMap(one => one.drafts)
  const known = await knownRows(sql, book, drafts)
  return planned.filter(({ waiting, drafts: mine }) => {
    try {
      const entries = madeBefore(book, known, mine)
      if (entries) waiting.resolve({ entries, again: true })
      return entries === undefined
    } catch (error) {
      waiting.reject(error)
      return false
    }
  })
}

function planOne(waiting: Waiting, at: Date, facts: Found): Planned {
  const { command } = waiting
  if ('expire' in command)
    return { waiting, drafts: [command.expire], plan: undefined, refusal: undefined }
  try {
    const fact = command.facts && facts.get(command.facts)?.get(command.key ?? '')
    const made = command.plan(at, fact)
    checkIds(made.entries)
    return { waiting, drafts: made.entries, plan: made, refusal: undefined }
  } catch (error) {
    return { waiting, drafts: [], plan: undefined, refusal: error }
  }
}

/**
 * Decides one after the other. Two must not meet in one batch: those that share an id, and those that
 * rest on one fact, since the fact is as it was before the batch. The later one waits for the next.
 */
function decideAll(overlay: Overlay, at: Date, seq: bigint, planned: readonly Planned[]) {
  const accepted: Decided[] = []
  const refused: Planned[] = []
  const later: Waiting[] = []
  const taken = new Set<string>()
  let end = seq + 1n
  for (const one of planned) {
    const { waiting, drafts } = one
    const fact = factOf(waiting)
    if (drafts.some(draft => taken.has(draft.id)) || (fact && taken.has(fact))) later.push(waiting)
    else if (one.refusal !== undefined) refused.push(one)
    else
      try {
        const rows = decide(overlay, at, end, drafts)
        for (const draft of drafts) taken.add(draft.id)
        if (fact) taken.add(fact)
        end += BigInt(rows.length)
        accepted.push({ waiting, drafts, rows })
      } catch (error) {
        refused.push({ ...one, refusal: error })
      }
  }
  return { accepted, refused, later }
}

/** The fact's key, as a claim that no id can be. */
function factOf({ command }: Waiting): string | undefined {
  if (!('facts' in command) || !command.facts) return undefined
  return `fact of ${command.facts.name}: ${command.key}`
}

function ridesOf(accepted: readonly Decided[], planned: readonly Planned[]) {
  const rides = new Map<Ride, (readonly unknown[])[]>()
  const taken = new Set(accepted.map(one => one.waiting))
  for (const { waiting, plan: made } of planned)
    if (taken.has(waiting))
      for (const { ride, row } of made?.rides ?? []) {
        const rows = rides.get(ride) ?? []
        rides.set(ride, rows)
        rows.push(row)
      }
  return rides
}
