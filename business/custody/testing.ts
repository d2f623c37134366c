/** A small town for tests: a pool, merchants and people, in a database of the test file's own. */
import { after, before } from 'node:test'
import { useDatabase, type TestDatabase } from '@bursar/database/testing'
import {
  newId,
  type Books,
  type MerchantId,
  type PersonId,
  type PoolId,
  type PurseId,
} from '@bursar/kernel'
import { openBooks, type Account } from '@bursar/ledger'
import { cny } from '@bursar/money'
import { receiveNotice } from './inbox.ts'
import { playWallet } from './playedWallet.testing.ts'
import * as licence from './licence.testing.ts'
import { admitMerchant, openPool } from './pool.ts'
import { join } from './purses.ts'
import { startTopUp } from './topUps.ts'

type Member = { person: PersonId; purse: PurseId }
type Merchant = { confirms?: boolean; state?: string; name?: string }
type Played = ReturnType<typeof playWallet>
type Ground = { readonly books: Books; pool: PoolId; book: number; wallet: Played }

/** Valid inside tests. */
export const useTown = (clock?: () => Date) => townIn(useDatabase(), clock)

type Kept = Pick<TestDatabase, 'ready' | 'url' | 'ownerUrl'>

/** In a database that somebody else keeps. */
export function townIn<Database extends Kept>(db: Database, clock?: () => Date) {
  const wallet = playWallet()
  const [book, pool] = [1, newId('pol')]
  let books: Books

  before(async () => {
    await db.ready
    books = openBooks({ url: db.url, ...(clock && { clock }) })
    const [bank, supervisor] = [newId('ins'), newId('ins')]
    const named = { name: '第一资金池', currency: 'CNY', platforms: [{ name: 'wallet' }] }
    await openPool(books, { id: pool, book, ...named, bank, supervisor })
  })
  after(() => books.close())

  const ground: Ground = {
    get books() {
      return books
    },
    ...{ pool, book, wallet },
  }
  const people = peopleOf(ground)
  return {
    get books() {
      return books
    },
    /** For another server over the same database. */
    get url() {
      return db.url
    },
    /** Another server over it; who opens one closes it. */
    another: () => openBooks({ url: db.url }),
    ...{ pool, book, wallet, database: db },
    /** From now on the book's clock need not be the database's. */
    async asDemo() {
      const owner = openBooks({ url: db.ownerUrl })
      await owner.sql`insert into ledger.demo default values`
      await owner.close()
    },
    ...people,
    licensed: (years?: readonly [string, string]) =>
      licence.licensed({ url: db.url, ...people }, years),
    unlicensed: () => licence.unlicensed(db),
    /** An active merchant of the trade, that this person applied for. */
    cardShop: (by: PersonId) => licence.cardShop({ books, pool, url: db.url }, by),
    /** The pool's issuer, under a licence. A pool has one. */
    issuer: () => licence.issuer({ books, pool, url: db.url, ...people }),
    ...sumsOf(ground),
  }
}

function peopleOf(ground: Ground) {
  let people = 0

  async function person(name = `人 ${++people}`): Promise<PersonId> {
    const id = newId('per')
    await ground.books.sql`
      insert into parties.person (id, name, email, locale)
      values (${id}, ${name}, ${`${id}@example.com`}, 'zh-CN')`
    return id
  }

  async function merchant(more: Merchant = {}): Promise<MerchantId> {
    const { confirms = false, state = 'active', name = '老茶馆' } = more
    const [id, owner] = [newId('mer'), await person()]
    await ground.books.sql`
      insert into parties.merchant (id, name, trade, licence, representative, address, payee_bank,
        payee_account, payee_name, confirms_spends, state, applied_by)
      values (${id}, ${name}, 'teahouse', ${id}, '王', '上海', '银行', '6222', ${name}, ${confirms},
        ${state}, ${owner})`
    await admitMerchant(ground.books, { merchant: id, pool: ground.pool })
    return id
  }

  async function topUp({ person: by, purse }: Member, yuan: string): Promise<void> {
    const { books, wallet } = ground
    const [order, returnUrl] = [newId('top'), 'https://bursar.test/back']
    await startTopUp(books, wallet.wallet, { id: order, purse, amount: cny(yuan), by, returnUrl })
    wallet.pay(order)
    await receiveNotice(books, wallet.wallet, wallet.notice({ order }))
  }

  /** Somebody with a purse at the merchant, and that much in it. */
  async function member(at: MerchantId, yuan?: string): Promise<Member> {
    const who = await person()
    const { id: purse } = await join(ground.books, { person: who, merchant: at })
    if (yuan) await topUp({ person: who, purse }, yuan)
    return { person: who, purse }
  }
  return { person, merchant, topUp, member }
}

const sumsOf = (ground: Ground) => ({
  /** Credits less debits, in fen: asset accounts are below zero. */
  posted: async (account: Account): Promise<bigint> =>
    (await ground.books.balance(ground.book, account))?.posted ?? 0n,
  available: async (purse: PurseId): Promise<bigint> => {
    const side = await ground.books.balance(ground.book, `purse/${purse}`)
    return side ? side.posted - side.out : 0n
  },
})
