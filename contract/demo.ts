/** What a demo town says of itself to a visitor who has not signed in: how far it is, and what moves. */
import { Type } from 'typebox'
import { SpendId, SpendState } from './custody.ts'
import { route } from './route.ts'
import { Closed, Instant, Money } from './words.ts'

export const demoProgress = route({
  method: 'GET',
  path: '/v1/demo/progress',
  summary: 'How far the building of the demo town is; only there',
  by: ['guest'],
  on: 'nobody',
  reply: Closed({
    state: Type.Enum(['building', 'ready', 'failed']),
    done: Type.Integer(),
    total: Type.Integer(),
  }),
})
export const demoWatch = route({
  method: 'GET',
  path: '/v1/demo/watch',
  summary: 'One shop’s day and the pool’s equation, side by side; only in the demo town',
  by: ['guest'],
  on: 'nobody',
  reply: Closed({
    shop: Closed({ name: Type.String(), count: Type.Integer(), sum: Money }),
    spends: Type.Array(Closed({ id: SpendId, state: SpendState, amount: Money, at: Instant })),
    equation: Closed({
      assets: Money,
      claims: Money,
      holds: Type.Boolean(),
      seq: Type.String({ pattern: '^\\d+$' }),
      at: Instant,
    }),
  }),
})
