/** The health board: who is heard, who is silent, who is behind. */
import type { Books, MerchantId } from '@bursar/kernel'
import { lastRehearsal, missedHours, patience, type LastRehearsal } from './rehearsals.ts'
import { terminalsOf } from './terminals.ts'
import { isOn } from './view.ts'
import type { Terminal, TerminalId } from './words.ts'

/** A terminal beats every 30 seconds: four that did not come. */
const silentAfter = 2 * 60_000
/** An entry that was set aside stays on the board for a week. */
const asideShown = 7 * 24 * 3_600_000

export type TerminalHealth = Terminal &
  Readonly<{ silent: boolean; behind: bigint; lastEvidenceAt: Date | null }>
export type AlarmCode =
  | 'main_silent'
  | 'device_silent'
  | 'zone_without_speaker'
  | 'nobody_is_told'
  | 'no_receipt_today'
  | 'rehearsal_not_back'
  | 'rehearsal_missed'
  | 'entry_set_aside'
export type Alarm = Readonly<{
  code: AlarmCode
  terminal?: TerminalId
  zone?: string
  /** Its name. */
  counter?: string
}>
export type Health = Readonly<{
  seq: bigint
  lastRealAt: Date | null
  lastRehearsalAt: Date | null
  rehearsal: LastRehearsal | null
  rows: readonly TerminalHealth[]
  alarms: readonly Alarm[]
}>
type Last = Readonly<{ seq: bigint; real: Date | null; rehearsal: Date | null }>

export async function healthOf(
  books: Books,
  merchant: MerchantId,
  now = new Date(),
): Promise<Health> {
  const [terminals, [last], evidence, rehearsal, [aside], missed] = await Promise.all([
    terminalsOf(books, merchant),
    books.sql<Last>`
      select s.seq,
        (select p.at from notices.prompt p join notices.notice n on n.id = p.notice
         where p.merchant = s.merchant and p.class = 'received' and not n.rehearsal order by p.seq desc limit 1) as real,
        (select n.heard_at from notices.notice n
         where n.merchant = s.merchant and n.rehearsal order by n.heard_at desc limit 1) as rehearsal
      from notices.stream s where s.merchant = ${merchant}`,
    books.sql<{ terminal: TerminalId; at: Date }>`
      select t.id as terminal, (select e.heard_at from notices.evidence e
        where e.terminal = t.id order by e.no desc limit 1) as at
      from notices.terminal t where t.merchant = ${merchant} and t.kind = 'main'`,
    lastRehearsal(books.sql, merchant),
    books.sql`
      select from notices.aside
      where merchant = ${merchant} and at > ${new Date(now.getTime() - asideShown)} limit 1`,
    missedHours(books.sql, now, merchant),
  ])
  const seq = last?.seq ?? 0n
  const heard = new Map(evidence.map(({ terminal, at }) => [terminal, at]))
  const rows = terminals
    .filter(({ state }) => state !== 'revoked')
    .map(one => ({
      ...one,
      silent: isOn(one, now) && isSilent(one, now),
      behind: seq - (one.acked > one.since ? one.acked : one.since),
      lastEvidenceAt: heard.get(one.id) ?? null,
    }))
  const [lastRealAt, lastRehearsalAt] = [last?.real ?? null, last?.rehearsal ?? null]
  const alarms = [...alarmsOf(rows, lastRealAt, now), ...lostIn(rehearsal, rows, now)]
  for (const { counterName: name } of missed)
    alarms.push({ code: 'rehearsal_missed', counter: name })
  if (aside) alarms.push({ code: 'entry_set_aside' })
  return { seq, lastRealAt, lastRehearsalAt, rehearsal, rows, alarms }
}

/** Its last will was said, or four heartbeats did not come. */
const isSilent = ({ goneAt, seenAt }: Pick<Terminal, 'goneAt' | 'seenAt'>, now: Date): boolean =>
  goneAt !== null || now.getTime() - (seenAt?.getTime() ?? 0) > silentAfter

/** One that beats, and was not told all the same. */
function lostIn(
  rehearsal: LastRehearsal | null,
  rows: readonly TerminalHealth[],
  now: Date,
): Alarm[] {
  if (!rehearsal || now.getTime() - rehearsal.at.getTime() < patience) return []
  const beats = new Set(rows.filter(one => isOn(one, now) && !one.silent).map(({ id }) => id))
  return rehearsal.echoes
    .filter(({ terminal, kind, backAt }) => !backAt && kind !== 'sub' && beats.has(terminal))
    .map(({ terminal }): Alarm => ({ code: 'rehearsal_not_back', terminal }))
}

const aDay = 24 * 3_600_000

/** Pure. */
export function alarmsOf(
  rows: readonly TerminalHealth[],
  lastRealAt: Date | null,
  now: Date,
): Alarm[] {
  const on = rows.filter(one => isOn(one, now))
  const silent = on
    .filter(one => one.silent && one.kind !== 'sub')
    .map(({ id, kind }): Alarm => ({
      code: kind === 'main' ? 'main_silent' : 'device_silent',
      terminal: id,
    }))
  const zones = new Set(on.flatMap(({ zone }) => zone ?? []))
  const speaking = new Set(
    on.filter(one => one.speaks && one.ways.includes('voice') && !one.silent).map(one => one.zone),
  )
  const mute = [...zones].filter(zone => !speaking.has(zone))
  const told = on.some(one => !one.silent && one.permission.actions.includes('receive'))
  return [
    ...silent,
    ...mute.map((zone): Alarm => ({ code: 'zone_without_speaker', zone })),
    ...(told ? [] : [{ code: 'nobody_is_told' } as const]),
    ...(lastRealAt && now.getTime() - lastRealAt.getTime() < aDay
      ? []
      : [{ code: 'no_receipt_today' } as const]),
  ]
}

/** Merchants whose main, or whose speaking device, has fallen silent: for whoever watches the installation. */
export async function silentMains(books: Books, now = new Date()): Promise<number> {
  const [row] = await books.sql<{ many: number }>`
    select count(*)::int as many from notices.terminal
    where state = 'authorised' and kind <> 'sub'
      and (seen_at < ${new Date(now.getTime() - silentAfter)} or gone_at is not null)`
  return row?.many ?? 0
}

/** Of the last hour's rehearsals, those that are not back from one that beats: for whoever watches the installation. */
export async function notBack(books: Books, now = new Date()): Promise<number> {
  const ago = (ms: number) => new Date(now.getTime() - ms)
  const [row] = await books.sql<{ many: number }>`
    select count(*)::int as many
    from notices.rehearsal r join notices.echo e on e.notice = r.notice join notices.terminal t on t.id = e.terminal
    where r.at > ${ago(60 * 60_000)} and r.at < ${ago(patience)} and e.back_at is null
      and t.kind <> 'sub' and t.state = 'authorised' and t.gone_at is null and t.seen_at >= ${ago(silentAfter)}`
  return row?.many ?? 0
}

export type Silent = Readonly<{ name: string; kind: 'main' | 'device'; since: Date }>

/** The mains and devices of a merchant that were there and are not: for whoever stands at the counter. */
export async function silentOf(
  books: Books,
  merchant: MerchantId,
  now = new Date(),
): Promise<Silent[]> {
  return await books.sql<Silent>`
    select name, kind, coalesce(gone_at, seen_at) as since from notices.terminal
    where merchant = ${merchant} and state = 'authorised' and kind <> 'sub'
      and (seen_at < ${new Date(now.getTime() - silentAfter)} or gone_at is not null)
      and coalesce(gone_at, seen_at) > ${new Date(now.getTime() - aDay)}
    order by since desc limit 5`
}
