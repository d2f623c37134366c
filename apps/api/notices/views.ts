/** Notices as they go over the wire. Null becomes absent; an instant becomes text; a sum becomes decimals. */
import type * as wire from '@bursar/contract'
import type { ReplyOf } from '@bursar/contract'
import { toWire, type Money } from '@bursar/money'
import type * as notices from '@bursar/notices'

/** What is null is not there. */
type Present<T> = { [K in keyof T]?: Exclude<T[K], null> }
const present = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as Present<T>
const at = (date: Date | null) => date && date.toISOString()
const sum = (money: Money | null) => money && toWire(money)

export const counterView = (counter: notices.CounterShown): wire.CounterView => {
  const { id, name, threshold, patience, lateSpoken, open, zone, openedAt, ...rest } = counter
  const { outlet, outletName, quiet, large, rehearse } = rest
  return {
    ...{ id, name, threshold, patience, lateSpoken, open, zone, openedAt: openedAt.toISOString() },
    ...present({ outlet, outletName, quiet, large: sum(large) }),
    rehearse: [...rehearse],
  }
}

export function noticeView(notice: notices.Notice): wire.NoticeView {
  const { id, kind, orders, amount, platform, counter, grade, state, weak, contradicted } = notice
  const { rehearsal, late, heard, payer, payee, way, outlet, checkedBy, checkedByName } = notice
  const { till, tillName } = notice
  return {
    ...{ id, kind, orders: [...orders], amount: toWire(amount), at: notice.at.toISOString() },
    ...{ platform, counter, grade, state, weak, contradicted, rehearsal, late, heard },
    heardAt: notice.heardAt.toISOString(),
    ...present({ till, tillName }),
    ...present({ payer, payee, way, outlet, checkedAt: at(notice.checkedAt), checkedByName }),
    ...(checkedBy?.startsWith('per_') && { checkedBy: checkedBy as `per_${string}` }),
  }
}

export function evidenceView(one: notices.EvidenceShown): wire.EvidenceView {
  const { id, source, grade, outcome, kind, orders, notice, payer, payee, way, platform } = one
  const { terminal, terminalName, text, outlet, till, tillName } = one
  return {
    ...{ id, source, grade, outcome, kind, orders: [...orders], at: one.at.toISOString() },
    heardAt: one.heardAt.toISOString(),
    ...present({ notice, payer, payee, way, platform, terminal, terminalName, text }),
    ...present({ outlet, till, tillName }),
    ...present({ amount: sum(one.amount), noticeAmount: sum(one.noticeAmount) }),
  }
}

export const wholeView = (one: notices.NoticeWhole): ReplyOf<typeof wire.readNotice> => ({
  ...noticeView(one),
  evidence: one.evidence.map(evidenceView),
  prompts: one.prompts.map(({ seq, amount, at: told, ...rest }) => ({
    ...rest,
    ...{ seq: String(seq), amount: toWire(amount), at: told.toISOString() },
  })),
})

export function promptView(prompt: notices.TerminalPrompt): wire.PromptView {
  const { seq, told, ways, amount, before, at: happened, orders, ...rest } = prompt
  return {
    ...{ ...rest, seq: String(seq), told: told.toISOString(), ways: [...ways] },
    ...(amount && { amount: toWire(amount) }),
    ...(before && { before: toWire(before) }),
    ...(happened && { at: happened.toISOString() }),
    ...(orders && { orders: [...orders] }),
  }
}

type LookedUp = ReplyOf<typeof wire.lookUpToday>['rows'][number]
export function lookUpView({ filtered, ...row }: notices.LookUp): LookedUp {
  return { ...cutView(row), filtered: filtered.map(filteredView) }
}

function filteredView({ heardAt, ...rest }: notices.LookUp['filtered'][number]) {
  return { ...cutView(rest), ...(heardAt && { heardAt: heardAt.toISOString() }) }
}

/** What is left of a receipt when the hidden is out of it. */
function cutView<T extends notices.Fields>(row: T) {
  const { amount, at: happened, orders, before: _, large: __, ...rest } = row
  return {
    ...rest,
    ...(amount && { amount: toWire(amount) }),
    ...(happened && { at: happened.toISOString() }),
    ...(orders && { orders: [...orders] }),
  }
}

export function permissionView(permission: notices.Permission): wire.Permission {
  const { fields, actions, from, to, outlets, tills, hours, until } = permission
  return {
    ...{ fields: [...fields], actions: [...actions] },
    ...present({ from: sum(from), to: sum(to), hours, until: at(until) }),
    ...(outlets && { outlets: [...outlets] }),
    ...(tills && { tills: [...tills] }),
  }
}

export function terminalView(terminal: notices.Terminal): wire.TerminalView {
  const { id, merchant, merchantName, kind, name, state, permission, ways, language } = terminal
  const { speaks, acked, authorisedAt, person, personName, zone, battery, program } = terminal
  return {
    ...{ id, merchant, merchantName, kind, name, state, permission: permissionView(permission) },
    ...{ ways: [...ways], language, speaks, acked: String(acked) },
    ...(terminal.hearsSms && { hearsSms: true }),
    authorisedAt: authorisedAt.toISOString(),
    ...present({ person, personName, zone, battery, seenAt: at(terminal.seenAt) }),
    ...present({ mutedUntil: at(terminal.mutedUntil), goneAt: at(terminal.goneAt), program }),
    ...present({ shownAt: at(terminal.shownAt) }),
  }
}

type Health = ReplyOf<typeof wire.readNoticeHealth>['rows'][number]
export const healthView = ({
  silent,
  behind,
  lastEvidenceAt,
  ...one
}: notices.TerminalHealth): Health => ({
  ...{ ...terminalView(one), silent, behind: Number(behind) },
  ...present({ lastEvidenceAt: at(lastEvidenceAt) }),
})

type Beaten = ReplyOf<typeof wire.sendHeartbeat>
export const silentView = ({ since, ...rest }: notices.Silent): Beaten['silent'][number] => ({
  ...rest,
  since: since.toISOString(),
})

type Rehearsal = NonNullable<ReplyOf<typeof wire.readNoticeHealth>['rehearsal']>
export const rehearsalView = (one: notices.LastRehearsal): Rehearsal => ({
  ...{ notice: one.notice, counterName: one.counterName, at: one.at.toISOString() },
  ...present({ due: at(one.due) }),
  echoes: one.echoes.map(({ backAt, ...rest }) => ({
    ...rest,
    ...present({ backAt: at(backAt) }),
  })),
})

type RefundRequest = ReplyOf<typeof wire.answerRefundRequest>
export function refundRequestView(one: notices.RefundRequest): RefundRequest {
  const { amount, askedAt, answeredAt, askedBy, answeredBy, answer, ...rest } = one
  return {
    ...{ ...rest, amount: toWire(amount), askedAt: askedAt.toISOString() },
    ...present({ askedBy, answeredBy, answer, answeredAt: at(answeredAt) }),
  }
}

type Night = ReplyOf<typeof wire.listNights>['rows'][number]
export function nightView(night: notices.NightShown): Night {
  const { day, counter, counterName, currency, differences, madeAt } = night
  const total = (count: number, minor: bigint) => ({ count, sum: toWire({ minor, currency }) })
  return {
    ...{ day, counter, counterName, differences, madeAt: madeAt.toISOString() },
    announced: total(night.announced, night.announcedSum),
    money: total(night.came, night.cameSum),
  }
}

type Difference = ReplyOf<typeof wire.listDifferences>['rows'][number]
export function differenceView(one: notices.DifferenceShown): Difference {
  const { day, counter, why, kind, platform, order, notice, announced, came, currency } = one
  const said = (minor: bigint | null) => (minor === null ? null : toWire({ minor, currency }))
  return {
    ...{ day, counter, why, kind, platform },
    ...present({ order, notice, announced: said(announced), money: said(came) }),
  }
}
