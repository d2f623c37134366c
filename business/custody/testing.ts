/**
 * A small town for tests: a pool, merchants and people in a database of the test file's own, and a
 * platform whose every answer the test decides. Its notices are signed: what is not, it never said.
 */
import { generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto'
import { after, before } from 'node:test'
import {
  newId,
  Refusal,
  type Books,
  type MerchantId,
  type PersonId,
  type PoolId,
  type PurseId,
} from '@bursar/kernel'
import { openBooks, type Account } from '@bursar/ledger'
import { useDatabase } from '@bursar/database/testing'
import { cny, fromWire, toWire, type Money } from '@bursar/money'
import { receiveNotice } from './inbox.ts'
import { admitMerchant, openPool } from './pool.ts'
import { join } from './purses.ts'
import { startTopUp, type TopUp } from './topUps.ts'
import type { Found, Notice, Wallet } from './wallet.ts'

type Order = { amount: Money; state: Found['state']; tradeNo: string }
type Refunded = 'done' | 'unknown' | { refused: string }

/** A platform in memory. `says` is what it answers next, where the test wants something else. */
export function playWallet(gateway = 'wallet') {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const orders = new Map<string, Order>()
  const refunds = new Map<string, Money>()
  const says: { refund?: Refunded; query?: Found; close?: 'closed' | 'paid' | 'unknown' } = {}
  const find = (order: string): Order => {
    const known = orders.get(order)
    if (!known) throw new Error(`The platform does not know ${order}`)
    return known
  }
  const wallet: Wallet = {
    gateway,
    account: 'our-account',
    success: { status: 200, type: 'text/plain', body: 'success' },
    create: async ({ order, amount }) => {
      if (!orders.has(order))
        orders.set(order, { amount, state: 'waiting', tradeNo: `trade-${randomUUID()}` })
      return { payUrl: `https://wallet.test/pay/${order}` }
    },
    query: async order => says.query ?? orders.get(order) ?? { state: 'unknown' },
    close: async order => {
      if (says.close) return says.close
      const known = find(order)
      if (known.state === 'waiting') known.state = 'closed'
      return known.state === 'paid' ? 'paid' : 'closed'
    },
    refund: async ({ refund, amount }) => {
      if (says.refund) return says.refund
      refunds.set(refund, amount)
      return 'done'
    },
    verify: async (headers, rawBody) => {
      const signature = Buffer.from(String(headers['signature'] ?? ''), 'base64')
      if (!verify(null, rawBody, publicKey, signature))
        throw new Refusal('bad_signature', { gateway })
      const { amount, at, ...said } = JSON.parse(rawBody.toString())
      return { ...said, amount: fromWire(amount), at: new Date(at) } as Notice
    },
  }
  /** A notice as it comes over the wire. */
  const notice = (said: Partial<Notice> & { order: string }) => {
    const known = orders.get(said.order)
    const whole = {
      id: randomUUID(),
      state: 'paid',
      tradeNo: known?.tradeNo ?? `trade-${randomUUID()}`,
      account: wallet.account,
      ...said,
      amount: toWire(said.amount ?? known?.amount ?? cny('1.00')),
      at: new Date().toISOString(),
    }
    const rawBody = Buffer.from(JSON.stringify(whole))
    return { headers: { signature: sign(null, rawBody, privateKey).toString('base64') }, rawBody }
  }
  return {
    wallet,
    orders,
    refunds,
    says,
    notice,
    pay: (order: string) => void (find(order).state = 'paid'),
  }
}

export type Town = Readonly<{
  books: Books
  /** For another server over the same database. */
  url: string
  pool: PoolId
  book: number
  merchant(more?: { confirms?: boolean; state?: string; name?: string }): Promise<MerchantId>
  person(name?: string): Promise<PersonId>
  /** Somebody with a purse at the merchant, and that much in it. */
  member(merchant: MerchantId, yuan?: string): Promise<{ person: PersonId; purse: PurseId }>
  topUp(member: { person: PersonId; purse: PurseId }, yuan: string): Promise<TopUp>
  wallet: ReturnType<typeof playWallet>
  /** posted on an account, in yuan's fen; turned round for nobody. */
  posted(account: Account): Promise<bigint>
  available(purse: PurseId): Promise<bigint>
  /** From now on the book's clock need not be the database's. */
  asDemo(): Promise<void>
}>

/** Valid inside tests. */
export function useTown(clock?: () => Date): Town {
  const db = useDatabase()
  const platform = playWallet()
  const [book, pool] = [1, newId('pol')]
  let books: Books
  let people = 0

  before(async () => {
    await db.ready
    books = openBooks({ url: db.url, ...(clock && { clock }) })
    const [bank, supervisor] = [newId('ins'), newId('ins')]
    await openPool(books, { id: pool, book, name: '第一资金池', currency: 'CNY', bank, supervisor })
  })
  after(() => books.close())

  const town: Town = {
    get books() {
      return books
    },
    get url() {
      return db.url
    },
    ...{ book, pool, wallet: platform },
    async person(name = `人 ${++people}`) {
      const id = newId('per')
      await books.sql`
        insert into parties.person (id, name, email, locale)
        values (${id}, ${name}, ${`${id}@example.com`}, 'zh-CN')`
      return id
    },
    async merchant({ confirms = false, state = 'active', name = '老茶馆' } = {}) {
      const [id, owner] = [newId('mer'), await town.person()]
      await books.sql`
        insert into parties.merchant (id, name, trade, licence, representative, address, payee_bank,
          payee_account, payee_name, confirms_spends, state, applied_by)
        values (${id}, ${name}, 'teahouse', ${id}, '王', '上海', '银行', '6222', ${name}, ${confirms},
          ${state}, ${owner})`
      await admitMerchant(books, { merchant: id, pool })
      return id
    },
    async member(merchant, yuan) {
      const person = await town.person()
      const { id: purse } = await join(books, { person, merchant })
      if (yuan) await town.topUp({ person, purse }, yuan)
      return { person, purse }
    },
    async topUp({ person, purse }, yuan) {
      const id = newId('top')
      const ask = {
        id,
        purse,
        amount: cny(yuan),
        by: person,
        returnUrl: 'https://bursar.test/back',
      }
      const order = await startTopUp(books, platform.wallet, ask)
      platform.pay(id)
      await receiveNotice(books, platform.wallet, platform.notice({ order: id }))
      return order
    },
    posted: async account => (await books.balance(book, account))?.posted ?? 0n,
    async available(purse) {
      const side = await books.balance(book, `purse/${purse}`)
      return side ? side.posted - side.out : 0n
    },
    async asDemo() {
      const owner = openBooks({ url: db.ownerUrl })
      await owner.sql`insert into ledger.demo default values`
      await owner.close()
    },
  }
  return town
}
