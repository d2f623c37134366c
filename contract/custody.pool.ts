/** Custody on the wire, as those who watch over a pool see it: the equation, and what is behind it. */
import { Type } from 'typebox'
import { days, desk, StatementOf } from './custody.ts'
import { route } from './route.ts'
import { Closed, IdOf, Instant, Key, Money, Name, PageOf, paging, Text } from './words.ts'

const Pool = IdOf('pol')
const { limit, cursor } = paging

const PoolView = Closed({
  id: Pool,
  name: Type.String(),
  currency: Type.String(),
  bank: IdOf('ins'),
  bankName: Type.Optional(Type.String()),
  supervisor: IdOf('ins'),
  supervisorName: Type.Optional(Type.String()),
})
/** As the bank's notices name who pays. The account, where it is known, decides. */
const payer = { name: Name(80), account: Type.Optional(Text(40)) }
const Platform = Closed(payer)
export const openPool = route({
  method: 'POST',
  path: '/v1/custody/pools',
  summary: 'Open a pool at a custodian bank, under a supervisor',
  by: ['admin'],
  on: 'institution',
  money: true,
  status: 201,
  body: Closed({
    name: Name(80),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    bank: IdOf('ins'),
    supervisor: IdOf('ins'),
    account: Type.Optional(
      Type.String({ minLength: 1, maxLength: 40, description: 'our account at the bank' }),
    ),
    platform: Type.Optional(Platform),
  }),
  reply: PoolView,
})
const ofPool = Closed({ pool: Pool })
const PlatformsView = PageOf(Closed({ ...payer, since: Instant }))
export const listPlatforms = route({
  method: 'GET',
  path: '/v1/custody/pools/:pool/platforms',
  summary: 'Who pays the pool out; money from anybody else waits in suspense',
  by: desk,
  on: 'institution',
  params: ofPool,
  reply: PlatformsView,
})
export const addPlatform = route({
  method: 'POST',
  path: '/v1/custody/pools/:pool/platforms',
  summary: 'Name a platform that pays the pool out',
  by: ['admin'],
  on: 'institution',
  params: ofPool,
  body: Platform,
  reply: PlatformsView,
})
export const endPlatform = route({
  method: 'POST',
  path: '/v1/custody/pools/:pool/platforms/end',
  summary: 'A platform no longer pays the pool out',
  by: ['admin'],
  on: 'institution',
  params: ofPool,
  body: Platform,
  reply: PlatformsView,
})
export const listPools = route({
  method: 'GET',
  path: '/v1/custody/pools',
  summary:
    'The pools that I watch over, with their custodian bank and supervisor; by `key`, the one it opened',
  by: desk,
  on: 'institution',
  query: Closed({ key: Type.Optional(Key) }),
  reply: PageOf(PoolView),
})
const Term = Type.Enum([
  'custody',
  'transitIn',
  'transitOut',
  'purses',
  'seized',
  'earned',
  'requested',
  'feesDue',
  'collected',
  'payroll',
  'suspense',
])
export const readEquation = route({
  method: 'GET',
  path: '/v1/custody/pools/:pool/equation',
  summary: 'The pool equation at one instant: what is there, and whose it is',
  by: desk,
  on: 'institution',
  params: Closed({ pool: Pool }),
  reply: Closed({
    pool: Pool,
    name: Type.String(),
    terms: Type.Array(
      Closed({
        term: Term,
        side: Type.Enum(['assets', 'claims']),
        amount: Money,
        accounts: Type.Integer(),
      }),
    ),
    assets: Money,
    claims: Money,
    holds: Type.Boolean(),
    seq: Type.String({ pattern: '^\\d+$' }),
    at: Instant,
  }),
})
export const readCustody = route({
  method: 'GET',
  path: '/v1/custody/pools/:pool/custody',
  summary:
    'What the books say the bank has, and what the bank itself says; absent while it is silent',
  by: desk,
  on: 'institution',
  params: Closed({ pool: Pool }),
  reply: Closed({
    books: Money,
    bank: Type.Optional(Money),
    difference: Type.Optional(Money),
    at: Instant,
  }),
})
export const readTerm = route({
  method: 'GET',
  path: '/v1/custody/pools/:pool/terms/:term',
  summary: 'The accounts behind a figure of the equation, in the order of their names',
  by: desk,
  on: 'institution',
  exports: true,
  params: Closed({ pool: Pool, term: Term }),
  query: Closed({ limit, cursor }),
  reply: PageOf(
    Closed({
      account: Type.String(),
      owner: Type.Optional(Type.String()),
      amount: Money,
      held: Money,
      state: Type.Enum(['open', 'no_debits', 'no_credits', 'sealed', 'closed']),
    }),
  ),
})
export const accountStatement = route({
  method: 'GET',
  path: '/v1/custody/pools/:pool/entries',
  summary: 'The statement of one account of the pool’s book, newest first',
  by: desk,
  on: 'institution',
  exports: true,
  params: Closed({ pool: Pool }),
  query: Closed({ limit, cursor, ...days, account: Text(120) }),
  reply: StatementOf,
})
