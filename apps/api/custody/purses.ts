/** The consumer's purses: joining, statements, money in by top-up and back by withdrawal. */
import {
  giveUpRefunds,
  joinMerchant,
  listPurses,
  listTopUps,
  listWallets,
  outcomeOfGivenUp,
  outcomeOfWithdrawal,
  purseStatement,
  readPurse,
  readTopUp,
  startTopUp,
  withdrawBalance,
} from '@bursar/contract'
import * as custody from '@bursar/custody'
import type { Wallet, WalletRefused } from '@bursar/custody/wallet'
import { Refusal, type Books } from '@bursar/kernel'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import type { ApiOptions, Wallets } from '../options.ts'
import type { Refused } from '../refusals.ts'
import { outcome } from '../outcomes.ts'
import { sumOf } from '../sums.ts'
import { daysOf, pageOf, seqOf } from './pages.ts'
import { ownPurse, ownTopUp } from './sees.ts'
import { linesView, purseView, topUpDetailsView, topUpView, withdrawalView } from './views.ts'

export function purseRoutes(app: FastifyInstance, options: ApiOptions): void {
  const { books } = options
  const mine = ownPurse(books)

  bind(app, listPurses, async ({ actor, query: { at } }) => ({
    rows: (await custody.listPurses(books, actor.person, at)).map(purseView),
  }))
  bind(app, joinMerchant, async ({ params, actor }) =>
    purseView(await custody.join(books, { ...params, person: actor.person })),
  )
  bind(
    app,
    readPurse,
    async ({ params }) => purseView(await custody.readPurse(books, params.purse)),
    mine,
  )
  bind(
    app,
    purseStatement,
    async ({ params: { purse }, query: { limit = 50, cursor, ...days } }) => {
      const { book, currency, scope } = await custody.directoryOf(books).purse(purse)
      const ask = { limit, ...seqOf(cursor), ...daysOf(days) }
      const page = await custody.statementPage(books, book, `purse/${purse}`, ask)
      const wide = scope === 'platform'
      const names = wide ? await custody.merchantsOf(books, book, page.lines) : undefined
      return linesView(page, currency, { names })
    },
    mine,
  )
  moneyIn(app, options)
  moneyBack(app, options)
}

async function topUpNow(books: Books, id: custody.TopUpId) {
  const topUp = await custody.readTopUp(books, id)
  return topUpDetailsView(topUp, await custody.astrayOf(books, topUp))
}

function moneyIn(app: FastifyInstance, { books, wallets }: ApiOptions): void {
  const mine = ownPurse(books)

  bind(app, listWallets, () => ({
    rows: wallets.map(({ gateway, ways }) => ({ gateway, ways: [...ways] })),
  }))
  bind(
    app,
    startTopUp,
    async ({ params, body, actor, id, request }) => {
      const topUp = id('top')
      const returnUrl = `${ours(app, body.returnUrl)}/${topUp}`
      const { gateway, way, amount } = body
      const ask = { id: topUp, ...params, amount: sumOf(amount), by: actor.person, returnUrl }
      const how = { ...ask, ip: request.ip, ...(way && { way }) }
      return topUpView(await custody.startTopUp(books, walletOf(wallets, gateway), how))
    },
    mine,
  )
  bind(
    app,
    listTopUps,
    async ({ params, query: { key, ...query }, made }) => {
      if (key !== undefined) {
        const topUp = await outcome(custody.readTopUp(books, made('top', key)))
        return { rows: [topUpView(topUp)] }
      }
      return pageOf(
        query,
        ask => custody.listTopUps(books, { ...params, ...ask }),
        topUpView,
        row => row.id,
      )
    },
    mine,
  )
  bind(app, readTopUp, ({ params }) => topUpNow(books, params.topUp), ownTopUp(books))
}

function moneyBack(app: FastifyInstance, { books, wallets }: ApiOptions): void {
  const mine = ownPurse(books)
  bind(
    app,
    withdrawBalance,
    async ({ params, body, actor, id }) => {
      const ask = { id: id('wdr'), ...params, amount: sumOf(body.amount), by: actor.person }
      return withdrawalView(await custody.withdraw(books, wallets, ask))
    },
    mine,
  )
  bind(
    app,
    giveUpRefunds,
    async ({ params, actor, id }) =>
      withdrawalView(
        await custody.giveUp(books, wallets, { id: id('wdr'), ...params, by: actor.person }),
      ),
    mine,
  )
  for (const route of [outcomeOfWithdrawal, outcomeOfGivenUp])
    bind(
      app,
      route,
      async ({ query, made }) =>
        withdrawalView(await outcome(custody.readWithdrawal(books, made('wdr', query.key)))),
      mine,
    )
}

function walletOf(wallets: Wallets, gateway = wallets[0].gateway): Wallet {
  const found = wallets.find(wallet => wallet.gateway === gateway)
  if (!found) throw new Refusal<WalletRefused>('way_not_offered', { gateway })
  return found
}

/** The platform sends the browser back there: to a page of ours, or anybody could borrow our name. */
export function ours(app: FastifyInstance, url: string): string {
  const { origin, pathname } = URL.canParse(url) ? new URL(url) : { origin: '', pathname: '' }
  if (!app.house.origins.has(origin))
    throw new Refusal<Refused>('malformed', { pointer: '/returnUrl', rule: 'pattern' })
  return origin + pathname.replace(/\/+$/, '')
}
