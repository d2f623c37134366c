/**
 * A "no" on the wire: RFC 9457, in the caller's language, with a code that stays. What we did not
 * expect is answered by a number alone; the story is in the log, under the same request id.
 */
import { Refusal } from '@bursar/kernel'
import { seen, type Problem } from '@bursar/contract'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { statuses, type Code } from './refusals.ts'
import type { Facts } from './facts.ts'
import { ruleSentence, sentence } from './sentences.ts'

type Flaw = NonNullable<Problem['errors']>[number]
const flawsAtMost = 20

export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => refuse(request, reply, error as Error))
}

export function refuse(request: FastifyRequest, reply: FastifyReply, error: Error): FastifyReply {
  const { code, facts, flaws } = explain(error, request)
  const status = statuses[code]
  if (code === 'busy') request.server.house.countBusy(facts)
  if (status >= 500 && code !== 'busy') request.log.error({ err: error }, 'not answered')
  else request.log.info({ refused: code }, 'refused')
  const wait = facts['retryAfter'] ?? (status === 503 ? 1 : undefined)
  if (wait !== undefined) reply.header('retry-after', String(wait))
  return reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .header('content-language', request.locale)
    .send(problemOf(request, code, facts, flaws))
}

function problemOf(request: FastifyRequest, code: Code, facts: Facts, flaws?: Flaw[]): Problem {
  const { title, detail } = sentence(request.locale, code, facts)
  return {
    type: `${request.server.house.origin}/docs/problems/${code}`,
    title,
    detail,
    status: statuses[code],
    code,
    ...(flaws?.length && { errors: flaws }),
    requestId: request.id,
  }
}

type Explained = { code: Code; facts: Facts; flaws?: Flaw[] }

function explain(error: Error, request: FastifyRequest): Explained {
  if (error instanceof Refusal) return refused(error, request)
  const fault = error as FastifyError
  if (fault.validation) return { code: 'malformed', facts: {}, flaws: flawsOf(fault, request) }
  const known = framework[fault.code]
  if (known) return { code: known, facts: {} }
  // The parser of bodies and the router complain with a status of their own.
  if (fault.statusCode && fault.statusCode >= 400 && fault.statusCode < 500)
    return { code: 'malformed', facts: {} }
  return { code: 'internal', facts: {} }
}

const framework: Readonly<Record<string, Code>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_HANDLER_TIMEOUT: 'too_slow',
  FST_ERR_NOT_FOUND: 'not_found',
}

/** The ledger's word for a key that was used for something else has a better known name on the wire. */
const renamed: Readonly<Record<string, Code>> = { id_already_used: 'idempotency_key_reused' }

/** A refusal that is about one field says so by `field` (of the body) or by `pointer`. */
function refused({ code: raw, facts }: Refusal, { locale }: FastifyRequest): Explained {
  const code = renamed[raw] ?? (raw in statuses ? (raw as Code) : 'internal')
  const pointer =
    facts['pointer'] ?? (facts['field'] === undefined ? undefined : `/${String(facts['field'])}`)
  if (pointer === undefined) return { code, facts }
  const rule = String(facts['rule'] ?? code)
  const detail = facts['rule']
    ? ruleSentence(locale, rule, facts)
    : sentence(locale, code, facts).detail
  return { code, facts, flaws: [{ pointer: String(pointer), rule, detail }] }
}

/** Ajv's complaints as pointers: into the body plainly, elsewhere with the place in front. */
function flawsOf(
  { validation = [], validationContext }: FastifyError,
  { locale }: FastifyRequest,
): Flaw[] {
  const place = validationContext === 'body' ? '' : `/${places[validationContext ?? ''] ?? 'body'}`
  const flaws = validation
    .filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'oneOf' && keyword !== 'if')
    .map(({ keyword, instancePath, params }) => {
      const field =
        params['missingProperty'] ?? params['additionalProperty'] ?? params['unevaluatedProperty']
      const pointer = `${place}${instancePath}${field === undefined ? '' : `/${escape(String(field))}`}`
      const rule = params['pattern'] === seen ? 'unseen' : (rules[keyword] ?? keyword)
      return { pointer, rule, detail: ruleSentence(locale, rule, params) }
    })
  const whole = { pointer: place || '', rule: 'choice', detail: ruleSentence(locale, 'choice', {}) }
  return flaws.length ? flaws.slice(0, flawsAtMost) : [whole]
}

const places: Readonly<Record<string, string>> = {
  querystring: 'query',
  params: 'params',
  headers: 'headers',
}
const rules: Readonly<Record<string, string>> = {
  additionalProperties: 'unknown_field',
  unevaluatedProperties: 'unknown_field',
  minLength: 'min_length',
  maxLength: 'max_length',
  minItems: 'min_items',
  maxItems: 'max_items',
  enum: 'choice',
  const: 'choice',
}

/** RFC 6901. */
const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')
