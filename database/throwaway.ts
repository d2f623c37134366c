/** A PostgreSQL for one test run: nothing durable, in memory or in the temp folder, gone at the end. */
import fs from 'node:fs'
import path from 'node:path'
import { startPostgres, type Postgres } from './postgres.ts'
import { newScratch, scratchPlaces } from './scratch.ts'

const mark = 'bursar-test-'
const remove = (folder: string) => fs.rmSync(folder, { recursive: true, force: true })

export async function startThrowaway(): Promise<Postgres> {
  removeForgotten()
  const folder = newScratch(`${mark}${process.pid}-`)
  try {
    const server = await startPostgres({ folder, durable: false })
    const stop = async () => {
      await server.stop()
      remove(folder)
    }
    return { ...server, stop }
  } catch (error) {
    remove(folder)
    throw error
  }
}

/** What a killed run left: its folder carries the number of a process that is no more. */
function removeForgotten(): void {
  for (const place of scratchPlaces())
    for (const name of fs.readdirSync(place)) {
      const pid = name.startsWith(mark) ? Number(name.slice(mark.length).split('-')[0]) : 0
      if (!pid || fs.existsSync(`/proc/${pid}`)) continue
      try {
        remove(path.join(place, name))
      } catch {
        // Another user's.
      }
    }
}
