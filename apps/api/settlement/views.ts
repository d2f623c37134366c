/** Settlement as it goes over the wire. */
import type { BreakView, RequestDetailsView, RequestView } from '@bursar/contract'
import { toWire } from '@bursar/money'
import {
  masked,
  type Break,
  type Evidence,
  type Listed,
  type RequestDetails,
} from '@bursar/settlement'

function requestView(request: Listed): RequestView {
  const { id, merchant, merchantName, amount, state, payee } = request
  const { requestedBy, requestedByName, requestedAt, reviewedBy, reviewedByName, reason } = request
  return {
    ...{ id, merchant, merchantName, amount: toWire(amount), state, payee },
    ...{ requestedBy, requestedByName, requestedAt: requestedAt.toISOString() },
    ...(reviewedBy && { reviewedBy }),
    ...(reviewedByName && { reviewedByName }),
    ...(reason && { reason }),
  }
}

/** In a list nobody pays: the whole number is beside the decision. */
export function listedView(request: Listed): RequestView {
  const { payee } = request
  return requestView({ ...request, payee: { ...payee, account: masked(payee.account) } })
}

export function detailsView(request: RequestDetails): RequestDetailsView {
  const { terms, steps, payout, breaks } = request
  return {
    ...requestView(request),
    terms,
    steps: steps.map(({ name, by, byName, at, reason }) => ({
      ...{ name, by, at: at.toISOString() },
      ...(byName && { byName }),
      ...(reason && { reason }),
    })),
    ...(payout && {
      payout: {
        ...{ id: payout.id, state: payout.state, sentAt: payout.sentAt.toISOString() },
        ...(payout.serial && { serial: payout.serial }),
        ...(payout.endedAt && { endedAt: payout.endedAt.toISOString() }),
      },
    }),
    breaks: breaks.map(whatDiffers),
  }
}

export function breakView(found: Break): BreakView {
  const { request, holder, merchant, merchantName, amount } = found
  const whose = { ...(request && { request }), ...(holder && { holder }), merchant, merchantName }
  return { ...whose, amount: toWire(amount), ...whatDiffers(found) }
}

function whatDiffers({ payout, residue, kind, said, saidAmount, serial, foundAt, endedAt }: Break) {
  return {
    ...(payout && { payout }),
    ...(residue && { residue }),
    ...{ kind, said, foundAt: foundAt.toISOString() },
    ...(saidAmount && { saidAmount: toWire(saidAmount) }),
    ...(serial && { serial }),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
  }
}

export function evidenceView({ rows, spends, refunds, next, ...sums }: Evidence) {
  const { opening, spent, refunded, other, total } = sums
  return {
    ...{ opening: toWire(opening), spent: toWire(spent), spends },
    ...{ refunded: toWire(refunded), refunds, other: toWire(other), total: toWire(total) },
    rows: rows.map(({ seq, at, event, subject, person, personName, change, sum }) => ({
      ...{ seq: String(seq), at: at.toISOString(), event },
      ...(subject && { subject }),
      ...(person && { person }),
      ...(personName && { personName }),
      ...{ change: toWire(change), sum: toWire(sum) },
    })),
    ...(next && { next }),
  }
}
