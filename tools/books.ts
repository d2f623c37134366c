/**
 * Where the books are that a command reads: `--url`, else DATABASE_URL, else the built-in PostgreSQL of
 * this checkout's data folder, which is started for the length of the command if it does not run.
 */
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { dataFolder, Hindrance, startPostgres, urlOf, type Passwords } from '@bursar/database'

export type Where = Readonly<{
  url: string | undefined
  data: string | undefined
  /** As whom the built-in PostgreSQL is asked. Default: the reader. */
  role?: 'bursar_report' | 'bursar_owner'
}>
export type Found = Readonly<{
  url: string
  /** The data folder, where it is the built-in PostgreSQL. */
  folder: string | undefined
  stop(): Promise<void>
}>

const checkout = fileURLToPath(new URL('..', import.meta.url))
const nothingToStop = async () => {}

export async function findBooks(
  { url, data, role = 'bursar_report' }: Where,
  environment: NodeJS.ProcessEnv,
): Promise<Found> {
  const given = url ?? (data === undefined ? environment['DATABASE_URL'] : undefined)
  if (given !== undefined) {
    if (!/^postgres(ql)?:\/\/[^/]/.test(given))
      throw new Hindrance('The books have an address like postgres://user:password@host:5432/name.')
    return { url: given, folder: undefined, stop: nothingToStop }
  }
  const folder = data ?? environment['BURSAR_DATA'] ?? dataFolder(checkout)
  const file = path.join(folder, 'passwords.json')
  if (!fs.existsSync(file))
    throw new Hindrance(
      `There are no books in ${folder}: "npm start" makes them, --url names others.`,
    )
  const passwords = JSON.parse(fs.readFileSync(file, 'utf8')) as Passwords
  const port = runningAt(folder)
  const server = port ? undefined : await startPostgres({ folder })
  const base = server?.url ?? `postgres://127.0.0.1:${port}`
  return {
    url: urlOf(base, 'bursar', role, passwords),
    folder,
    stop: async () => server?.stop(),
  }
}

/** The port of the PostgreSQL that runs on the folder, by its own note: process, folder, start, port. */
function runningAt(folder: string): number | undefined {
  const note = path.join(folder, 'postgres/postmaster.pid')
  if (!fs.existsSync(note)) return undefined
  const [process, , , port] = fs.readFileSync(note, 'utf8').split('\n')
  return fs.existsSync(`/proc/${process}`) ? Number(port) : undefined
}
