/** Merchants on the wire: in by application, decided by somebody else, staffed by their owner. */
import { Type, type Static } from 'typebox'
import { Login, Seated } from './parties.ts'
import { route } from './route.ts'
import { Closed, IdOf, Instant, Name, PageOf, paging, Text } from './words.ts'

const officers = ['admin', 'reviewer', 'custodian', 'supervisor'] as const
const ofMerchant = Closed({ merchant: IdOf('mer') })

export const Trade = Type.Union([
  Type.Literal('hair'),
  Type.Literal('fitness'),
  Type.Literal('bathhouse'),
  Type.Literal('teahouse'),
  Type.Literal('netcafe'),
  Type.Literal('carwash'),
  Type.Literal('tutoring'),
  Type.Literal('laundry'),
  Type.Literal('nursery'),
  Type.Literal('restaurant'),
  Type.Literal('onecard'),
])

export const MerchantState = Type.Union([
  Type.Literal('applicant'),
  Type.Literal('active'),
  Type.Literal('suspended'),
  Type.Literal('closed'),
  Type.Literal('rejected'),
])

export const Payee = Closed({ bank: Text(80), account: Text(40), name: Name(80) })

/** What everybody may know of a merchant; what its own people and the institutions see is optional. */
export const Merchant = Closed({
  id: IdOf('mer'),
  name: Type.String(),
  trade: Trade,
  address: Type.String(),
  state: MerchantState,
  confirmsSpends: Type.Boolean(),
  licence: Type.Optional(Type.String()),
  representative: Type.Optional(Type.String()),
  payee: Type.Optional(Payee),
  appliedBy: Type.Optional(IdOf('per')),
  appliedAt: Type.Optional(Instant),
})
export type Merchant = Static<typeof Merchant>

/** With the steps it took, for those who may know them. */
export const MerchantHistory = Closed({
  merchant: Merchant,
  steps: Type.Array(
    Closed({
      name: Type.String(),
      state: MerchantState,
      takenBy: IdOf('per'),
      takenAt: Instant,
      reason: Type.Optional(Type.String()),
    }),
  ),
})
export type MerchantHistory = Static<typeof MerchantHistory>

/** A point of an outlet at which money is taken. Closed, it takes no more. */
export const Till = Closed({
  id: IdOf('til'),
  outlet: IdOf('out'),
  name: Type.String(),
  openedAt: Instant,
  closedAt: Type.Optional(Instant),
  /** What it was called before, until when, and who called it otherwise. */
  formerly: Type.Optional(
    Type.Array(Closed({ name: Type.String(), until: Instant, by: Type.String() })),
  ),
})
export type Till = Static<typeof Till>
export const Outlet = Closed({
  id: IdOf('out'),
  merchant: IdOf('mer'),
  name: Type.String(),
  address: Type.String(),
  zone: Type.String(),
  openedAt: Instant,
  tills: Type.Array(Till),
})
export type Outlet = Static<typeof Outlet>

export const applyMerchant = route({
  method: 'POST',
  path: '/v1/parties/merchants',
  summary: 'Apply for a merchant; the applicant becomes its owner',
  by: ['consumer'],
  on: 'self',
  status: 201,
  body: Closed({
    name: Name(80),
    trade: Trade,
    licence: Text(40),
    representative: Name(80),
    address: Text(200),
    payee: Payee,
  }),
  reply: Merchant,
})

export const listMerchants = route({
  method: 'GET',
  path: '/v1/parties/merchants',
  summary: 'The directory: consumers see the merchants that are open, institutions see all',
  by: ['consumer'],
  on: 'nobody',
  exports: true,
  query: Closed({ ...paging, trade: Type.Optional(Trade), state: Type.Optional(MerchantState) }),
  reply: PageOf(Merchant),
})

export const readMerchant = route({
  method: 'GET',
  path: '/v1/parties/merchants/:merchant',
  summary: 'A merchant; with its steps, for its own people and for institutions',
  by: ['consumer'],
  on: 'nobody',
  params: ofMerchant,
  reply: MerchantHistory,
})

export const decideMerchant = route({
  method: 'POST',
  path: '/v1/parties/merchants/:merchant/:step',
  summary: 'Approve, reject, suspend, resume or close a merchant; never one’s own',
  by: ['admin', 'reviewer'],
  on: 'institution',
  params: Closed({
    merchant: IdOf('mer'),
    step: Type.Union([
      Type.Literal('approve'),
      Type.Literal('reject'),
      Type.Literal('suspend'),
      Type.Literal('resume'),
      Type.Literal('close'),
    ]),
  }),
  body: Closed({ reason: Type.Optional(Text(500, 0)) }),
  reply: Merchant,
})

export const changeMerchant = route({
  method: 'PATCH',
  path: '/v1/parties/merchants/:merchant',
  summary: 'Settings that an owner may change alone',
  by: ['owner'],
  on: 'merchant',
  params: ofMerchant,
  body: Closed({
    confirmsSpends: Type.Optional(Type.Boolean()),
    address: Type.Optional(Text(200)),
  }),
  reply: Merchant,
})

export const addOutlet = route({
  method: 'POST',
  path: '/v1/parties/merchants/:merchant/outlets',
  summary: 'Open an outlet',
  by: ['owner'],
  on: 'merchant',
  status: 201,
  params: ofMerchant,
  body: Closed({ name: Name(80), address: Text(200) }),
  reply: Outlet,
})

export const listOutlets = route({
  method: 'GET',
  path: '/v1/parties/merchants/:merchant/outlets',
  summary: 'A merchant’s outlets',
  by: ['owner', 'staff', ...officers],
  on: 'merchant',
  params: ofMerchant,
  reply: PageOf(Outlet),
})

export const addTill = route({
  method: 'POST',
  path: '/v1/parties/merchants/:merchant/outlets/:outlet/tills',
  summary: 'Put up a till in an outlet: receipts say at which they came in',
  by: ['owner'],
  on: 'merchant',
  status: 201,
  params: Closed({ merchant: IdOf('mer'), outlet: IdOf('out') }),
  body: Closed({ name: Name(40) }),
  reply: Till,
})
export const renameTill = route({
  method: 'PATCH',
  path: '/v1/parties/merchants/:merchant/tills/:till',
  summary:
    'Call a till otherwise: it is the same till, for what came in there, for its QR and for who is limited to it',
  by: ['owner'],
  on: 'merchant',
  params: Closed({ merchant: IdOf('mer'), till: IdOf('til') }),
  body: Closed({ name: Name(40) }),
  reply: Till,
})
export const closeTill = route({
  method: 'POST',
  path: '/v1/parties/merchants/:merchant/tills/:till/close',
  summary: 'Close a till: it takes no more, and what came in there still says so',
  by: ['owner'],
  on: 'merchant',
  params: Closed({ merchant: IdOf('mer'), till: IdOf('til') }),
  reply: Till,
})

export const addStaff = route({
  method: 'POST',
  path: '/v1/parties/merchants/:merchant/staff',
  summary: 'Give a registered person a seat at a merchant that trades',
  by: ['owner'],
  on: 'merchant',
  status: 201,
  params: ofMerchant,
  body: Closed({
    login: Login,
    role: Type.Union([Type.Literal('owner'), Type.Literal('staff')]),
  }),
  reply: Seated,
})

export const listStaff = route({
  method: 'GET',
  path: '/v1/parties/merchants/:merchant/staff',
  summary: 'Who has a seat at the merchant',
  by: ['owner', 'staff'],
  on: 'merchant',
  params: ofMerchant,
  reply: PageOf(Seated),
})

export const removeStaff = route({
  method: 'DELETE',
  path: '/v1/parties/merchants/:merchant/staff/:person',
  summary: 'End a person’s seat at the merchant; the last owner stays',
  by: ['owner'],
  on: 'merchant',
  status: 204,
  params: Closed({ merchant: IdOf('mer'), person: IdOf('per') }),
  reply: Closed({}),
})
