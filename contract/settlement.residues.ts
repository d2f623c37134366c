/** Residues on the wire: what a platform refused to take back, to the guest's own account at a bank. */
import { Type, type Static } from 'typebox'
import { days, Sum } from './custody.ts'
import { route } from './route.ts'
import { Closed, IdOf, Instant, Money, Name, PageOf, paging, Text } from './words.ts'

const ofPurse = Closed({ purse: IdOf('pur') })
const ofResidue = Closed({ residue: IdOf('rsd') })
const ownResidue = Closed({ purse: IdOf('pur'), residue: IdOf('rsd') })
const official = ['admin', 'reviewer', 'custodian', 'supervisor'] as const
const State = Type.Enum([
  'submitted',
  'withdrawn',
  'rejected',
  'sending',
  'accepted',
  'closing',
  'unbooked',
  'paid',
  'returning',
  'bounced',
])
export const ResidueView = Closed({
  id: IdOf('rsd'),
  purse: IdOf('pur'),
  part: IdOf('wdp'),
  merchant: IdOf('mer'),
  merchantName: Type.String(),
  amount: Money,
  state: State,
  at: Instant,
  endedAt: Type.Optional(Instant),
  gateway: Type.String({ description: 'the platform that refused it' }),
  /** Why the platform refused it, in the reader’s language. */
  why: Type.String(),
  bank: Type.String(),
  account: Type.String({ description: 'its last four digits' }),
  holder: Type.String(),
  /** Why it was rejected, or why it came back. */
  reason: Type.Optional(Type.String()),
  differs: Type.Optional(
    Type.Enum(['wrong_amount', 'wrong_state'], {
      description: 'what the bank says that the books do not; until they agree, nothing is sent',
    }),
  ),
  steps: Type.Array(
    Closed({
      name: Type.Enum(['submit', 'withdraw', 'approve', 'reject', 'pay', 'bounce']),
      by: Type.String({ description: 'a person, or the bank’s gateway' }),
      byName: Type.Optional(Type.String()),
      at: Instant,
      reason: Type.Optional(Type.String()),
    }),
  ),
})
export type ResidueView = Static<typeof ResidueView>

export const RefusedView = Closed({
  part: IdOf('wdp'),
  gateway: Type.String({ description: 'the platform that refused it' }),
  /** Why, in the reader’s language. */
  why: Type.String(),
  at: Instant,
  amount: Money,
  /** How much of it can still be asked to a bank account. */
  left: Money,
})
export type RefusedView = Static<typeof RefusedView>

export const listRefused = route({
  method: 'GET',
  path: '/v1/settlement/purses/:purse/refused',
  summary:
    'What platforms refused to take back of a purse, and has not gone back since: at most 200, newest first',
  by: ['consumer'],
  on: 'purse',
  params: ofPurse,
  reply: PageOf(RefusedView),
})
export const askResidue = route({
  method: 'POST',
  path: '/v1/settlement/purses/:purse/residues',
  summary:
    'Have what a platform refused to take back paid to an own account at a bank: set aside until somebody else has decided',
  by: ['consumer'],
  on: 'purse',
  money: true,
  status: 201,
  params: ofPurse,
  body: Closed({
    part: IdOf('wdp'),
    amount: Sum,
    bank: Text(80),
    account: Type.String({
      pattern: '^[0-9](?:[ -]?[0-9]){7,33}$',
      description: '8 to 34 digits; blanks and hyphens between them are left out',
    }),
    holder: Name(80),
  }),
  reply: ResidueView,
})
export const listOwnResidues = route({
  method: 'GET',
  path: '/v1/settlement/purses/:purse/residues',
  summary: 'What of a purse goes to a bank account, newest first',
  by: ['consumer'],
  on: 'purse',
  params: ofPurse,
  query: Closed({ limit: paging.limit, cursor: paging.cursor }),
  reply: PageOf(ResidueView),
})
export const withdrawResidue = route({
  method: 'POST',
  path: '/v1/settlement/purses/:purse/residues/:residue/withdraw',
  summary: 'Take it back while nobody has decided: the money is the purse’s again',
  by: ['consumer'],
  on: 'purse',
  params: ownResidue,
  body: Closed({}),
  reply: ResidueView,
})
export const listResidues = route({
  method: 'GET',
  path: '/v1/settlement/residues',
  summary:
    'What goes to guests’ own bank accounts, newest first; what waits (`submitted`), oldest first; `q` searches numbers, holder, bank and merchant',
  by: ['admin', 'reviewer'],
  on: 'institution',
  exports: true,
  query: Closed({
    ...paging,
    ...days,
    state: Type.Optional(State),
    differs: Type.Optional(
      Type.Literal('yes', { description: 'only where the bank and the books differ' }),
    ),
  }),
  reply: PageOf(ResidueView),
})
export const readResidue = route({
  method: 'GET',
  path: '/v1/settlement/residues/:residue',
  summary: 'One of them, with who took which step',
  by: official,
  on: 'institution',
  params: ofResidue,
  reply: ResidueView,
})
export const approveResidue = route({
  method: 'POST',
  path: '/v1/settlement/residues/:residue/approve',
  summary: 'Agree to it: the bank pays it',
  by: ['reviewer'],
  on: 'institution',
  params: ofResidue,
  body: Closed({}),
  reply: ResidueView,
})
export const rejectResidue = route({
  method: 'POST',
  path: '/v1/settlement/residues/:residue/reject',
  summary: 'Turn it down, with the reason: the money is the purse’s again',
  by: ['reviewer'],
  on: 'institution',
  params: ofResidue,
  body: Closed({ reason: Text(500) }),
  reply: ResidueView,
})
