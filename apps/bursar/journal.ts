/** The structured log: a file in the data folder, because a person at a console reads sentences. */
import fs from 'node:fs'
import path from 'node:path'
import { openLogger } from '@bursar/api/logger'
import { destination, type Logger } from 'pino'

const megabytes = 2 ** 20

export function openJournal(folder: string, environment: NodeJS.ProcessEnv): Logger {
  const level = environment['LOG_LEVEL'] || 'info'
  if (environment['LOG'] === 'stdout' || environment['NODE_ENV'] === 'production')
    return openLogger(level)
  const file = path.join(folder, 'log', 'bursar.log')
  fs.mkdirSync(path.dirname(file), { recursive: true })
  keepOne(file)
  return openLogger(level, destination({ dest: file, sync: true }))
}

/** Two files of about 20 MB at most, looked at when we start. */
function keepOne(file: string): void {
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > 20 * megabytes) fs.renameSync(file, `${file}.1`)
}
