/**
 * The month, lived day by day: the clock is set to each moment, and what happens then is asked of the
 * books as in real life. What moves no money (orders, codes, new purses) is asked for at the day's
 * beginning, eight at a time; visits of half an hour go together, so that the gatherer makes one batch.
 */
import {
  charge,
  findSpend,
  issueCode,
  join,
  receiveNotice,
  refund,
  spend,
  startTopUp,
  withdraw,
  type SpendId,
} from '@bursar/custody'
import { idFor, type Books, type Id, type PurseId } from '@bursar/kernel'
import { changeMerchant, decideMerchant } from '@bursar/parties'
import {
  bankAnswered,
  payOut,
  request,
  requestOf,
  review,
  type RequestId,
} from '@bursar/settlement'
import { paidOut, strangersCredit, strayPayment, unheardPayment, type Outside } from './beside.ts'
import {
  admin,
  codeIdOf,
  eightAtOnce,
  memberIdOf,
  merchantIdOf,
  outletIdOf,
  ownerIdOf,
  payeeOf,
  reviewers,
  tillIdOf,
} from './founding.ts'
import { shops } from './merchants.ts'
import type { Answer, Ask, Event, Refund, Spend, TakeBack, TopUp } from './plan.ts'
import { stoppedShop, type Member } from './visits.ts'

export type Life = Readonly<{
  books: Books
  outside: Outside
  setClock(to: Date): void
  purses: Map<number, Promise<PurseId>>
  codes: Map<Spend, string>
  /** Taken up after a kill: a part of the month is there already. */
  again: boolean
  tick(): void
}>
export type Moment = Readonly<{ at: Date; events: readonly Event[] }>

/** Nobody ever comes back from the payments of the past. */
const returnUrl = 'https://bursar.example/custody/purses'
const cny = (minor: bigint) => ({ minor, currency: 'CNY' })
const hex = (n: number) => n.toString(16).padStart(12, '0')

/** The id of the n-th thing of its kind, with its time in front, as of a key that a phone makes. */
function idAt<P extends string>(prefix: P, n: number, at: Date): Id<P> {
  const time = hex(at.getTime())
  const key = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${hex(n)}`
  return idFor(prefix, 'town', prefix, key)
}
const spendIdOf = ({ n, at }: Spend): SpendId => idAt('spd', n, at)
const requestIdOf = (n: number): RequestId => idFor('stl', 'town', 'request', String(n))

/** What adds comes before what takes away, so that a moment never refuses what the plan allowed. */
const inOrder = [
  'topUp',
  'platformPays',
  'stray',
  'unheard',
  'stranger',
  'spend',
  'refund',
  'takeBack',
  'reject',
  'bounced',
].concat(['paid', 'ask', 'approve', 'payOut', 'suspend', 'confirms'])

export async function liveDay(life: Life, moments: readonly Moment[]): Promise<void> {
  const [first] = moments
  if (!first) return
  life.setClock(first.at)
  const coming = moments.flatMap(({ at, events }) => events.map(event => ({ at, event })))
  await eightAtOnce(coming, async ({ event }) => {
    if (event.kind === 'topUp') await order(life, event)
  })
  await eightAtOnce(coming, async ({ event, at }) => {
    if (event.kind === 'spend' && event.charged) await showCode(life, event, at)
  })
  for (const moment of moments) await live(life, moment)
}

async function live(life: Life, { at, events }: Moment): Promise<void> {
  life.setClock(at)
  for (const kind of inOrder) {
    const now = events.filter(event => event.kind === kind)
    if (now.length) await eightAtOnce(now, event => happen(life, event, at))
  }
  for (const _ of events) life.tick()
}

async function happen(life: Life, event: Event, at: Date): Promise<void> {
  switch (event.kind) {
    case 'topUp':
      return await pay(life, event)
    case 'spend':
      return await visit(life, event)
    case 'refund':
      return await giveBack(life, event)
    case 'takeBack':
      return await takeBack(life, event)
    case 'ask':
      return await ask(life, event)
    case 'approve':
    case 'reject':
      return await decide(life, event)
    case 'payOut':
      return void (await payOut(life.books, life.outside.bank, { at }))
    case 'paid':
    case 'bounced':
      return await hear(life, event)
    case 'platformPays':
      return await paidOut(life, at)
    case 'stray':
      return await strayPayment(life)
    case 'unheard':
      return unheardPayment(life)
    case 'stranger':
      return await strangersCredit(life, at)
    case 'suspend':
      return await stop(life, at)
    case 'confirms':
      return await confirms(life, at)
  }
}

/** A member's purse; the first to ask opens it. */
function purseOf({ books, purses }: Life, { n, person, shop }: Member, at: Date): Promise<PurseId> {
  const known = purses.get(n)
  if (known) return known
  const merchant = merchantIdOf(shops[shop]!)
  const opened = join(books, { person: memberIdOf(person), merchant, at }).then(purse => purse.id)
  purses.set(n, opened)
  return opened
}

const walletOf = ({ outside }: Life, { alipay }: TopUp) =>
  alipay ? outside.alipay : outside.wallet

async function order(life: Life, event: TopUp): Promise<void> {
  const { n, at, member, minor } = event
  const purse = await purseOf(life, member, at)
  const [id, by] = [idAt('top', n, at), memberIdOf(member.person)]
  await startTopUp(life.books, walletOf(life, event), {
    id,
    purse,
    amount: cny(minor),
    by,
    returnUrl,
    at,
  })
}

async function pay(life: Life, event: TopUp): Promise<void> {
  const { n, at, member, minor } = event
  const wallet = walletOf(life, event)
  const [order, payer] = [idAt('top', n, at), memberIdOf(member.person)]
  const subject = shops[member.shop]!.name
  await receiveNotice(life.books, wallet, wallet.paid({ order, ...cny(minor), payer, subject }))
}

async function showCode(life: Life, event: Spend, at: Date): Promise<void> {
  const { books, codes, again } = life
  if (again && (await findSpend(books, spendIdOf(event)))) return
  const purse = await purseOf(life, event.member, at)
  const [id, by] = [idAt('cod', event.n, event.at), memberIdOf(event.member.person)]
  const { code } = await issueCode(books, { id, purse, by, at })
  codes.set(event, code)
}

async function visit(life: Life, event: Spend): Promise<void> {
  const { books, codes } = life
  const { member, minor, outlet, charged, note } = event
  const shop = shops[member.shop]!
  const id = spendIdOf(event)
  if (life.again && (await findSpend(books, id))) return
  const common = {
    ...{ id, merchant: merchantIdOf(shop), outlet: outletIdOf(shop, outlet) },
    ...{ amount: cny(minor), ...(note && { note }) },
  }
  if (charged)
    return void (await charge(books, { ...common, by: tillIdOf(shop), code: codes.get(event)! }))
  const [purse, by] = [await purseOf(life, member, event.at), memberIdOf(member.person)]
  await spend(books, { ...common, purse, by, merchantCode: codeIdOf(shop, outlet) })
}

async function giveBack({ books }: Life, { n, at, spend: paid, minor, reason }: Refund) {
  const by = tillIdOf(shops[paid.member.shop]!)
  const asked = { id: idAt('rfd', n, at), spend: spendIdOf(paid), amount: cny(minor) }
  await refund(books, { ...asked, reason, by, at })
}

async function takeBack(life: Life, { n, at, member, minor }: TakeBack): Promise<void> {
  const { books, outside } = life
  const [id, by] = [idAt('wdr', n, at), memberIdOf(member.person)]
  const purse = await purseOf(life, member, at)
  const { parts } = await withdraw(books, [outside.wallet], {
    id,
    purse,
    amount: cny(minor),
    by,
    at,
  })
  for (const part of parts) outside.wallet.refunded(part.topUp!, part.id, part.amount)
}

async function ask({ books }: Life, { n, at, wish, minor }: Ask): Promise<void> {
  const shop = shops[wish.shop]!
  const asked = { id: requestIdOf(n), merchant: merchantIdOf(shop), by: ownerIdOf(shop) }
  await request(books, { ...asked, amount: cny(minor), at })
}

async function decide({ books }: Life, { kind, n, at, wish }: Answer): Promise<void> {
  const [id, by] = [requestIdOf(n), reviewers[wish.shop % 2]!]
  // Taken up again after a kill, the town finds requests that have gone on since.
  const { state } = await requestOf(books, id)
  if (state !== 'submitted') return
  const reason = '申请中有一笔会员正在申诉的消费，请先与会员处理完再申请。'
  if (kind === 'approve') await review(books, { id, by, step: 'approve', at })
  else await review(books, { id, by, step: 'reject', reason, at })
}

/** The bank's word on the payout of a request. */
async function hear({ books, outside }: Life, { kind, n, at, wish, minor }: Answer): Promise<void> {
  const { bank } = outside
  const { account, name } = payeeOf(shops[wish.shop]!)
  const payout = `pay_${requestIdOf(n).slice('stl_'.length)}`
  const rawBody = bank.says({
    ...{ payout, ...cny(minor), payee: `${account} ${name}` },
    ...(kind === 'bounced' && { reason: 'account_restricted' }),
  })
  const notice = await bank.verify({}, rawBody)
  if (notice.kind !== 'credit') await bankAnswered(books, bank, { notice, rawBody, at })
}

async function stop({ books }: Life, at: Date): Promise<void> {
  const merchant = merchantIdOf(shops[stoppedShop]!)
  const reason = '消防检查未通过，停业整顿。'
  await decideMerchant(books, { merchant, by: admin, step: 'suspend', reason, at })
}

/** The hairdresser wants to say yes to each payment from now on. */
async function confirms({ books }: Life, at: Date): Promise<void> {
  const shop = shops.find(one => one.trade === 'hair')!
  const asked = { merchant: merchantIdOf(shop), by: ownerIdOf(shop), confirmsSpends: true }
  await changeMerchant(books, { ...asked, at })
}
