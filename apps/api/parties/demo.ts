/** The faces of the demo town. Where there is no demo, there are no such routes: 404. */
import { demoFaces, demoSignIn } from '@bursar/contract'
import { Refusal } from '@bursar/kernel'
import * as parties from '@bursar/parties'
import type { FastifyInstance } from 'fastify'
import { bindOpen } from '../bind.ts'
import type { ApiOptions } from '../options.ts'
import type { Refused } from '../refusals.ts'
import { deviceOf, welcome } from './people.ts'

export function demoRoutes(app: FastifyInstance, { books, demo }: ApiOptions): void {
  const isDemo = () => demo !== undefined
  bindOpen(app, demoFaces, async () => ({ faces: [...(await demo!.faces())] }), isDemo)
  bindOpen(
    app,
    demoSignIn,
    async ({ body: { person }, request, reply }) => {
      // While the town lives its past, nobody may act in its present.
      if (demo!.progress?.().state === 'building') throw new Refusal('busy')
      const faces = await demo!.faces()
      if (!faces.some(face => face.person === person)) throw new Refusal<Refused>('not_found')
      return welcome(
        request,
        reply,
        await parties.openSession(books, { person, ...deviceOf(request) }),
      )
    },
    isDemo,
  )
}
