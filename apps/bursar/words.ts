/** What was asked for on the command line. */
import { parseArgs } from 'node:util'
import { Hindrance } from '@bursar/database'

export type Words = Readonly<{
  port: number
  /** An empty installation: no demo town, a set-up page for the first operator. */
  bare: boolean
  /** HTTPS on the local network, so that a phone with a camera can try it. */
  lan: boolean
  /** In a bare installation: play the outside world, which a demo always does. */
  sandbox: boolean
  /** Another data folder than this checkout's own. */
  data: string | undefined
}>

export const usage = `npm start -- [options]

  --bare         an empty installation, without the demo town
  --lan          serve the local network, over HTTPS with a certificate of its own
  --sandbox      with --bare: play the bank and the payment platform
  --port NUMBER  another port than 8080
  --data FOLDER  another data folder than this checkout's own

DATABASE_URL uses another PostgreSQL than the built-in one; README.md tells how to prepare it.`

const options = {
  port: { type: 'string' },
  bare: { type: 'boolean' },
  lan: { type: 'boolean' },
  sandbox: { type: 'boolean' },
  data: { type: 'string' },
  help: { type: 'boolean' },
} as const

/** `help` when that is all that was asked. */
export function wordsOf(args: string[], environment: NodeJS.ProcessEnv): Words | 'help' {
  const { values } = parsed(args)
  if (values.help) return 'help'
  return {
    port: portOf(values.port ?? environment['PORT'] ?? '8080'),
    bare: values.bare ?? false,
    lan: values.lan ?? false,
    sandbox: values.sandbox ?? false,
    data: values.data ?? (environment['BURSAR_DATA'] || undefined),
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false })
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ')
    throw new Hindrance(`${sentence}. "npm start -- --help" lists what there is.`)
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65535) throw new Hindrance(`"${text}" is not a port (1 to 65535).`)
  return port
}
