/** Who a terminal's own routes are open to: the person who holds it, or who brings its secret. */
import { Refusal, type Books } from '@bursar/kernel'
import { terminalBySecret, terminalsHeldBy, type Refused, type Terminal } from '@bursar/notices'
import type { FastifyRequest } from 'fastify'
import type { Sees } from '../bind.ts'

const found = new WeakMap<FastifyRequest, Terminal>()
const secretLike = /^nts_[\w-]{32}$/

export const holdsTerminal =
  (books: Books): Sees =>
  async ({ params, actor, request }) => {
    const secret = request.headers['terminal-secret']
    const held =
      typeof secret === 'string' && secretLike.test(secret)
        ? await terminalBySecret(books, secret)
        : actor && (await terminalsHeldBy(books, actor.person)).find(isIt)
    if (!held || !isIt(held)) return false
    found.set(request, held)
    return true
    function isIt({ id }: Terminal): boolean {
      return id === params['terminal']
    }
  }

/** The one that was found at admission. */
export function terminalOf(request: FastifyRequest): Terminal {
  const terminal = found.get(request)
  if (!terminal) throw new Refusal<Refused>('no_such_terminal')
  return terminal
}
