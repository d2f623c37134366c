/** A PostgreSQL for one test run: nothing durable, in the temp folder, gone at the end. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startPostgres, type Postgres } from './postgres.ts'

export async function startThrowaway(): Promise<Postgres> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bursar-test-'))
  fs.chmodSync(folder, 0o755)
  const remove = () => fs.rmSync(folder, { recursive: true, force: true })
  try {
    const server = await startPostgres({ folder, durable: false })
    const stop = async () => {
      await server.stop()
      remove()
    }
    return { ...server, stop }
  } catch (error) {
    remove()
    throw error
  }
}
