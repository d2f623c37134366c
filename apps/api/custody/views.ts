/** Custody as it goes over the wire. Null becomes absent; an instant becomes text; a sum becomes decimals. */
import type * as wire from '@bursar/contract'
import type { ReplyOf } from '@bursar/contract'
import type * as custody from '@bursar/custody'
import type { PersonId } from '@bursar/kernel'
import { toWire } from '@bursar/money'

type Receipt = ReplyOf<typeof wire.readSpend>
type SpendRow = ReplyOf<typeof wire.listSpends>['rows'][number]

export const purseView = (purse: custody.Purse): ReplyOf<typeof wire.readPurse> => {
  const { id, merchant, merchantName, trade, scope, lapsed } = purse
  const { openedAt, available, held, ceiling } = purse
  const sums = { available: toWire(available), held: toWire(held), ceiling: toWire(ceiling) }
  return {
    ...{ id, merchant, merchantName, trade, scope, openedAt: openedAt.toISOString(), ...sums },
    ...(lapsed && { lapsed }),
  }
}

export const scopeView = ({
  scope,
  issuer,
  by,
  at,
}: custody.ScopeOf): ReplyOf<typeof wire.readScope> => ({
  scope,
  ...(issuer && { issuer }),
  ...(by && { by }),
  ...(at && { at: at.toISOString() }),
})

export const topUpView = (topUp: custody.TopUp): ReplyOf<typeof wire.startTopUp> => {
  const { id, purse, merchant, state, gateway, offer, createdAt, expiresAt, endedAt } = topUp
  return {
    ...{ id, purse, merchant, state, gateway },
    amount: toWire(topUp.amount),
    returned: toWire(topUp.returned),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ...(offer && 'url' in offer && { payUrl: offer.url }),
    ...(offer?.way === 'qr' && { qr: offer.text }),
    ...(offer?.way === 'app' && { appOrder: offer.text }),
    ...(offer?.way === 'inside' && { call: offer.call }),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
  }
}

export const topUpDetailsView = (
  topUp: custody.TopUp,
  astray: custody.Astray | undefined,
): ReplyOf<typeof wire.readTopUp> => ({
  ...topUpView(topUp),
  ...(astray && { astray: { ...astray, amount: toWire(astray.amount) } }),
})

/** Which outlet, and which of its tills, by their names. */
function placeView(
  { outlet, till }: Pick<custody.Spend, 'outlet' | 'till'>,
  { outlets, tills }: custody.Standing,
) {
  const [outletName, tillName] = [outlet && outlets[outlet], till && tills[till]?.name]
  return {
    ...(outlet && { outlet }),
    ...(outletName && { outletName }),
    ...(till && { till }),
    ...(tillName && { tillName }),
  }
}

export function spendView(spend: custody.Spend, standing: custody.Standing): SpendRow {
  const { id, state, initiator, merchant, person, personName, purse } = spend
  const { note, merchantCode, by, at, expiresAt, answeredAt } = spend
  return {
    ...{ id, state, initiator, merchant, merchantName: standing.name, person, purse, by },
    amount: toWire(spend.amount),
    refunded: toWire(spend.refunded),
    at: at.toISOString(),
    ...placeView(spend, standing),
    ...(personName && { personName }),
    ...(note && { note }),
    ...(merchantCode && { merchantCode }),
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    ...(answeredAt && { answeredAt: answeredAt.toISOString() }),
  }
}

export const refundView = (refund: custody.Refund): ReplyOf<typeof wire.refundSpend> => {
  const { id, spend, ordinal, amount, reason, by, at } = refund
  return { id, spend, ordinal, amount: toWire(amount), reason, by, at: at.toISOString() }
}

/** What is left in the purse is told to its owner alone. */
export function receiptView(
  receipt: custody.Receipt,
  standing: custody.Standing,
  refunds: readonly custody.Refund[],
  person: PersonId | undefined,
): Receipt {
  const { balance, seq, hash } = receipt
  return {
    ...spendView(receipt, standing),
    seq: String(seq),
    ...(receipt.person === person && { balance: toWire(balance) }),
    ...(hash && { hash }),
    refunds: refunds.map(refundView),
  }
}

export const withdrawalView = (
  withdrawal: custody.Withdrawal,
): ReplyOf<typeof wire.withdrawBalance> => ({
  id: withdrawal.id,
  amount: toWire(withdrawal.amount),
  state: withdrawal.state,
  at: withdrawal.at.toISOString(),
  parts: withdrawal.parts.map(({ topUp, amount, state, reason }) => ({
    ...{ amount: toWire(amount), state },
    ...(topUp && { topUp }),
    ...(reason && { reason }),
  })),
})

type Telling = Readonly<{ sign?: bigint; names?: ReadonlyMap<string, string> | undefined }>
/** The lines of a statement, with where each was spent, if that is said. An asset account is shown turned round, as in the equation. */
export function linesView(
  { lines, next, archived }: custody.StatementPage,
  currency: string,
  { sign = 1n, names }: Telling,
): ReplyOf<typeof wire.purseStatement> {
  const sum = (minor: bigint) => toWire({ minor: minor * sign, currency })
  const rows = lines.map(({ entry, change, after }) => ({
    seq: String(entry.seq),
    at: entry.at.toISOString(),
    event: entry.event,
    kind: entry.kind,
    ...(entry.subject !== null && { subject: entry.subject }),
    ...nameOf(entry.subject && names?.get(entry.subject)),
    amount: sum(change),
    balance: sum(after.posted),
  }))
  const before = archived && {
    entries: String(archived.entries),
    before: archived.before.toISOString(),
  }
  return {
    rows,
    ...(next !== undefined && { next: String(next) }),
    ...(before && { archived: before }),
  }
}

const nameOf = (merchantName: string | null | undefined) => (merchantName ? { merchantName } : {})

export function merchantCodeView(
  code: custody.MerchantCode,
  standing: custody.Standing,
  text: string,
): ReplyOf<typeof wire.createMerchantCode> {
  const { id, merchant, kind, amount, label, createdAt, closedAt, paid } = code
  return {
    ...{ id, merchant, kind, text, createdAt: createdAt.toISOString(), paid },
    ...placeView(code, standing),
    ...(amount && { amount: toWire(amount) }),
    ...(label && { label }),
    ...(closedAt && { closedAt: closedAt.toISOString() }),
  }
}
