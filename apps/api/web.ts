/** The web app: its files for ever, its one page for every address that is nobody else's. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import files from '@fastify/static'
import { Refusal } from '@bursar/kernel'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Refused } from './refusals.ts'

export async function serveWeb(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const page = folder !== undefined && existsSync(join(folder, 'index.html'))
  if (page)
    await app.register(files, {
      root: folder,
      cacheControl: false,
      // The build lays a `.br` beside each file.
      preCompressed: true,
      setHeaders: (reply, path) =>
        void reply.header(
          'cache-control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        ),
    })
  app.setNotFoundHandler((request, reply) => {
    if (page && wantsPage(request)) return reply.code(200).sendFile('index.html')
    const allowed = methodsAt(app, request.url)
    if (allowed.length) {
      reply.header('allow', allowed.join(', '))
      throw new Refusal<Refused>('method_not_allowed')
    }
    throw new Refusal<Refused>('not_found')
  })
}

const wantsPage = ({ method, url, headers }: FastifyRequest): boolean =>
  method === 'GET' &&
  !/^\/(v1|docs|assets)\//.test(url) &&
  (headers.accept ?? '').includes('text/html')

/** What may be done at an address of the contract, where what was asked may not. */
function methodsAt({ registered }: FastifyInstance, url: string): string[] {
  const asked = url.replace(/\?.*$/s, '').split('/')
  const fits = (path: string) => {
    const parts = path.split('/')
    return (
      parts.length === asked.length &&
      parts.every((part, i) => (part.startsWith(':') ? asked[i] !== '' : part === asked[i]))
    )
  }
  const there = registered.filter(({ contract, path }) => contract && fits(path))
  return [...new Set(there.map(({ method }) => method))]
}
