/**
 * The tea house's counter, of the last week: its owner's main, two subs that may see different things, a loudspeaker, and
 * what came in. Its own books are told as the reader tells them; strangers who pay by a platform's code are told by the
 * platform, by the owner's phone and by the bank's statement, so that each thing that can happen at a counter is there.
 */
import { idFor, newId, type Books, type Id } from '@bursar/kernel'
import {
  acceptInvitation,
  actions,
  beat,
  fields,
  hear,
  heardByBooks,
  inviteSub,
  makeTerminal,
  putCounter,
  readBooks,
  terminalsOf,
  type Evidence,
  type Kind,
  type Permission,
} from '@bursar/notices'
import type { Days } from './days.ts'
import { merchantIdOf, ownerIdOf, tillIdOf } from './founding.ts'
import { shops } from './merchants.ts'
import { personIdOf } from './people.ts'

const shop = shops.find(one => one.key === 'tea')!
const merchant = merchantIdOf(shop)
const owner = ownerIdOf(shop)
const idOf = <P extends string>(prefix: P, name: string): Id<P> =>
  idFor(prefix, 'town', 'counter', name)
const cny = (minor: bigint) => ({ minor, currency: 'CNY' })
const week = 7

const everything: Permission = {
  ...{
    fields,
    actions,
    from: null,
    to: null,
    outlets: null,
    tills: null,
    hours: null,
    until: null,
  },
}
/** Sees the sum and where it came from, of small sums alone; asks nobody for a refund. */
const helper: Permission = {
  ...everything,
  fields: ['amount', 'platform', 'time'],
  actions: ['receive', 'look_up'],
  to: cny(10_000n),
}

/** Taken up again after a kill it hears nothing twice; a sub is there already, or is invited. */
export async function openTeaCounter(books: Books, days: Days, now: Date): Promise<void> {
  const opened = days.on(Math.max(0, days.count - week), 6 * 60)
  await readBooks(books, () => now)
  const quiet = { from: 23 * 60, to: 7 * 60 }
  await putCounter(books, {
    ...{
      id: idOf('ctr', 'tea'),
      merchant,
      outlet: null,
      name: '前台',
      threshold: 'A',
      patience: 60,
    },
    ...{ lateSpoken: true, large: cny(50_000n), quiet, open: true, rehearse: [8], at: opened },
  })
  await openTerminals(books, opened)
  const told = [...(await outOfTheBooks(books)), ...strangers(days)]
  const inOrder = told.toSorted((one, other) => one.heard.getTime() - other.heard.getTime())
  await books.write(async tx => {
    for (const [at, heard] of Map.groupBy(inOrder, one => one.heard.getTime()))
      await hear(
        tx,
        heard.map(({ evidence }) => evidence),
        new Date(at),
      )
  })
  await hadUntil(books, days.on(days.count - 1, 0))
}

/** Until today every terminal was there: what it is told as late when it is opened is of today. */
async function hadUntil(books: Books, morning: Date): Promise<void> {
  const [had] = await books.sql<{ seq: bigint | null }>`
    select max(seq) as seq from notices.prompt where merchant = ${merchant} and at < ${morning}`
  const acked = had?.seq ?? 0n
  for (const { id } of await terminalsOf(books, merchant))
    await beat(books, { terminal: id, acked, now: morning })
}

async function openTerminals(books: Books, at: Date): Promise<void> {
  const made = { merchant, by: owner, language: 'zh-CN', speaks: true, at } as const
  const main = { id: idOf('trm', 'main'), name: '老板的手机', zone: null } as const
  const box = { id: idOf('trm', 'box'), name: '前台音箱', zone: '前台' } as const
  await makeTerminal(books, {
    ...{ ...made, ...main, kind: 'main', permission: everything },
    ways: ['text', 'voice', 'vibration'],
  })
  await makeTerminal(books, {
    ...{ ...made, ...box, kind: 'device', ways: ['voice', 'text'] },
    permission: { ...everything, fields: ['amount', 'platform'], actions: ['receive'] },
  })
  const subs = [
    ['收银台', tillIdOf(shop), everything],
    ['跑堂', personIdOf(`staff ${shop.key} 1`), helper],
  ] as const
  for (const [name, person, permission] of subs) {
    const [known] = await books.sql`
      select from notices.terminal where merchant = ${merchant} and person = ${person} limit 1`
    if (known) continue
    const ask = { id: newId('inv', at.getTime()), merchant, name, permission, by: owner, at }
    const { code } = await inviteSub(books, ask)
    await acceptInvitation(books, { code, by: person, at })
  }
}

type Heard = Readonly<{ evidence: Evidence; heard: Date }>

/** Each a second after it was made. */
const outOfTheBooks = async (books: Books): Promise<Heard[]> =>
  (await heardByBooks(books)).map(evidence => ({
    evidence,
    heard: new Date(evidence.at.getTime() + 1000),
  }))

/** Somebody without a purse here, by a platform's code on the wall. */
type Stranger = Readonly<{
  day: number
  minute: number
  fen: bigint
  payer: string
  platform: 'alipay' | 'wechat-pay'
  kind?: Kind
  /** Who tells of it, how many seconds later; another sum where they do not agree. */
  told: readonly (readonly [source: Evidence['source'], after: number, fen?: bigint])[]
}>
const passing: readonly Stranger[] = [
  ...[26n, 38n, 52n, 18n, 88n, 45n].map((yuan, day): Stranger => ({
    ...{ day, minute: 600 + day * 17, fen: yuan * 100n, payer: ['王*', '刘**', '陈*'][day % 3]! },
    platform: day % 2 ? 'alipay' : 'wechat-pay',
    told: [
      ['callback', 2],
      ['phone', 3],
      ['statement', 3 * 3600],
    ],
  })),
  // The bank has a tenth of what was announced.
  {
    ...{ day: 5, minute: 740, fen: 20_000n, payer: '赵**', platform: 'alipay' },
    told: [
      ['callback', 2],
      ['statement', 3600, 2_000n],
    ],
  },
  // Only a phone has seen it, and nobody else ever says so.
  {
    ...{ day: 5, minute: 790, fen: 6_600n, payer: '周*', platform: 'wechat-pay' },
    told: [['phone', 2]],
  },
  // The network was away for forty minutes.
  {
    ...{ day: 6, minute: 480, fen: 3_200n, payer: '吴**', platform: 'wechat-pay' },
    told: [['callback', 2400]],
  },
  // The same twice within a second: the phone's is filtered.
  {
    ...{ day: 6, minute: 560, fen: 4_800n, payer: '郑*', platform: 'alipay' },
    told: [
      ['callback', 1],
      ['phone', 2],
    ],
  },
  {
    ...{ day: 6, minute: 575, fen: 4_800n, payer: '郑*', platform: 'alipay', kind: 'refund' },
    told: [['callback', 1]],
  },
  {
    ...{ day: 6, minute: 800, fen: 2_600n, payer: '孙**', platform: 'wechat-pay' },
    told: [['phone', 1]],
  },
]

const strangers = (days: Days): Heard[] =>
  passing.flatMap(({ day, minute, fen, payer, platform, kind = 'payment', told }, n) => {
    const at = days.on(Math.max(0, days.count - week + day), minute)
    const order = `2026${String(88_004_200_117n + BigInt(n) * 7_919n)}`
    return told.map(([source, after, other]): Heard => {
      const amount = cny(other ?? fen)
      const terminal = source === 'phone' ? idOf('trm', 'main') : null
      const said = { merchant, source, terminal, id: `${source}-${order}`, platform, kind, amount }
      const names =
        kind === 'payment' ? { payer, payee: shop.name } : { payer: shop.name, payee: payer }
      const none = { text: null, app: null, way: null, outlet: null, till: null }
      const heard =
        after < 60 ? new Date(at.getTime() + after * 1000) : days.soonAfter(at, after / 60)
      return { evidence: { ...said, ...names, ...none, orders: [order], at }, heard }
    })
  })
