/** People and their sessions; and the first operator of a new installation. */
import {
  changePassword,
  endSession,
  listSessions,
  me,
  registerPerson,
  setUp,
  setUpNeeded,
  signIn,
} from '@bursar/contract'
import { newId } from '@bursar/kernel'
import * as parties from '@bursar/parties'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bind, bindOpen } from '../bind.ts'
import type { ApiOptions } from '../options.ts'
import { giveCookie, takeCookie } from '../sessions.ts'
import { meView, personView } from './views.ts'

export const deviceOf = ({ headers, ip }: FastifyRequest) => ({
  agent: headers['user-agent'] ?? '',
  address: ip,
})

/** The answer of everything that opens a session. */
export async function welcome(
  request: FastifyRequest,
  reply: FastifyReply,
  { token, session, person }: parties.Opened,
) {
  giveCookie(request, reply, token)
  return await meView(request.server.house.books, person.id, session.id)
}

export function personRoutes(
  app: FastifyInstance,
  { books, setUpTokenHash: tokenHash }: ApiOptions,
): void {
  bindOpen(app, registerPerson, async ({ body, id, locale }) =>
    personView(await parties.register(books, { locale, ...body, id: id('per') })),
  )
  bindOpen(app, signIn, async ({ body, request, reply }) =>
    welcome(request, reply, await parties.signIn(books, { ...body, ...deviceOf(request) })),
  )
  bind(app, me, async ({ actor }) => meView(books, actor.person, actor.session))
  bind(app, changePassword, async ({ body, actor: { person, session } }) => {
    await parties.changePassword(books, { person, session, ...body })
    return {}
  })
  bind(app, listSessions, async ({ actor }) => {
    const sessions = await parties.sessionsOf(books, { person: actor.person })
    const rows = sessions.map(({ id, agent, address, startedAt, seenAt, endsAt }) => {
      const times = { startedAt: iso(startedAt), seenAt: iso(seenAt), endsAt: iso(endsAt) }
      return { id, agent, address, ...times, current: id === actor.session }
    })
    return { rows }
  })
  bind(app, endSession, async ({ params, actor, request, reply }) => {
    const session = params.session === 'current' ? actor.session : params.session
    await parties.endSession(books, { person: actor.person, session })
    if (session === actor.session) takeCookie(request, reply)
    return {}
  })

  bindOpen(app, setUpNeeded, async () => ({ needed: await parties.setUpNeeded(books) }))
  bindOpen(app, setUp, async ({ body, locale, request, reply }) => {
    const institution = { ...body.institution, id: newId('ins') }
    const person = { ...body.person, locale, id: newId('per') }
    const { id } = await parties.setUp(books, { token: body.token, tokenHash, institution, person })
    return welcome(
      request,
      reply,
      await parties.openSession(books, { person: id, ...deviceOf(request) }),
    )
  })
}

const iso = (at: Date): string => at.toISOString()
