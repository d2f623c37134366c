/** Shifts and final days on the wire: who answers for an outlet, what they counted, and the Z reports. */
import { Type, type Static } from 'typebox'
import { readDay } from './cashier.desk.ts'
import { Sum, till, TillId } from './custody.ts'
import { route } from './route.ts'
import { Closed, Day, IdOf, Instant, Money, PageOf, paging, Text } from './words.ts'

const Merchant = IdOf('mer')
const Outlet = IdOf('out')
const Person = IdOf('per')
const ShiftId = IdOf('shf')
const atOutlet = Closed({ merchant: Merchant, outlet: Outlet })
const ofShift = Closed({ merchant: Merchant, shift: ShiftId })
const Means = Type.String({
  pattern: '^[a-z][a-z0-9-]{0,39}$',
  description: '`balance`, or a platform',
})

export const ShiftView = Closed({
  id: ShiftId,
  number: Type.Integer({ description: 'of its outlet, without a gap' }),
  outlet: Outlet,
  outletName: Type.String(),
  /** At which what is checked out meanwhile is taken. */
  till: Type.Optional(TillId),
  tillName: Type.Optional(Type.String()),
  person: Person,
  personName: Type.String(),
  state: Type.Enum(['open', 'offered', 'closed']),
  openedAt: Instant,
  offeredTo: Type.Optional(Person),
  offeredToName: Type.Optional(Type.String()),
  countedAt: Type.Optional(Instant),
  endedAt: Type.Optional(Instant),
  note: Type.Optional(Type.String()),
  /** What was declared before `found` was shown; empty while the shift is open. */
  counts: Type.Array(Closed({ means: Means, declared: Money, found: Money })),
  /** Tabs that were open when it was counted. */
  tabs: Type.Optional(Closed({ count: Type.Integer(), held: Money })),
})
export type ShiftView = Static<typeof ShiftView>

export const listShifts = route({
  method: 'GET',
  path: '/v1/cashier/merchants/:merchant/outlets/:outlet/shifts',
  summary: 'An outlet’s shifts, newest first. What was taken is told of those that were counted',
  by: till,
  on: 'merchant',
  exports: true,
  params: atOutlet,
  query: Closed({
    limit: paging.limit,
    cursor: Type.Optional(ShiftId),
  }),
  reply: PageOf(ShiftView),
})
export const openShift = route({
  method: 'POST',
  path: '/v1/cashier/merchants/:merchant/outlets/:outlet/shifts',
  summary: 'The caller answers for the outlet from now on; nobody else does at the same time',
  by: till,
  on: 'merchant',
  status: 201,
  params: atOutlet,
  body: Closed({ till: Type.Optional(TillId) }),
  reply: ShiftView,
})
export const readShift = route({
  method: 'GET',
  path: '/v1/cashier/merchants/:merchant/shifts/:shift',
  summary: 'One shift; what was taken in it is told once it is counted',
  by: till,
  on: 'merchant',
  params: ofShift,
  reply: ShiftView,
})
const counted = {
  counts: Type.Array(Closed({ means: Means, amount: Sum }), { maxItems: 20 }),
  note: Type.Optional(Text(500)),
}
const step = <B extends Parameters<typeof Closed>[0]>(name: string, summary: string, body: B) =>
  route({
    method: 'POST',
    path: `/v1/cashier/merchants/:merchant/shifts/:shift/${name}`,
    summary,
    by: till,
    on: 'merchant',
    params: ofShift,
    body: Closed(body),
    reply: ShiftView,
  })
export const closeShift = step(
  'close',
  'Count blind and end it: what is left out is declared as nothing. Its own person, or an owner',
  counted,
)
export const handOverShift = step(
  'hand-over',
  'Count blind and offer it to a colleague, who has it with all open tabs once they accept',
  { ...counted, to: Person },
)
export const acceptShift = step('accept', 'Take over what was offered: answers the new shift', {})
export const takeShiftBack = step('take-back', 'Take back an offer that nobody has accepted', {})

export const ZReportView = Closed({
  outlet: Outlet,
  number: Type.Integer(),
  day: Day,
  madeBy: Person,
  madeByName: Type.String(),
  madeAt: Instant,
  report: readDay.reply,
  shifts: Type.Array(ShiftView),
})
export type ZReportView = Static<typeof ZReportView>
export const listZReports = route({
  method: 'GET',
  path: '/v1/cashier/merchants/:merchant/outlets/:outlet/z-reports',
  summary: 'An outlet’s final days, newest first',
  by: till,
  on: 'merchant',
  params: atOutlet,
  query: Closed({
    limit: paging.limit,
    cursor: Type.Optional(Type.String({ pattern: '^\\d{1,9}$' })),
  }),
  reply: PageOf(ZReportView),
})
export const readZReport = route({
  method: 'GET',
  path: '/v1/cashier/merchants/:merchant/outlets/:outlet/z-reports/:number',
  summary: 'A final day, as it stood when it was made final',
  by: till,
  on: 'merchant',
  params: Closed({
    merchant: Merchant,
    outlet: Outlet,
    number: Type.String({ pattern: '^\\d{1,9}$' }),
  }),
  reply: ZReportView,
})
export const makeZReport = route({
  method: 'POST',
  path: '/v1/cashier/merchants/:merchant/outlets/:outlet/z-reports',
  summary:
    'Make a business day that has ended final: once, in order, with the next number. Tabs may be open, shifts may not',
  by: till,
  on: 'merchant',
  status: 201,
  params: atOutlet,
  body: Closed({ day: Day }),
  reply: ZReportView,
})
