/**
 * Timed goods: a goods order that grows by whole steps of whole minutes.
 *
 *   start    the first step, or the base, is held; more is held ahead while it runs
 *   grow     the worker, before what is held is used up; as far as the purse bears
 *   stop     the guest, the merchant, the checkout, or nobody: where the purse bears no more
 *
 * A minute that has begun counts, and so does a step (time.ts).
 */
import { directoryOf, mustBeGoodAt, mustBeOpen } from '@bursar/custody'
import {
  dayAfter,
  dayOf,
  instantOf,
  minuteOfDay,
  Refusal,
  type Books,
  type PersonId,
  type Transaction,
} from '@bursar/kernel'
import { within, type PlanId, type Span } from './catalogue.ts'
import type { OrderId } from './holds.ts'
import { availableIn, lookAt, momentOf, orTopUp, patiently } from './moment.ts'
import { digestOf, madeBefore, writeOrder } from './orders.ts'
import { costOf, coverOf, priceOf, type Rate, type Tops } from './prices.ts'
import type { Refused } from './refused.ts'
import {
  endOf,
  endTime,
  grow,
  lockTimer,
  minutesOf,
  stopTime,
  type Ending,
  type Timer,
} from './time.ts'
import { findTab, lockOpenTab, lockTabOf, type TabFacts, type TabId } from './tabs.ts'

export type TimerAsk = Readonly<{
  id: OrderId
  tab: TabId
  plan: PlanId
  /** As the guest was shown it: anything else is refused. */
  shown?: Rate & Tops
  by: PersonId
  at?: Date
}>

/** So much is held ahead, once less than the warning is left. */
const ahead = 10
export const warning = 5

type PlanRow = Rate &
  Readonly<{ name: string; nightFrom: number | null; nightTo: number; pausable: boolean }>

export async function startTimer(books: Books, ask: TimerAsk): Promise<OrderId> {
  const { currency, merchant, purse } = await findTab(books.sql, ask.tab)
  const directory = directoryOf(books)
  const [standing, facts] = [await directory.merchant(merchant), await directory.purse(purse)]
  const home = await directory.merchant(facts.merchant)
  const lawful = await directory.lawful(facts.scope)
  const asked = digestOf([ask.tab, ask.plan])
  await orTopUp(books, currency, async tx => {
    if (await madeBefore(tx.sql, ask.id, asked)) return
    const tab = await lockOpenTab(tx, ask.tab)
    if (await madeBefore(tx.sql, ask.id, asked)) return
    if (tab.person !== ask.by) throw new Refusal<Refused>('no_such_tab', { tab: tab.id })
    mustBeOpen(standing)
    mustBeGoodAt(facts, { home, merchant: standing }, lawful)
    const at = await momentOf(tx, tab.book, ask.at)
    const { name, rate, pausable } = await rateOf(tx, tab, ask, at)
    const [minutes, cost] = [coverOf(rate, 1), costOf(priceOf(rate, 1), tab)]
    const time = {
      item: null,
      name,
      modifiers: [],
      station: 'time',
      unit: cost.goods,
      count: 1,
    } as const
    const { id, by } = ask
    await writeOrder(tx, tab, {
      id,
      asked,
      note: null,
      by,
      at,
      state: 'accepted',
      lines: [time],
      cost,
    })
    const timer: Timer = {
      ...rate,
      ...{
        order: id,
        state: 'running',
        pausable,
        startedAt: at,
        pausedAt: null,
        paused: 0,
        minutes,
      },
    }
    await tx.sql`
      insert into cashier.timer (goods_order, plan, base_minor, base_minutes, step_minor, step_minutes,
        pausable, started_at, minutes, ends_at)
      values (${id}, ${ask.plan}, ${rate.baseMinor}, ${rate.baseMinutes}, ${rate.stepMinor},
        ${rate.stepMinutes}, ${pausable}, ${at}, ${minutes}, ${endOf(timer)})`
  })
  return ask.id
}

/** The plan, and what the tab adds to it. */
const asShown = (shown: Rate & Tops, rate: Rate, { serviceBps, taxBps }: Tops): boolean =>
  shown.baseMinor === rate.baseMinor &&
  shown.baseMinutes === rate.baseMinutes &&
  shown.stepMinor === rate.stepMinor &&
  shown.stepMinutes === rate.stepMinutes &&
  shown.serviceBps === serviceBps &&
  shown.taxBps === taxBps

/** An overnight plan becomes a base of minutes: from now until its night ends, an hour more or less where clocks jump. */
async function rateOf(tx: Transaction, tab: TabFacts, { plan, shown }: TimerAsk, at: Date) {
  const { merchant, zone } = tab
  const [row] = await tx.sql<PlanRow>`
    select name, base_minor as "baseMinor", base_minutes as "baseMinutes", step_minor as "stepMinor",
      step_minutes as "stepMinutes", night_from as "nightFrom", night_to as "nightTo", pausable
    from cashier.plan where id = ${plan} and merchant = ${merchant} and offered`
  if (!row) throw new Refusal<Refused>('no_such_plan', { plan })
  const { name, pausable, nightFrom, nightTo, ...rate } = row
  if (shown && !asShown(shown, rate, tab)) throw new Refusal<Refused>('prices_changed', { plan })
  if (nightFrom === null) return { name, pausable, rate }
  const [night, now]: [Span, number] = [{ from: nightFrom, to: nightTo }, minuteOfDay(at, zone)]
  if (!within(night, now)) throw new Refusal<Refused>('not_the_night', { plan, ...night })
  const day = dayOf(at, zone)
  const end = instantOf(nightTo > now ? day : dayAfter(day), nightTo, zone)
  const baseMinutes = Math.ceil((end.getTime() - at.getTime()) / 60_000)
  return { name, pausable, rate: { ...rate, baseMinutes } }
}

/** The worker's look at one timer: holds ahead, warns, or stops it where nothing is left. */
export async function tick(books: Books, order: OrderId, now?: Date): Promise<boolean> {
  return await patiently(() =>
    books.write(async tx => {
      const tab = await lockTabOf(tx, order)
      const timer = await lockTimer(tx, order)
      if (timer?.state !== 'running') return false
      const at = await momentOf(tx, tab.book, now)
      const begun = minutesOf(timer, at)
      if (timer.minutes - begun >= warning) return false
      const wanted = begun + ahead
      const available = await availableIn(tx, tab)
      const grown = await grow(tx, tab, timer, { wanted, at, available })
      if (grown.minutes < begun) {
        await endTime(tx, tab, grown, { by: null, at })
        return true
      }
      const short = grown.minutes < wanted
      await tx.sql`
        update cashier.timer set ends_at = ${endOf(grown)}, short = ${short}
        where goods_order = ${order} and (ends_at, short) <> (${endOf(grown)}::timestamptz, ${short}::boolean)`
      return grown !== timer
    }),
  )
}

/** All that is due soon. One that cannot be looked at stops no other. Answers how many changed. */
export async function tickTimers(
  books: Books,
  { now, limit = 200 }: { now?: Date; limit?: number } = {},
): Promise<number> {
  const due = await books.sql<{ order: OrderId }>`
    select goods_order as order from cashier.timer
    where state = 'running'
      and ends_at < coalesce(${now ?? null}::timestamptz, now()) + make_interval(mins => ${warning})
    order by ends_at, goods_order limit ${limit}`
  return await lookAt(due, ({ order }) => tick(books, order, now))
}

export type TimeStep = 'pause' | 'resume' | 'stop'
type Asked = Readonly<{ order: OrderId; step: TimeStep; by: PersonId; at?: Date }>
const leads = { pause: 'paused', resume: 'running', stop: 'stopped' } as const

export async function stepTimer(books: Books, ask: Asked): Promise<OrderId> {
  const { order, step, by } = ask
  await patiently(() =>
    books.write(async tx => {
      const tab = await lockTabOf(tx, order)
      const timer = await lockTimer(tx, order)
      if (!timer) throw new Refusal<Refused>('not_timed', { order })
      if (timer.state === leads[step]) return
      const possible = timer.state !== 'stopped' && (step === 'stop' || timer.pausable)
      if (tab.state !== 'open' || !possible)
        throw new Refusal<Refused>('order_step_impossible', { order, step, state: timer.state })
      const at = await momentOf(tx, tab.book, ask.at)
      if (step === 'resume') return await resume(tx, timer, at)
      const available = await availableIn(tx, tab)
      if (step === 'pause') await pause(tx, tab, timer, { by, at, available })
      else await stopTime(tx, tab, timer, { by, at, available })
    }),
  )
  return order
}

/** What has begun is paid for; the rest of a step that was held is still there afterwards. */
async function pause(tx: Transaction, tab: TabFacts, timer: Timer, now: Ending): Promise<void> {
  const wanted = minutesOf(timer, now.at)
  const grown = wanted > timer.minutes ? await grow(tx, tab, timer, { ...now, wanted }) : timer
  if (grown.minutes < wanted) return await endTime(tx, tab, grown, now)
  await tx.sql`
    update cashier.timer set state = 'paused', paused_at = ${now.at}, ends_at = null
    where goods_order = ${timer.order}`
}

async function resume(tx: Transaction, timer: Timer, at: Date): Promise<void> {
  const paused = timer.paused + Math.max(0, at.getTime() - timer.pausedAt!.getTime())
  const endsAt = endOf({ ...timer, paused })
  await tx.sql`
    update cashier.timer set state = 'running', paused_at = null, ends_at = ${endsAt},
      paused = make_interval(secs => ${String(paused / 1000)}::float8)
    where goods_order = ${timer.order}`
}
