/** Paying: what a QR says, the spend, the one-time code, the receipt. */
import { issueCode, outcomeOfSpend, readScan, readSpend, spend } from '@bursar/contract'
import * as custody from '@bursar/custody'
import type { Books, PersonId } from '@bursar/kernel'
import { toWire } from '@bursar/money'
import type { FastifyInstance } from 'fastify'
import { bind, bindKeyed } from '../bind.ts'
import type { ApiOptions } from '../options.ts'
import { outcome } from '../outcomes.ts'
import { sumOf } from '../sums.ts'
import { ownPurse, partyToSpend } from './sees.ts'
import { receiptView } from './views.ts'

export function spendRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  const mine = ownPurse(books)
  const directory = custody.directoryOf(books)

  bind(app, readScan, ({ body, actor }) => scanned(books, body.text, actor.person))
  bind(
    app,
    spend,
    async ({ params, body, actor, id }) => {
      const ask = {
        id: id('spd'),
        ...params,
        ...body,
        amount: sumOf(body.amount),
        by: actor.person,
      }
      const receipt = await custody.spend(books, ask)
      return receiptView(receipt, await directory.merchant(receipt.merchant), [], actor.person)
    },
    mine,
  )
  bind(
    app,
    issueCode,
    async ({ params, actor, id }) => {
      // By the database's clock: that of this machine must not lengthen a code's life.
      const ask = { id: id('cod'), ...params, by: actor.person }
      const { code, expiresAt } = await custody.issueCode(books, ask)
      return { code, expiresAt: expiresAt.toISOString() }
    },
    mine,
  )
  const told = async (receipt: custody.Receipt, person?: PersonId) => {
    const standing = await directory.merchant(receipt.merchant)
    return receiptView(receipt, standing, await custody.refundsOf(books, receipt.id), person)
  }
  bindKeyed(
    app,
    readSpend,
    async ({ params, actor }) => told(await custody.readSpend(books, params.spend), actor?.person),
    partyToSpend(books),
  )
  bind(
    app,
    outcomeOfSpend,
    async ({ query, made, actor }) =>
      told(await outcome(custody.readSpend(books, made('spd', query.key))), actor.person),
    mine,
  )
}

/** The text of a QR, or the code under it typed by hand. The look-up says who is paid. */
async function scanned(books: Books, text: string, person: PersonId) {
  const typed = /^mcd_[0-9a-hjkmnp-tv-z]{26}$/.test(text.trim())
  const id = typed ? text.trim() : custody.decodeMerchantQr(text).merchantCode
  const code = await custody.readMerchantCode(books, id as custody.MerchantCodeId)
  const { name, outlets } = await custody.directoryOf(books).merchant(code.merchant)
  const [purse] = await custody.listPurses(books, person, code.merchant)
  const outletName = code.outlet && outlets[code.outlet]
  return {
    ...{ merchant: code.merchant, merchantName: name, merchantCode: code.id },
    ...(code.outlet && { outlet: code.outlet }),
    ...(outletName && { outletName }),
    ...(purse && { purse: purse.id }),
    ...(code.amount && { amount: toWire(code.amount) }),
  }
}
