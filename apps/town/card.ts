/**
 * The operator's own card, good at every shop of the pool: its licence, entered by one and approved by another; the
 * issuer, applied for by one of its people and decided by another; and what the first face has on it.
 */
import { admitMerchant, join, receiveNotice, startTopUp, widenScope } from '@bursar/custody'
import { dayOf, idFor, type Books } from '@bursar/kernel'
import * as parties from '@bursar/parties'
import { admin, memberIdOf, operatorId, poolId, reviewers } from './founding.ts'
import type { TownWallet } from './outside.ts'

const merchant = idFor('mer', 'town', 'merchant', 'card')
const name = '锦城一卡通'
const amount = { minor: 20_000n, currency: 'CNY' }

/** Asked again it changes nothing: the ids are the names. */
export async function issueCard(books: Books, wallet: TownWallet, at: Date): Promise<void> {
  await license(books, at)
  await parties.applyMerchant(books, {
    ...{
      id: merchant,
      by: reviewers[1],
      name,
      trade: 'onecard',
      address: '锦城市人民南路 1 号',
      at,
    },
    ...{ licence: '91510100MA69000001', representative: '蒋楠' },
    payee: { bank: '锦城银行', account: '6228480013999000001', name },
  })
  const { state } = await parties.merchantOf(books, merchant)
  const [by] = reviewers
  if (state === 'applicant')
    await parties.decideMerchant(books, { merchant, by, step: 'approve', at })
  await admitMerchant(books, { merchant, pool: poolId })
  await widenScope(books, { merchant, by: admin, at })
  await topUp(books, wallet, at)
}

async function license(books: Books, at: Date): Promise<void> {
  const licence = idFor('lic', 'town', 'licence', 'card')
  const year = Number(dayOf(at).slice(0, 4))
  await parties.enterLicence(books, {
    ...{ id: licence, operator: operatorId, by: admin, kind: 'stored_value_account', paper: null },
    number: 'Z2033133000019',
    ...{ validFrom: `${year - 2}-01-01`, validTo: `${year + 2}-12-31` },
  })
  await parties.decideLicence(books, { licence, step: 'approve', by: reviewers[0] })
}

async function topUp(books: Books, wallet: TownWallet, at: Date): Promise<void> {
  const by = memberIdOf(0)
  const { id: purse } = await join(books, { person: by, merchant, at })
  const id = idFor('top', 'town', 'card', 'first')
  await startTopUp(books, wallet, {
    id,
    purse,
    amount,
    by,
    returnUrl: 'https://bursar.example',
    at,
  })
  await receiveNotice(
    books,
    wallet,
    wallet.paid({ order: id, ...amount, payer: by, subject: name }),
  )
}
