/** Parties on the wire: people, their sessions, and how the first of them comes in. */
import { Type, type Static } from 'typebox'
import { route } from './route.ts'
import { Closed, IdOf, Instant, Name, PageOf, Text } from './words.ts'

const Locale = Type.Union([Type.Literal('zh-CN'), Type.Literal('en')])
/** Eight characters at least is the business's rule, so that it can say why; here only a bound. */
const Password = Type.String({ maxLength: 1024 })
const Phone = Type.String({ maxLength: 40, examples: ['13800138000'] })
const Email = Type.String({ maxLength: 254, examples: ['name@example.com'] })
export const Login = Type.String({ minLength: 1, maxLength: 254 })

export const SeatRole = Type.Union([
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

export const Seated = Closed({
  person: IdOf('per'),
  name: Type.String(),
  role: SeatRole,
  givenAt: Instant,
})
export type Seated = Static<typeof Seated>

/** A face of the demo town: one tap, and you are this person. */
export const Face = Closed({
  person: IdOf('per'),
  name: Type.String(),
  role: Type.Union([Type.Literal('consumer'), SeatRole]),
  organisation: Type.Optional(Type.String()),
})
export type Face = Static<typeof Face>

const newPerson = {
  name: Name(80),
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
    institution: Closed({ name: Name(80) }),
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
