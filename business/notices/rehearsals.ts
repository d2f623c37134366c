/**
 * Rehearsals: the whole way from evidence to prompt, marked as one, on a button or at the hours that the owner chose. Whom
 * each was for is kept with it, and when it was back from each: a device that was not told is known before money is missed.
 */
import {
  homeZone,
  newId,
  Refusal,
  type Books,
  type MerchantId,
  type OutletId,
  type Sql,
  type Transaction,
} from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { countersOf, currencyOf } from './counters.ts'
import { hear } from './hear.ts'
import { promptsAfter } from './prompts.ts'
import type { Refused } from './refused.ts'
import { terminalsBy } from './terminals.ts'
import { viewFor } from './view.ts'
import type { CounterId, NoticeId, Terminal, TerminalId } from './words.ts'

/** A sub is somebody's phone, and may be in a pocket: it is waited for if it was there two minutes ago. */
const there = 2 * 60_000
/** How long one may be under way. */
export const patience = 60_000

export type Rehearsed = Readonly<{ notice: NoticeId; seq: bigint; at: Date }>
/** No sum: the smallest that there is, in the merchant's own money. */
type Ask = Readonly<{ merchant: MerchantId; counter?: CounterId; amount?: Money; now?: Date }>

/** On a button. */
export async function rehearse(books: Books, ask: Ask): Promise<Rehearsed> {
  const { merchant, counter, amount = null, now = new Date() } = ask
  const open = (await countersOf(books.sql, merchant)).filter(one => one.open)
  const at = counter ? open.find(one => one.id === counter) : open[0]
  if (!at) throw new Refusal<Refused>(counter ? 'no_such_counter' : 'no_open_counter')
  const { id, outlet } = at
  return await books.write(tx =>
    play(tx, { merchant, counter: id, outlet, amount, due: null, now }),
  )
}

type Due = Readonly<{
  merchant: MerchantId
  counter: CounterId
  outlet: OutletId | null
  due: Date
}>

/** Those whose hour it is, each once, whoever asks: an hour that nobody was there for is not made up for. */
export async function rehearseDue(books: Books, now = new Date()): Promise<number> {
  const due = await books.sql<Due>`
    with open as (
      select c.id, c.merchant, c.outlet, c.rehearse, coalesce(o.zone, ${homeZone}) as zone
      from notices.counter c left join parties.outlet o on o.id = c.outlet where c.open and c.rehearse <> '{}'),
    clocked as (select *, date_trunc('hour', ${now}::timestamptz at time zone zone) as hour from open)
    select merchant, id as counter, outlet, hour at time zone zone as due from clocked
    where extract(hour from hour)::int = any(rehearse) and not exists (
      select from notices.rehearsal r where r.counter = clocked.id and r.due = clocked.hour at time zone zone)
    order by merchant, id limit 1000`
  for (const one of due) await books.write(tx => playOnce(tx, one, now))
  return due.length
}

/** Two workers may find the same hour: the second waits at the stream, and finds it done. */
async function playOnce(tx: Transaction, one: Due, now: Date): Promise<void> {
  const { merchant, counter, due } = one
  await tx.sql`select from notices.stream where merchant = ${merchant} for update`
  const [done] = await tx.sql`
    select from notices.rehearsal where counter = ${counter} and due = ${due}`
  if (!done) await play(tx, { ...one, amount: null, now })
}

type Play = Omit<Due, 'due'> & Readonly<{ amount: Money | null; due: Date | null; now: Date }>

async function play(tx: Transaction, ask: Play): Promise<Rehearsed> {
  const { merchant, counter, outlet, due, now } = ask
  const amount = ask.amount ?? (await smallest(tx.sql, merchant))
  const id = newId('rhs', now.getTime())
  const none = { payer: null, payee: null, text: null, app: null, terminal: null, till: null }
  const said = { source: 'rehearsal', platform: 'rehearsal', kind: 'payment' } as const
  const evidence = { ...said, ...none, merchant, id, orders: [id], amount, way: 'rehearsal' }
  const [heard] = await hear(tx, [{ ...evidence, at: now, outlet }], now)
  if (!heard?.notice) throw new Refusal<Refused>('no_open_counter')
  const { notice } = heard
  const [prompt] = await tx.sql<{ seq: bigint }>`
    select max(seq) as seq from notices.prompt where notice = ${notice}`
  const { seq } = prompt!
  const whom = await awaited(tx.sql, merchant, seq, now)
  await tx.sql`
    with made as (
      insert into notices.rehearsal (notice, merchant, counter, seq, due, at)
      values (${notice}, ${merchant}, ${counter}, ${seq}, ${due}, ${now}) returning notice)
    insert into notices.echo (terminal, notice, seq)
    select terminal, made.notice, ${seq} from made, unnest(${whom}::text[]) as terminal`
  return { notice, seq, at: now }
}

const smallest = async (sql: Sql, merchant: MerchantId): Promise<Money> => ({
  minor: 1n,
  currency: await currencyOf(sql, merchant),
})

/** Whom it is for, as the lines themselves decide it. */
async function awaited(sql: Sql, merchant: MerchantId, seq: bigint, now: Date) {
  const [prompt] = await promptsAfter(sql, merchant, seq - 1n, 1)
  const isThere = ({ kind, seenAt }: Terminal) =>
    kind !== 'sub' || now.getTime() - (seenAt?.getTime() ?? 0) < there
  return (await terminalsBy(sql, { merchant }))
    .filter(one => isThere(one) && prompt && viewFor(one, prompt, now))
    .map(({ id }) => id)
}

/** How long after its hour a rehearsal is missed. */
const missedAfter = 5 * 60_000
export type Missed = Readonly<{ merchant: MerchantId; counterName: string; due: Date }>

/** Counters whose last hour went by, and nobody has rehearsed since, by hand either: nobody was there to, or it failed. Of one merchant, or of all. */
export const missedHours = (
  sql: Sql,
  now: Date,
  merchant?: MerchantId,
): Promise<Missed[]> => sql<Missed>`
  with open as (
    select c.id, c.merchant, c.name, c.rehearse, greatest(c.opened_at, c.rehearse_since) as since,
      coalesce(o.zone, ${homeZone}) as zone
    from notices.counter c left join parties.outlet o on o.id = c.outlet
    where c.open and c.rehearse <> '{}' and c.merchant = coalesce(${merchant ?? null}, c.merchant)),
  hour as (
    select open.*, (date_trunc('day', ${new Date(now.getTime() - missedAfter)}::timestamptz at time zone zone)
      + make_interval(hours => h) - make_interval(days => back)) at time zone zone as due
    from open, unnest(open.rehearse) h, generate_series(0, 1) back),
  last as (
    select distinct on (id) * from hour
    where due <= ${new Date(now.getTime() - missedAfter)} order by id, due desc)
  select merchant, name as "counterName", due from last
  where due >= since and not exists (
    select from notices.rehearsal r where r.merchant = last.merchant and r.counter = last.id and r.at >= last.due)
  order by merchant, id limit 1000`

export type Echo = Readonly<{
  terminal: TerminalId
  name: string
  kind: Terminal['kind']
  backAt: Date | null
}>
export type LastRehearsal = Readonly<{
  notice: NoticeId
  counterName: string
  at: Date
  due: Date | null
  echoes: readonly Echo[]
}>

/** The last one, by the clock or on the button, and who has had it. */
export async function lastRehearsal(sql: Sql, merchant: MerchantId): Promise<LastRehearsal | null> {
  const [last] = await sql<Omit<LastRehearsal, 'echoes'>>`
    select r.notice, c.name as "counterName", r.at, r.due
    from notices.rehearsal r join notices.counter c on c.id = r.counter
    where r.merchant = ${merchant} order by r.at desc limit 1`
  if (!last) return null
  const echoes = await sql<Echo>`
    select e.terminal, t.name, t.kind, e.back_at as "backAt"
    from notices.echo e join notices.terminal t on t.id = e.terminal
    where e.notice = ${last.notice} and t.state = 'authorised' order by e.back_at is not null, t.id limit 5000`
  return { ...last, echoes }
}

const keptDays = 31
const forgottenAtOnce = 5_000

/** Who had which rehearsal, a month later: the oldest first. Answers how many were forgotten. */
export async function forgetEchoes(books: Books, now = new Date()): Promise<number> {
  const before = new Date(now.getTime() - keptDays * 24 * 3_600_000)
  const gone = await books.sql`
    delete from notices.echo e
    using (select notice, terminal from notices.echo order by notice, terminal limit ${forgottenAtOnce}) old,
      notices.rehearsal r
    where e.notice = old.notice and e.terminal = old.terminal and r.notice = e.notice and r.at < ${before}
    returning e.notice`
  return gone.length
}
