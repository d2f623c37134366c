/** What a batch goes through before it is sent: its facts, its plans, its decisions, its riders. */
import { decide, Overlay, type Asked, type Row, type View } from './decide.ts'
import type { Book, Command, Facts, Outcome, Plan, Ride, Sql } from './types.ts'

/** A caller's command, or the sweeper's. */
export type AnyCommand = Command<unknown> | Readonly<{ expire: Asked; book: Book }>
export type Waiting = Readonly<{
  command: AnyCommand
  resolve: (outcome: Outcome) => void
  reject: (error: unknown) => void
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

export function planOne(waiting: Waiting, at: Date, facts: Found): Planned {
  const { command } = waiting
  if ('expire' in command)
    return { waiting, drafts: [command.expire], plan: undefined, refusal: undefined }
  try {
    const fact = command.facts && facts.get(command.facts)?.get(command.key ?? '')
    const made = command.plan(at, fact)
    return { waiting, drafts: made.entries, plan: made, refusal: undefined }
  } catch (error) {
    return { waiting, drafts: [], plan: undefined, refusal: error }
  }
}

/**
 * Decides one after the other. Two must not meet in one batch: those that share an id, and those that
 * rest on one fact, since the fact is as it was before the batch. The later one waits for the next.
 */
export function decideAll(view: View, at: Date, seq: bigint, planned: readonly Planned[]) {
  const overlay = new Overlay(view)
  const accepted: Decided[] = []
  const refused: Planned[] = []
  const later: Waiting[] = []
  const taken = new Set<string>()
  let end = seq + 1n
  for (const one of planned) {
    const { waiting, drafts } = one
    const claims = [...drafts.map(draft => draft.id), ...factOf(waiting)]
    if (claims.some(claim => taken.has(claim))) later.push(waiting)
    else if (one.refusal !== undefined) refused.push(one)
    else
      try {
        const mine = new Overlay(overlay)
        const rows = decide(mine, at, end, drafts)
        overlay.take(mine)
        for (const claim of claims) taken.add(claim)
        end += BigInt(rows.length)
        accepted.push({ waiting, drafts, rows })
      } catch (error) {
        refused.push({ ...one, refusal: error })
      }
  }
  return { overlay, accepted, refused, later }
}

/** The fact's key, as a claim that no id can be. */
function factOf({ command }: Waiting): string[] {
  return 'facts' in command && command.facts
    ? [`fact of ${command.facts.name}: ${command.key}`]
    : []
}

export function ridesOf(accepted: readonly Decided[], planned: readonly Planned[]) {
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
