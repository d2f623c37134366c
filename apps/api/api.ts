/**
 * The HTTP interface. A request meets, in this order: the pressure gate, its language and id, the Origin
 * check and its session, its limit, the route's roles and object rule, its schema, and then the promise.
 */
import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import { systemClock } from '@bursar/kernel'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { openActors, openIntegrators } from './actors.ts'
import { holdToContract } from './conformity.ts'
import { cashierRoutes } from './cashier/cashier.ts'
import { custodyRoutes } from './custody/custody.ts'
import { describeApi } from './docs.ts'
import { gatewayRoutes } from './gateways.ts'
import { guardBrowsers, tagReads } from './headers.ts'
import { countBusy, measureBusiness } from './gauges.ts'
import { tellHealth } from './health.ts'
import { integratorRoutes } from './integrators/integrators.ts'
import { localeOf } from './language.ts'
import { limitRequests, usualLimits } from './limits.ts'
import { logRequests } from './logger.ts'
import { measureRequests, openMetrics } from './metrics.ts'
import { noticeRoutes } from './notices/notices.ts'
import type { ApiOptions, House } from './options.ts'
import { partiesRoutes } from './parties/parties.ts'
import { refuseUnderPressure, usuallyBehindMost } from './pressure.ts'
import { answerProblems } from './problem.ts'
import { tellMetrics } from './scrape.ts'
import { reconciliationRoutes } from './reconciliation/reconciliation.ts'
import { residueRoutes } from './settlement/residues.ts'
import { settlementRoutes } from './settlement/settlement.ts'
import { knowSessions } from './sessions.ts'
import { validateStrictly } from './validation.ts'
import { serveWeb } from './web.ts'

export { openLogger } from './logger.ts'
export { observeWork } from './gauges.ts'
export type { ApiOptions, Face } from './options.ts'

export async function buildApi(options: ApiOptions): Promise<FastifyInstance> {
  const app = open(options)
  app.decorate('house', houseOf(options))
  app.decorate('registered', [])
  app.decorateRequest('actor', undefined)
  app.decorateRequest('integrator', undefined)
  app.decorateRequest('locale', 'zh-CN')
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat()) app.registered.push({ method: one, path: url, ...config })
  })
  await meetRequests(app, options)
  await describeApi(app)
  tellHealth(app, options)
  tellMetrics(app, options)
  measureBusiness(app.house.books, app.house.metrics)
  partiesRoutes(app, options)
  custodyRoutes(app, options)
  cashierRoutes(app, options)
  reconciliationRoutes(app, options)
  settlementRoutes(app, options)
  residueRoutes(app, options)
  integratorRoutes(app, options)
  noticeRoutes(app, options)
  await gatewayRoutes(app, options)
  await serveWeb(app, options.web)
  await app.ready()
  return app
}

/**
 * Every request ends within ten seconds: two for its headers, seven for its body and its answer
 * together, and what Node takes to look. A sheet that has begun may take longer (exports.ts).
 */
const headersWithin = 2_000
const answeredWithin = 7_000
const lookEvery = 250

function open({ logger, https, trustProxy }: ApiOptions): FastifyInstance {
  const limits = {
    bodyLimit: 1024 * 1024,
    connectionTimeout: 60_000,
    requestTimeout: headersWithin + answeredWithin,
    handlerTimeout: answeredWithin,
    keepAliveTimeout: 30_000,
    routerOptions: { maxParamLength: 120 },
    exposeHeadRoutes: false,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustProxy === undefined ? false : [trustProxy].flat(),
    ...(logger ? { loggerInstance: logger as FastifyBaseLogger } : { logger: false }),
    genReqId: ({ headers }: { headers: Readonly<Record<string, unknown>> }) => {
      const given = headers['x-request-id']
      return typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
    },
  }
  const http = { headersTimeout: headersWithin, connectionsCheckingInterval: lookEvery }
  const made = https
    ? fastify({ ...limits, https: { ...https, ...http } })
    : fastify({ ...limits, http })
  return made as unknown as FastifyInstance
}

function houseOf(options: ApiOptions): House {
  const { books, origin, origins = [], clock = systemClock } = options
  const metrics = openMetrics()
  return {
    books,
    clock,
    origin: new URL(origin).origin,
    origins: new Set([origin, ...origins].flatMap(twins)),
    secure: origin.startsWith('https:'),
    limits: { ...usualLimits, ...options.limits },
    metrics,
    countBusy: countBusy(metrics),
    actors: openActors(books),
    integrators: openIntegrators(books),
  }
}

/** This machine has two names in every browser. */
function twins(address: string): string[] {
  const { origin, hostname } = new URL(address)
  if (hostname !== 'localhost' && hostname !== '127.0.0.1') return [origin]
  return ['localhost', '127.0.0.1'].map(name => origin.replace(hostname, name))
}

async function meetRequests(
  app: FastifyInstance,
  { logger, conformity, behindMost = usuallyBehindMost }: ApiOptions,
): Promise<void> {
  const { house } = app
  validateStrictly(app)
  answerProblems(app)
  // A form of another site can send plain text without asking; JSON it cannot.
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', (request, _, done) => {
    request.locale = localeOf(request.headers['accept-language'])
    done()
  })
  guardBrowsers(app, house.secure)
  refuseUnderPressure(app, behindMost)
  await app.register(cookie)
  knowSessions(app)
  limitRequests(app, house.limits)
  if (conformity) holdToContract(app, conformity)
  tagReads(app)
  measureRequests(app, house.metrics)
  if (logger) logRequests(app)
}
