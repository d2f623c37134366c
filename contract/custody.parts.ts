/** Refunds to payers' own accounts on the wire, part by part: what a platform keeps, or has not answered for long. */
import { Type, type Static } from 'typebox'
import { days, desk, withdrawBalance } from './custody.ts'
import { outcomeOf, route, type Role } from './route.ts'
import { Closed, IdOf, Instant, Money, PageOf, paging } from './words.ts'

export const PartId = IdOf('wdp')
const State = Type.Enum(['sending', 'stuck', 'confirmed', 'done', 'returned'])
export const PartView = Closed({
  id: PartId,
  withdrawal: IdOf('wdr'),
  at: Instant,
  amount: Money,
  state: State,
  /** The platform’s own word for why not, and the same in the reader’s language. */
  reason: Type.Optional(Type.String()),
  why: Type.Optional(Type.String()),
  gateway: Type.String(),
  order: Type.String({ description: 'the platform’s order that is paid back' }),
  merchant: Type.Optional(IdOf('mer')),
  merchantName: Type.Optional(Type.String()),
  personName: Type.Optional(Type.String()),
  pool: IdOf('pol'),
  poolName: Type.String(),
  tries: Type.Integer(),
  triedAt: Type.Optional(Instant),
  endedAt: Type.Optional(Instant),
  /** Where the money stands if it could go neither to its payer nor back into the purse: two people decide there. */
  suspense: Type.Optional(IdOf('sus')),
})
export type PartView = Static<typeof PartView>

const query = Closed({
  ...paging,
  ...days,
  state: Type.Optional(
    Type.Enum(['open', 'sending', 'stuck', 'confirmed', 'done', 'returned'], {
      description: 'open: stuck, or without an end for ten minutes',
    }),
  ),
  gateway: Type.Optional(Type.String({ maxLength: 40 })),
})
export const listParts = route({
  method: 'GET',
  path: '/v1/custody/parts',
  summary:
    'Refunds to payers’ own accounts, newest first; what has no end (`open`) oldest first; `q` searches numbers, payer and merchant',
  by: desk,
  on: 'institution',
  exports: true,
  query,
  reply: PageOf(PartView),
})
export const listMerchantParts = route({
  method: 'GET',
  path: '/v1/custody/merchants/:merchant/parts',
  summary: 'Refunds to its members’ own accounts, as `GET /v1/custody/parts`; not for its staff',
  by: ['owner', 'supervisor'],
  on: 'merchant',
  exports: true,
  params: Closed({ merchant: IdOf('mer') }),
  query,
  reply: PageOf(PartView),
})
const askers: readonly Role[] = ['owner', 'reviewer']
export const askPartAgain = route({
  method: 'POST',
  path: '/v1/custody/parts/:part/ask',
  summary:
    'Ask the platform again at once, under the same number, which it pays once; its answer is booked',
  by: askers,
  on: 'either',
  params: Closed({ part: PartId }),
  body: Closed({}),
  reply: PartView,
})

export const giveUpRefunds = route({
  method: 'POST',
  path: '/v1/custody/purses/:purse/given-up',
  summary:
    'What no platform pays back any more, too old or too often, becomes refused: it can go to my own bank account',
  by: ['consumer'],
  on: 'purse',
  money: true,
  status: 201,
  params: Closed({ purse: IdOf('pur') }),
  reply: withdrawBalance.reply,
})
export const outcomeOfGivenUp = outcomeOf(giveUpRefunds)
