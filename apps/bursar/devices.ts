/** Devices at the counter, where they are asked for: our own broker, or another by its address. */
import { Hindrance, listenTo } from '@bursar/database'
import type { admitsBy, Log } from '@bursar/gateway-mqtt'
import { systemClock as clock, type Books } from '@bursar/kernel'
import { openLines } from '@bursar/notices'
import type { openJournal } from './journal.ts'
import type { Words } from './words.ts'

type Options = Readonly<{
  words: Pick<Words, 'mqtt' | 'lan' | 'host'>
  books: Books
  url: string
  journal: ReturnType<typeof openJournal>
}>

/** Answers how they are let go. */
export async function openDevices({ words, books, url, journal }: Options) {
  const { mqtt } = words
  if (!mqtt) return async () => undefined
  // Two packages that a start without devices need not load.
  const devices = await import('@bursar/gateway-mqtt')
  const log: Log = (event, facts) => journal.warn({ from: 'mqtt', event, ...facts }, 'devices')
  const carrier = await carrierOf(devices, mqtt, words, devices.admitsBy(books, clock), log)
  const lines = openLines(books, clock)
  const forget = devices.forgetsEnded({ books, clock, carrier, log })
  const deafen = listenTo(url, 'notices', {
    heard: payload => (lines.heard(payload), forget.heard(payload)),
    missed: () => (lines.missed(), forget.missed()),
  })
  const house = devices.houseOf({ books, clock, lines, log })
  const serving = devices.serveDevices(carrier, house, log)
  return async () => {
    await serving.stop()
    lines.stop()
    await deafen()
  }
}

async function carrierOf(
  { joinBroker, startBroker }: typeof import('@bursar/gateway-mqtt'),
  mqtt: NonNullable<Words['mqtt']>,
  { lan, host }: Pick<Words, 'lan' | 'host'>,
  admits: ReturnType<typeof admitsBy>,
  log: Log,
) {
  if ('url' in mqtt)
    return joinBroker(mqtt.url, log).catch(() => {
      throw new Hindrance(
        `No broker answers at ${new URL(mqtt.url).host} as MQTT_URL names it, or it knows us not.`,
      )
    })
  const at = { port: mqtt.port, host: lan ? '0.0.0.0' : (host ?? '127.0.0.1') }
  return startBroker({ ...at, admits, log }).catch((error: NodeJS.ErrnoException) => {
    throw new Hindrance(
      `Port ${mqtt.port} of --mqtt cannot be used (${error.code}). Choose another: --mqtt 1884.`,
    )
  })
}
