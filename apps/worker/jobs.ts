/** The jobs: how often, and what one round of each does. Each answers how much it did. */
import { closeForgotten, forgetVisits, tickTimers } from '@bursar/cashier'
import {
  forgetCodes,
  forgetHitches,
  listPools,
  openHitches,
  pollTopUps,
  pollWithdrawals,
  type Route,
  type Wallet,
} from '@bursar/custody'
import {
  closeOrders,
  forgetEvents,
  openDeliverer,
  readBooks,
  type Vault,
} from '@bursar/integrators'
import type { Courier } from '@bursar/integrators/courier'
import type { Books } from '@bursar/kernel'
import {
  forgetEchoes,
  makeNights,
  missedHours,
  notBack,
  openFollower,
  readBills,
  rehearseDue,
  silentMains,
} from '@bursar/notices'
import { forgetSessions } from '@bursar/parties'
import {
  bookConfirmed,
  compareBills,
  endBreaks,
  forgetLines,
  openDays,
  takeBills,
  waitingBreaks,
} from '@bursar/reconciliation'
import {
  askBank,
  bookPaid,
  openBreaks,
  payOut,
  payResidues,
  waitingResidues,
  type Bank,
} from '@bursar/settlement'

export type Outside = Readonly<{
  books: Books
  wallets: readonly Wallet[]
  bank: Bank & Route
  /** Signs the ends of the books that have moved, and hands them outside. Answers how many. */
  seal?: () => Promise<number>
  /** Who carries what merchants' endpoints are told, and what makes their secrets; without it nothing is told. */
  webhooks?: Readonly<{ courier: Courier; vault: Vault }>
  /** Tells which book has moved for a merchant with a counter, until what it answers; without it they are read each second. */
  moved?: (ear: Readonly<{ heard(payload: string): void; missed(): void }>) => () => Promise<void>
}>
export type Alert = (about: object, text: string) => void
export type JobName =
  | 'payouts'
  | 'answers'
  | 'unbooked'
  | 'residues'
  | 'breaks'
  | 'hitches'
  | 'bills'
  | 'differences'
  | 'topUps'
  | 'withdrawals'
  | 'pends'
  | 'timers'
  | 'tabs'
  | 'seals'
  | 'codes'
  | 'sessions'
  | 'visits'
  | 'lines'
  | 'orders'
  | 'events'
  | 'deliveries'
  | 'oldEvents'
  | 'notices'
  | 'noticeBills'
  | 'nights'
  | 'terminals'
  | 'rehearsals'
  | 'echoes'
/** `rest` waits for what a round has left under way. */
export type Job = Readonly<{
  pause: number
  work: () => Promise<number>
  rest?: () => Promise<void>
}>

const second = 1000
const minute = 60 * second

export function jobsOf(outside: Outside, alert: Alert): Readonly<Record<JobName, Job>> {
  const { books, wallets, bank, seal = () => Promise.resolve(0) } = outside
  return {
    ...integratorJobs(outside),
    ...noticeJobs(outside, alert),
    /** Approved requests go to the bank. */
    payouts: { pause: second, work: () => payOut(books, bank) },
    /** What the bank did not say, it is asked. */
    answers: { pause: 2 * second, work: () => askBank(books, bank) },
    /** What the bank has paid and custody could not bear. */
    unbooked: { pause: 2 * second, work: () => bookPaid(books) },
    /** What a platform refused to take back, to guests' own accounts. */
    residues: { pause: 2 * second, work: () => payResidues(books, bank) },
    /** Where the bank and the books differ: said as long as it is so. */
    breaks: { pause: minute, work: () => tellBreaks(books, alert) },
    /** What fails again and again, and what is stuck at a platform: said as long as it is so. */
    hitches: { pause: minute, work: () => tellHitches(books, alert) },
    /** The platforms' bills of the days that are over, each compared with the books. */
    bills: { pause: minute, work: () => reconcile(outside) },
    /** Where a platform and the books differed and agree by now; and what two people have booked. */
    differences: {
      pause: minute,
      work: async () => (await endBreaks(books)) + (await bookConfirmed(books, wallets)),
    },
    /** Top-ups whose notice did not come. */
    topUps: {
      pause: 5 * second,
      work: async () => {
        const polled = await Promise.all(wallets.map(wallet => pollTopUps(books, wallet)))
        return polled.reduce((done, { credited, ended }) => done + credited + ended, 0)
      },
    },
    /** What goes back to its payer, by the platform or the bank that it came through. */
    withdrawals: {
      pause: 5 * second,
      work: async () => {
        await Promise.all([...wallets, bank].map(route => pollWithdrawals(books, route)))
        return 0
      },
    },
    /** Reservations whose time is over. */
    pends: { pause: 5 * second, work: () => expirePends(books) },
    /** Time that guests use: held ahead, stopped where nothing is left. */
    timers: { pause: 5 * second, work: () => tickTimers(books) },
    /** Tabs that were left open when the outlet's business day ended. */
    tabs: { pause: 30 * second, work: () => closeForgotten(books) },
    /** A book that has moved is sealed once a minute, or sooner when it moves much. */
    seals: { pause: 5 * second, work: seal },
    codes: { pause: 10 * minute, work: () => forgetCodes(books) },
    sessions: { pause: 10 * minute, work: () => forgetSessions(books) },
    visits: { pause: 10 * minute, work: () => forgetVisits(books) },
    /** Rows of bills that are older than the law has them kept. */
    lines: { pause: 10 * minute, work: () => forgetLines(books) },
  }
}

function integratorJobs({ books, webhooks }: Outside) {
  const deliverer = webhooks && openDeliverer({ books, ...webhooks })
  return {
    /** Orders whose time is over. */
    orders: { pause: 5 * second, work: () => closeOrders(books) },
    /** Out of the books, what merchants are told. */
    events: { pause: second, work: () => readBooks(books) },
    /** To their endpoints, and again to those that did not hear. */
    deliveries: {
      pause: second,
      work: async () => (await deliverer?.round()) ?? 0,
      rest: async () => await deliverer?.idle(),
    },
    /** What is older than 90 days. */
    oldEvents: { pause: 10 * minute, work: () => forgetEvents(books) },
  }
}

function noticeJobs({ books, moved }: Outside, alert: Alert) {
  const follower = openFollower(books)
  const deafen = moved?.(follower)
  return {
    /** Out of the books, what is told at merchants' counters: at once where a book's move is told, else within a second. */
    notices: {
      pause: second,
      work: () => follower.round(),
      rest: async () => {
        await deafen?.()
        await follower.idle()
      },
    },
    /** What the platforms' bills say of payments that were told. */
    noticeBills: { pause: 10 * minute, work: () => readBills(books) },
    /** What was announced beside the money, of each business day that is over. */
    nights: { pause: 10 * minute, work: () => makeNights(books) },
    /** At the hours that owners chose, the whole way from evidence to prompt. */
    rehearsals: { pause: minute, work: () => rehearseDue(books) },
    /** Who had which rehearsal, a month later. */
    echoes: { pause: 10 * minute, work: () => forgetEchoes(books) },
    /** Mains and devices that have fallen silent: said as long as it is so. */
    terminals: { pause: minute, work: () => tellSilent(books, alert) },
  }
}

async function tellSilent(books: Books, alert: Alert): Promise<number> {
  const silent = await silentMains(books)
  if (silent > 0)
    alert(
      { silent },
      'main terminals or devices of merchants have fallen silent: see the health board',
    )
  const lost = await notBack(books)
  if (lost > 0)
    alert({ lost }, 'rehearsals that did not come back from a terminal: see the health board')
  const missed = (await missedHours(books.sql, new Date())).length
  if (missed > 0)
    alert(
      { missed },
      'counters whose rehearsal by the clock did not take place: see the health board',
    )
  return 0
}

async function reconcile({ books, wallets }: Outside): Promise<number> {
  await openDays(books, wallets)
  const taken = await takeBills(books, wallets)
  return taken + (await compareBills(books))
}

async function tellBreaks(books: Books, alert: Alert): Promise<number> {
  for (const { kind, count, oldest } of await openBreaks(books))
    if (count > 0)
      alert(
        { break: kind, count, oldest },
        'the bank and the books differ on what it pays: see /settlement/breaks',
      )
  for (const { state, count, oldest } of await waitingResidues(books))
    if (count > 0 && state === 'unbooked')
      alert(
        { residues: state, count, oldest },
        'the books cannot take what the bank did with payments to guests’ accounts: see /settlement/residues',
      )
  for (const { kind, count, oldest } of await waitingBreaks(books))
    alert(
      { difference: kind, count, oldest },
      'a platform’s bill and the books differ: see /reconciliation/breaks',
    )
  return 0
}

async function tellHitches(books: Books, alert: Alert): Promise<number> {
  await forgetHitches(books)
  for (const { job, ...told } of await openHitches(books))
    if (told.count > 0)
      alert(
        { hitch: job, ...told },
        job === 'stuck'
          ? 'refunds that payers’ accounts do not take: see to them at the platform'
          : 'what fails each time its turn comes',
      )
  return 0
}

async function expirePends(books: Books): Promise<number> {
  let expired = 0
  for (const { book } of await listPools(books)) expired += await books.expire(book)
  return expired
}
