/** Webhooks as they go over the wire. */
import type * as wire from '@bursar/contract'
import type { ReplyOf } from '@bursar/contract'
import type * as integrators from '@bursar/integrators'

export function endpointView(endpoint: integrators.Endpoint): wire.Endpoint {
  const { id, merchant, url, events, state, why, since, failingSince } = endpoint
  const { madeAt, overlapEndsAt } = endpoint
  return {
    ...{ id, merchant, url, state, events: events as wire.Endpoint['events'] },
    ...(why && { why }),
    since: since.toISOString(),
    ...(failingSince && { failingSince: failingSince.toISOString() }),
    madeAt: madeAt.toISOString(),
    ...(overlapEndsAt && { overlapEndsAt: overlapEndsAt.toISOString() }),
  }
}

export const madeView = ({
  endpoint,
  secret,
}: Readonly<{ endpoint: integrators.Endpoint; secret: string }>) => ({
  endpoint: endpointView(endpoint),
  secret,
})

export const eventView = (event: integrators.Event): wire.Event => ({
  ...{ id: event.id, type: event.type, subject: event.subject },
  ...{ at: event.at.toISOString(), body: event.body },
  deliveries: event.deliveries.map(({ dueAt, ...rest }) => ({
    ...rest,
    dueAt: new Date(dueAt).toISOString(),
  })),
})

type Attempt = ReplyOf<typeof wire.readEvent>['attempts'][number]
export const attemptView = (attempt: integrators.Attempt): Attempt => {
  const { endpoint, n, sentAt, endedAt, status, error, answer } = attempt
  return {
    ...{ endpoint, n, sentAt: sentAt.toISOString() },
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...(status !== null && { status }),
    ...(error !== null && { error }),
    ...(answer !== null && { answer }),
  }
}
