/** The owner's terminals, and who takes an invitation up. */
import {
  acceptInvitation,
  authoriseTerminal,
  inviteSub,
  listOwnTerminals,
  listTerminals,
  makeTerminal,
  revokeTerminal,
  setTerminal,
  suspendTerminal,
} from '@bursar/contract'
import * as notices from '@bursar/notices'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import type { ApiOptions } from '../options.ts'
import { permissionOf } from './asked.ts'
import { terminalView } from './views.ts'

/** After the hash: no server and no log reads it there. */
export const invitationView = (origin: string, { id, code, expiresAt }: notices.Invited) => ({
  ...{ id, code, expiresAt: expiresAt.toISOString() },
  url: `${origin}/notices/join#${code}`,
})

export function terminalRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  const { clock, origin } = app.house

  bind(app, listTerminals, async ({ params }) => ({
    rows: (await notices.terminalsOf(books, params.merchant)).map(terminalView),
  }))
  bind(app, makeTerminal, async ({ params: { merchant, terminal: id }, body, actor }) => {
    const { zone = null, permission, ...rest } = body
    const allowed = permissionOf(permission)
    const ask = { id, merchant, zone, ...rest, permission: allowed, by: actor.person, at: clock() }
    const { terminal, secret } = await notices.makeTerminal(books, ask)
    return { ...terminalView(terminal), secret }
  })
  bind(app, setTerminal, async ({ params, body: { permission, ...rest }, actor }) => {
    const allowed = permission && { permission: permissionOf(permission) }
    const ask = { ...params, ...rest, ...allowed, by: actor.person, at: clock() }
    return terminalView(await notices.setTerminal(books, ask))
  })
  for (const [route, step] of [
    [suspendTerminal, 'suspend'],
    [authoriseTerminal, 'authorise'],
    [revokeTerminal, 'revoke'],
  ] as const)
    bind(app, route, async ({ params, body, actor }) => {
      const ask = { ...params, ...body, step, by: actor.person, at: clock() }
      return terminalView(await notices.stepTerminal(books, ask))
    })
  bind(app, inviteSub, async ({ params, body: { name, permission }, actor, id }) => {
    const ask = { id: id('inv'), ...params, name, by: actor.person, at: clock() }
    const invited = await notices.inviteSub(books, { ...ask, permission: permissionOf(permission) })
    return invitationView(origin, invited)
  })
  bind(app, acceptInvitation, async ({ body, actor }) => {
    const ask = { ...body, by: actor.person, at: clock() }
    return terminalView(await notices.acceptInvitation(books, ask))
  })
  bind(app, listOwnTerminals, async ({ actor }) => ({
    rows: (await notices.terminalsHeldBy(books, actor.person)).map(terminalView),
  }))
}
