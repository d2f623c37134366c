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
    throw new Refusal<Refused>('not_found')
  })
}

const wantsPage = ({ method, url, headers }: FastifyRequest): boolean =>
  method === 'GET' &&
  !/^\/(v1|docs|assets)\//.test(url) &&
  (headers.accept ?? '').includes('text/html')
