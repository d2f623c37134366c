/** Parties on the wire: people and their sessions, merchants and their desks, institutions. */
import { Type, type Static } from 'typebox'
import { route } from './route.ts'
import { Closed, IdOf, Instant, PageOf, paging, Text } from './words.ts'

const Locale = Type.Union([Type.Literal('zh-CN'), Type.Literal('en')])
/** Eight characters at least is the business's rule, so that it can say why; here only a bound. */
const Password = Type.String({ maxLength: 1024 })
const Phone = Type.String({ maxLength: 40, examples: ['13800138000'] })
const Email = Type.String({ maxLength: 254, examples: ['name@example.com'] })
const Login = Type.String({ minLength: 1, maxLength: 254 })

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
])
export const MerchantState = Type.Union([
  Type.Literal('applicant'),
  Type.Literal('active'),
  Type.Literal('suspended'),
  Type.Literal('closed'),
  Type.Literal('rejected'),
])
const SeatRole = Type.Union([
  Type.Literal('owner'),
  Type.Literal('staff'),
  Type.Literal('admin'),
  Type.Literal('reviewer'),
  Type.Literal('custodian'),
  Type.Literal('supervisor'),
])

export const Person = Closed({
  id: IdOf('per'),
  name: Type.String(),
  phone: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  locale: Locale,
  registeredAt: Instant,
})
export type Person = Static<typeof Person>

/** Who I am: my person, this session, and my seats with the names of the places. */
export const Me = Closed({
  person: Person,
  session: IdOf('ses'),
  seats: Type.Array(
    Closed({
      role: SeatRole,
      organisation: Type.Union([IdOf('mer'), IdOf('ins')]),
      name: Type.String(),
    }),
  ),
})
export type Me = Static<typeof Me>

export const Session = Closed({
  id: IdOf('ses'),
  agent: Type.String(),
  address: Type.String(),
  startedAt: Instant,
  seenAt: Instant,
  endsAt: Instant,
  current: Type.Boolean(),
})
export type Session = Static<typeof Session>

export const Payee = Closed({ bank: Text(80), account: Text(40), name: Text(80) })

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

export const Outlet = Closed({
  id: IdOf('out'),
  merchant: IdOf('mer'),
  name: Type.String(),
  address: Type.String(),
  zone: Type.String(),
  openedAt: Instant,
})
export type Outlet = Static<typeof Outlet>

export const Seated = Closed({
  person: IdOf('per'),
  name: Type.String(),
  role: SeatRole,
  givenAt: Instant,
})
export type Seated = Static<typeof Seated>

export const Institution = Closed({
  id: IdOf('ins'),
  kind: Type.Union([Type.Literal('operator'), Type.Literal('bank'), Type.Literal('supervisor')]),
  name: Type.String(),
  foundedAt: Instant,
})
export type Institution = Static<typeof Institution>

/** A face of the demo town: one tap, and you are this person. */
export const Face = Closed({
  person: IdOf('per'),
  name: Type.String(),
  role: Type.Union([Type.Literal('consumer'), SeatRole]),
  organisation: Type.Optional(Type.String()),
})
export type Face = Static<typeof Face>

const ofMerchant = Closed({ merchant: IdOf('mer') })
const ofInstitution = Closed({ institution: IdOf('ins') })
const everyOfficer = ['admin', 'reviewer', 'custodian', 'supervisor'] as const
const newPerson = {
  name: Text(80),
  phone: Type.Optional(Phone),
  email: Type.Optional(Email),
  password: Password,
}

export const registerPerson = route({
  method: 'POST',
  path: '/v1/parties/people',
  summary: 'Register a person',
  by: ['guest'],
  on: 'nobody',
  status: 201,
  body: Closed({ ...newPerson, locale: Type.Optional(Locale) }),
  reply: Person,
})
export const signIn = route({
  method: 'POST',
  path: '/v1/parties/sessions',
  summary: 'Sign in with phone or e-mail and password; the answer sets the session’s cookie',
  by: ['guest'],
  on: 'nobody',
  status: 201,
  body: Closed({ login: Login, password: Password }),
  reply: Me,
})
export const listSessions = route({
  method: 'GET',
  path: '/v1/parties/sessions',
  summary: 'Where I am signed in, newest first',
  by: ['consumer'],
  on: 'self',
  reply: PageOf(Session),
})
export const endSession = route({
  method: 'DELETE',
  path: '/v1/parties/sessions/:session',
  summary: 'Sign out, here (`current`) or elsewhere',
  by: ['consumer'],
  on: 'self',
  status: 204,
  params: Closed({ session: Type.Union([Type.Literal('current'), IdOf('ses')]) }),
  reply: Closed({}),
})
export const me = route({
  method: 'GET',
  path: '/v1/parties/me',
  summary: 'Who I am, and where I have a seat',
  by: ['consumer'],
  on: 'self',
  reply: Me,
})
export const changePassword = route({
  method: 'POST',
  path: '/v1/parties/me/password',
  summary: 'Change my password; my other sessions end',
  by: ['consumer'],
  on: 'self',
  status: 204,
  body: Closed({ old: Password, new: Password }),
  reply: Closed({}),
})

export const applyMerchant = route({
  method: 'POST',
  path: '/v1/parties/merchants',
  summary: 'Apply for a merchant; the applicant becomes its owner',
  by: ['consumer'],
  on: 'self',
  status: 201,
  body: Closed({
    name: Text(80),
    trade: Trade,
    licence: Text(40),
    representative: Text(80),
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
  body: Closed({ name: Text(80), address: Text(200) }),
  reply: Outlet,
})
export const listOutlets = route({
  method: 'GET',
  path: '/v1/parties/merchants/:merchant/outlets',
  summary: 'A merchant’s outlets',
  by: ['owner', 'staff', ...everyOfficer],
  on: 'merchant',
  params: ofMerchant,
  reply: PageOf(Outlet),
})
export const addStaff = route({
  method: 'POST',
  path: '/v1/parties/merchants/:merchant/staff',
  summary: 'Give a registered person a seat at the merchant',
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

export const listInstitutions = route({
  method: 'GET',
  path: '/v1/parties/institutions',
  summary: 'Operator, custodian banks and supervisors',
  by: everyOfficer,
  on: 'institution',
  reply: PageOf(Institution),
})
export const addInstitution = route({
  method: 'POST',
  path: '/v1/parties/institutions',
  summary: 'Enter a custodian bank or a supervisor',
  by: ['admin'],
  on: 'institution',
  status: 201,
  body: Closed({
    kind: Type.Union([Type.Literal('bank'), Type.Literal('supervisor')]),
    name: Text(80),
  }),
  reply: Institution,
})
export const listSeats = route({
  method: 'GET',
  path: '/v1/parties/institutions/:institution/seats',
  summary: 'Who has a seat at an institution',
  by: ['admin'],
  on: 'institution',
  params: ofInstitution,
  reply: PageOf(Seated),
})
export const addSeat = route({
  method: 'POST',
  path: '/v1/parties/institutions/:institution/seats',
  summary: 'Give a registered person a seat at an institution',
  by: ['admin'],
  on: 'institution',
  status: 201,
  params: ofInstitution,
  body: Closed({
    login: Login,
    role: Type.Union([
      Type.Literal('admin'),
      Type.Literal('reviewer'),
      Type.Literal('custodian'),
      Type.Literal('supervisor'),
    ]),
  }),
  reply: Seated,
})
export const removeSeat = route({
  method: 'DELETE',
  path: '/v1/parties/institutions/:institution/seats/:person',
  summary: 'End a person’s seats at an institution; the last admin stays',
  by: ['admin'],
  on: 'institution',
  status: 204,
  params: Closed({ institution: IdOf('ins'), person: IdOf('per') }),
  reply: Closed({}),
})

export const setUpNeeded = route({
  method: 'GET',
  path: '/v1/parties/set-up',
  summary: 'Whether this installation still waits for its first operator',
  by: ['guest'],
  on: 'nobody',
  reply: Closed({ needed: Type.Boolean() }),
})
export const setUp = route({
  method: 'POST',
  path: '/v1/parties/set-up',
  summary: 'Become the first operator, with the one-time token of the console',
  by: ['guest'],
  on: 'nobody',
  status: 201,
  body: Closed({
    token: Text(200),
    institution: Closed({ name: Text(80) }),
    person: Closed(newPerson),
  }),
  reply: Me,
})
export const demoFaces = route({
  method: 'GET',
  path: '/v1/demo/faces',
  summary: 'The faces of the demo town; only there',
  by: ['guest'],
  on: 'nobody',
  reply: Closed({ faces: Type.Array(Face) }),
})
export const demoSignIn = route({
  method: 'POST',
  path: '/v1/demo/sessions',
  summary: 'Become a face of the demo town; only there',
  by: ['guest'],
  on: 'nobody',
  status: 201,
  body: Closed({ person: IdOf('per') }),
  reply: Me,
})
