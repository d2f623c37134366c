/** /openapi.json from the contract, and pages that people can read: the routes, and what each code means. */
import swagger from '@fastify/swagger'
import { webhookEvents } from '@bursar/contract'
import { Refusal } from '@bursar/kernel'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Locale } from './language.ts'
import { statuses, type Code, type Refused } from './refusals.ts'
import { routes } from './routes.ts'
import { sentence } from './sentences.ts'

const about = `Prepaid money, taken in advance, kept in a supervised pool, paid to merchants after review.
People sign in at /v1/parties/sessions and carry the session's cookie; a merchant's own program brings an API key, as
Authorization: Bearer bk_…, to the routes that name a scope. A command that moves money carries an
Idempotency-Key: sent again with the same key it is the same command, and answers the same; GET at the same address with ?key= tells what it has done.`

const keys = `A merchant's owner makes it, with the scopes that it needs. An operation that takes one names its scope.`
const told = `Signed to the Standard Webhooks specification, by HMAC-SHA256 with the endpoint's secret (whsec_…). Told at least once,
in no promised order, ten times over 75 hours; 2xx within ten seconds is success, 410 ends it. webhook-id is the same each time.`
const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(name => ({
  ...{ name, in: 'header' as const, required: true, schema: { type: 'string' as const } },
}))

/** What a merchant's endpoint is sent, by its type. */
function webhooks() {
  const entries = Object.entries(webhookEvents).map(([type, schema]) => {
    const requestBody = { required: true, content: { 'application/json': { schema } } }
    const responses = { '2XX': { description: 'Heard' } }
    return [type, { post: { description: told, parameters: signed, requestBody, responses } }]
  })
  return Object.fromEntries(entries) as never
}

export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Bursar', version: '1', description: about },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: '__Host-session' },
          apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'bk_…', description: keys },
        },
      },
      webhooks: webhooks(),
    },
  })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  app.get('/docs', { schema: { hide: true } }, (request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .send(page(request, 'Bursar API', routesTable(request.locale))),
  )
  app.get('/docs/problems', { schema: { hide: true } }, (request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .send(page(request, 'Problems', problemsTable(request.locale))),
  )
  app.get<{ Params: { code: string } }>(
    '/docs/problems/:code',
    { schema: { hide: true } },
    (request, reply) => {
      const { code } = request.params
      if (!Object.hasOwn(statuses, code)) throw new Refusal<Refused>('not_found')
      return reply.type('text/html; charset=utf-8').send(page(request, code, problem(code as Code)))
    },
  )
}

function routesTable(locale: Locale): string {
  const rows = routes.map(
    ([name, { method, path, summary, by, on, scope, money, exports }]) =>
      `<tr><td><code>${method} ${text(path)}</code><br><small>${name}</small></td><td>${text(summary)}</td>` +
      `<td>${by.join(', ')}</td><td>${on}</td><td>${scope ? `<code>${scope}</code>` : ''}</td>` +
      `<td>${[money && 'Idempotency-Key', exports && 'CSV, XLSX'].filter(Boolean).join(', ')}</td></tr>`,
  )
  const head =
    locale === 'en'
      ? ['Route', 'What', 'Who', 'Whose', 'API key', '']
      : ['接口', '说明', '身份', '对象', '密钥范围', '']
  return `<p>${text(about)}</p><p><a href="/openapi.json">openapi.json</a> · <a href="/docs/problems">problems</a></p>
<table><tr>${head.map(one => `<th>${one}</th>`).join('')}</tr>${rows.join('')}</table>`
}

function problemsTable(locale: Locale): string {
  const rows = Object.entries(statuses).map(([code, status]) => {
    const { title, detail } = sentence(locale, code as Code, {})
    return `<tr><td>${status}</td><td><a href="/docs/problems/${code}"><code>${code}</code></a></td><td>${text(title)}</td><td>${text(detail)}</td></tr>`
  })
  return `<table>${rows.join('')}</table>`
}

function problem(code: Code): string {
  const said = (locale: Locale) => {
    const { title, detail } = sentence(locale, code, {})
    return `<h2 lang="${locale}">${text(title)}</h2><p lang="${locale}">${text(detail)}</p>`
  }
  return `<p><code>${statuses[code]} ${code}</code></p>${said('zh-CN')}${said('en')}<p><a href="/docs/problems">…</a></p>`
}

const page = ({ locale }: FastifyRequest, title: string, body: string): string => `<!doctype html>
<html lang="${locale}"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${text(title)}</title><style>
:root{color-scheme:light dark}body{font:15px/1.6 system-ui,sans-serif;max-width:1100px;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #8884}
code{font-size:.9em}small{opacity:.7}</style><h1>${text(title)}</h1>${body}</html>`

const marks: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const text = (plain: string): string => plain.replace(/[&<>"']/g, mark => marks[mark]!)
