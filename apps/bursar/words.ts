/** What was asked for on the command line. */
import { parseArgs } from 'node:util'
import { Hindrance, leastBuffers } from '@bursar/database'
import { mqttOf, type Mqtt } from '@bursar/gateway-mqtt/words'
import { hostOf, originOf, proxiesOf, tokenOf } from './edges.ts'

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
  /** Where we listen, where that is not this machine alone. */
  host: string | undefined
  /** Where people reach us, as their browser writes it, when a proxy stands before us. */
  origin: string | undefined
  /** The proxies whose word we take for where a request comes from. */
  proxies: readonly string[] | undefined
  /** What opens /metrics to others than this machine. */
  metricsToken: string | undefined
  /** Megabytes of the built-in PostgreSQL's buffers, where that is not a quarter of the memory. */
  buffers: number | undefined
  /** Where devices are told: at a broker of our own, or another. Not said: no device is. */
  mqtt: Mqtt | undefined
}>

export const usage = `npm start -- [options]

  --bare         an empty installation, without the demo town
  --lan          serve the local network, over HTTPS with a certificate of its own
  --sandbox      with --bare: play the bank and the payment platform
  --port NUMBER  another port than 8080
  --data FOLDER  another data folder than this checkout's own
  --origin URL   where people reach us through a proxy: https://pay.example
  --proxy LIST   addresses of the proxies that may say who asks: 10.0.0.2,10.1.0.0/16
  --mqtt PORT    a broker for loudspeakers and lamps at the counter; with --lan for the local network
  --host ADDRESS with --origin: listen here, for a proxy on another machine

PORT, BURSAR_DATA, PUBLIC_ORIGIN, TRUSTED_PROXY and BURSAR_HOST say the same; METRICS_TOKEN opens /metrics
to whoever brings it. BURSAR_BUFFERS says how many megabytes the built-in PostgreSQL's buffers have. MQTT_URL names a broker of your own. DATABASE_URL uses another PostgreSQL than the built-in one; README.md tells how to prepare it.`

const options = {
  port: { type: 'string' },
  bare: { type: 'boolean' },
  lan: { type: 'boolean' },
  sandbox: { type: 'boolean' },
  data: { type: 'string' },
  origin: { type: 'string' },
  proxy: { type: 'string' },
  host: { type: 'string' },
  mqtt: { type: 'string' },
  help: { type: 'boolean' },
} as const

/** `help` when that is all that was asked. */
export function wordsOf(args: string[], environment: NodeJS.ProcessEnv): Words | 'help' {
  const { values } = parsed(args)
  if (values.help) return 'help'
  const said = (name: string) => environment[name] || undefined
  const origin = originOf(values.origin ?? said('PUBLIC_ORIGIN'))
  return {
    port: portOf(values.port ?? environment['PORT'] ?? '8080'),
    bare: values.bare ?? false,
    lan: values.lan ?? false,
    sandbox: values.sandbox ?? false,
    data: values.data ?? said('BURSAR_DATA'),
    origin,
    host: hostOf(values.host ?? said('BURSAR_HOST'), origin, values.lan ?? false),
    proxies: proxiesOf(values.proxy ?? said('TRUSTED_PROXY')),
    metricsToken: tokenOf(said('METRICS_TOKEN')),
    buffers: buffersOf(said('BURSAR_BUFFERS')),
    mqtt: devicesAt(values.mqtt, said('MQTT_URL')),
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

function devicesAt(port: string | undefined, url: string | undefined): Mqtt | undefined {
  const meant = mqttOf(port, url)
  if (typeof meant === 'string') throw new Hindrance(meant)
  return meant
}

function buffersOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const megabytes = /^\d{2,6}$/.test(text) ? Number(text) : 0
  if (megabytes >= leastBuffers) return megabytes
  throw new Hindrance(`BURSAR_BUFFERS is not a number of megabytes from ${leastBuffers} on.`)
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65535) throw new Hindrance(`"${text}" is not a port (1 to 65535).`)
  return port
}
