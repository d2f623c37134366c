/**
 * Tests: every answer is held against the contract, whoever asked for it and whatever it says. An answer
 * that its route does not describe is reported; so is a status that the contract does not know.
 */
import { Problem } from '@bursar/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { placeOf } from './place.ts'
import { flawsOfReply } from './validation.ts'

export type Report = (flaw: string) => void

export function holdToContract(app: FastifyInstance, report: Report): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const flaws = flawsOf(request, reply, payload)
    const from = `${request.method} ${request.url} answered ${reply.statusCode}`
    if (flaws.length) report(`${from}: ${flaws.join('; ')}: ${String(payload).slice(0, 500)}`)
    done(null, payload)
  })
}

function flawsOf(request: FastifyRequest, reply: FastifyReply, payload: unknown): string[] {
  const type = String(reply.getHeader('content-type') ?? '')
  if (reply.statusCode >= 400 && placeOf(request).startsWith('/v1/'))
    return refusalFlaws(reply, type, payload)
  const route = request.routeOptions.config.contract
  if (!route || reply.statusCode === 304) return []
  if (reply.statusCode !== route.status) return [`the contract says ${route.status}`]
  if (route.status === 204) return payload ? ['204 has a body'] : []
  if (type.startsWith('application/json'))
    return flawsOfReply(route.reply, JSON.parse(String(payload)))
  if (route.media)
    return type.startsWith(route.media.replace('*', '')) ? [] : [`${type} is not ${route.media}`]
  return route.exports ? [] : [`${type} is not JSON`]
}

function refusalFlaws(reply: FastifyReply, type: string, payload: unknown): string[] {
  if (!type.startsWith('application/problem+json')) return [`a refusal is ${type}, not a problem`]
  const problem = JSON.parse(String(payload)) as Problem
  if (problem.status !== reply.statusCode) return [`the problem says ${problem.status}`]
  return flawsOfReply(Problem, problem)
}
