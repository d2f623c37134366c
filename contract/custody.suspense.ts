/** The suspense desk on the wire: money whose owner is not established, and what two people decide about it. */
import { Type, type Static } from 'typebox'
import { desk } from './custody.ts'
import { SuspenseReason } from './custody.topUps.ts'
import { route } from './route.ts'
import { Closed, IdOf, Instant, Money, PageOf, paging, Text } from './words.ts'

const Pool = IdOf('pol')
const Purse = IdOf('pur')
const Person = IdOf('per')
const SuspenseId = IdOf('sus')
const ProposalId = IdOf('pro')

export const SuspenseState = Type.Enum([
  'unclaimed',
  'proposed',
  'assigned',
  'returning',
  'returned',
])
const row = {
  id: SuspenseId,
  at: Instant,
  amount: Money,
  reason: SuspenseReason,
  state: SuspenseState,
  pool: Pool,
  poolName: Type.String(),
  gateway: Type.String(),
  about: Type.String(),
  tradeNo: Type.String(),
  payerName: Type.Optional(Type.String()),
  payerAccount: Type.Optional(Type.String()),
}
export const SuspenseView = Closed(row)
export type SuspenseView = Static<typeof SuspenseView>

const ProposalView = Closed({
  id: ProposalId,
  kind: Type.Enum(['assign', 'return']),
  state: Type.Enum(['proposed', 'confirmed', 'rejected']),
  reason: Type.String(),
  /** Whose it is to be. */
  purse: Type.Optional(Purse),
  personName: Type.Optional(Type.String()),
  merchantName: Type.Optional(Type.String()),
  proposedBy: Person,
  steps: Type.Array(
    Closed({
      name: Type.Enum(['propose', 'confirm', 'reject']),
      by: Person,
      byName: Type.Optional(Type.String()),
      at: Instant,
      reason: Type.Optional(Type.String()),
    }),
  ),
})
export const SuspenseDetailsView = Closed({
  ...row,
  notice: Type.Optional(
    Closed({
      at: Instant,
      text: Type.String({ description: 'what told us of it, word for word, 4,000 characters' }),
    }),
  ),
  order: Type.Optional(
    Closed({
      purse: Purse,
      personName: Type.Optional(Type.String()),
      merchantName: Type.String(),
      amount: Money,
      state: Type.Enum(['waiting', 'credited', 'closed', 'expired']),
    }),
  ),
  proposals: Type.Array(ProposalView),
})
export type SuspenseDetailsView = Static<typeof SuspenseDetailsView>

const ofSuspense = Closed({ suspense: SuspenseId })
const ofProposal = Closed({ suspense: SuspenseId, proposal: ProposalId })

export const listSuspense = route({
  method: 'GET',
  path: '/v1/custody/suspense',
  summary:
    'Money whose owner is not established, with the reason, newest first; what nobody has decided (`open`) oldest first',
  by: desk,
  on: 'institution',
  exports: true,
  query: Closed({
    ...paging,
    pool: Type.Optional(Pool),
    state: Type.Optional(
      Type.Enum(['open', 'unclaimed', 'proposed', 'assigned', 'returning', 'returned']),
    ),
    reason: Type.Optional(SuspenseReason),
  }),
  reply: PageOf(SuspenseView),
})
export const readSuspense = route({
  method: 'GET',
  path: '/v1/custody/suspense/:suspense',
  summary: 'Money in suspense: what told us of it, and what was proposed and decided',
  by: desk,
  on: 'either',
  params: ofSuspense,
  reply: SuspenseDetailsView,
})
export const findPurses = route({
  method: 'GET',
  path: '/v1/custody/suspense/:suspense/purses',
  summary:
    'Purses of the same pool that the money may belong to, by the member, the merchant or the id',
  by: ['reviewer'],
  on: 'either',
  params: ofSuspense,
  query: Closed({ q: Text(100) }),
  reply: PageOf(
    Closed({
      purse: Purse,
      personName: Type.Optional(Type.String()),
      merchantName: Type.String(),
    }),
  ),
})
export const proposeAssignment = route({
  method: 'POST',
  path: '/v1/custody/suspense/:suspense/assignments',
  summary: 'Propose whose it is; the money moves when somebody else confirms',
  by: ['reviewer'],
  on: 'either',
  money: true,
  status: 201,
  params: ofSuspense,
  body: Closed({ purse: Purse, reason: Text(500) }),
  reply: SuspenseDetailsView,
})
export const proposeReturn = route({
  method: 'POST',
  path: '/v1/custody/suspense/:suspense/returns',
  summary:
    'Propose that it goes back by the way it came; the money moves when somebody else confirms',
  by: ['reviewer'],
  on: 'either',
  money: true,
  status: 201,
  params: ofSuspense,
  body: Closed({ reason: Text(500) }),
  reply: SuspenseDetailsView,
})
export const confirmProposal = route({
  method: 'POST',
  path: '/v1/custody/suspense/:suspense/proposals/:proposal/confirm',
  summary: 'Agree to what somebody else has proposed: the money moves',
  by: ['reviewer'],
  on: 'either',
  money: true,
  params: ofProposal,
  reply: SuspenseDetailsView,
})
export const rejectProposal = route({
  method: 'POST',
  path: '/v1/custody/suspense/:suspense/proposals/:proposal/reject',
  summary: 'Turn a proposal down, with the reason: the money is open again',
  by: ['reviewer'],
  on: 'either',
  params: ofProposal,
  body: Closed({ reason: Text(500) }),
  reply: SuspenseDetailsView,
})
