/** One merchant with a counter, its terminals, and the house that tells them: streams of the API, and the broker. */
import type { AddressInfo } from 'node:net'
import { buildApi } from '@bursar/api'
import { spend } from '@bursar/custody'
import { listenTo } from '@bursar/database'
import { admitsBy, houseOf, serveDevices, startBroker } from '@bursar/gateway-mqtt'
import {
  newId,
  systemClock,
  type Books,
  type MerchantId,
  type PersonId,
  type PurseId,
} from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { makeTerminal, openFollower, openLines, putCounter, readBooks } from '@bursar/notices'
import { bursarTown } from '../town.ts'

export type Shop = Readonly<{
  books: Books
  url: string
  merchant: MerchantId
  /** Its counter has no terminals: a merchant has 5,000 at the most. */
  other: MerchantId
  by: PersonId
  pay(): Promise<void>
}>
export type Made = [terminal: string, secret: string]

export async function openShop(serverUrl: Parameters<typeof bursarTown>[0]): Promise<Shop> {
  const { url, payers } = await bursarTown(serverUrl, 16)
  const books = openBooks({ url, max: 20 })
  const { merchant, purse } = payers[0] as { merchant: MerchantId; purse: PurseId }
  const [member] = await books.sql<{ person: PersonId }>`
    select person from custody.purse where id = ${purse}`
  const by = member!.person
  await readBooks(books)
  const plain = { outlet: null, name: 'counter', large: null, quiet: null, lateSpoken: false }
  const other = payers.at(-1)!.merchant as MerchantId
  const counter = { ...plain, threshold: 'A', patience: 60, open: true } as const
  for (const one of [merchant, other])
    await putCounter(books, { ...counter, id: newId('ctr'), merchant: one })
  const amount = { minor: 1n, currency: 'CNY' }
  const pay = async () =>
    void (await spend(books, { id: newId('spd'), purse, by, merchant, amount }))
  return { books, url, merchant, other, by, pay }
}

const everything = {
  fields: ['amount', 'payer', 'platform', 'order', 'time', 'grade'],
  actions: ['receive'],
  ...{ from: null, to: null, outlets: null, tills: null, hours: null, until: null },
} as const

/** Fifty at a time; those that there are already are not made again. */
export async function terminals({ books, merchant, by }: Shop, made: Made[], count: number) {
  while (made.length < count) {
    const some = Array.from({ length: Math.min(50, count - made.length) }, async (_, no) => {
      const asked = { id: newId('trm'), merchant, by, name: `${made.length + no}`, zone: null }
      const { terminal, secret } = await makeTerminal(books, {
        ...{ ...asked, kind: 'device', ways: ['text'], language: 'en', speaks: false },
        permission: everything,
      })
      return [terminal.id, secret!] as Made
    })
    made.push(...(await Promise.all(some)))
  }
  return made.slice(0, count)
}

export async function serve({ books, url }: Shop) {
  const gate = gateOf()
  const never = () => Promise.reject(new Error('nobody pays here'))
  const api = await buildApi({
    ...{ books, wallets: [{ gateway: 'none', ways: [] } as never] },
    ...{ bank: { gateway: 'bank', verify: never } as never, origin: 'http://127.0.0.1:1' },
    notices: ear => listenTo(url, 'notices', gate.before(ear)),
    limits: { person: 1e6, address: 1e6, door: 1e6 },
    behindMost: 60_000,
  })
  await api.listen({ port: 0, host: '127.0.0.1' })
  const follower = openFollower(books)
  const deafen = listenTo(url, 'notices_books', follower)
  const home = `http://127.0.0.1:${(api.server.address() as AddressInfo).port}`
  const devices = await serveBroker({ books, url }, gate)
  return {
    ...{ home, broker: devices.url, hold: gate.hold },
    close: async () => (
      await devices.close(),
      await deafen(),
      await follower.idle(),
      await api.close()
    ),
  }
}

type Ear = Parameters<typeof listenTo>[2]
type Gate = ReturnType<typeof gateOf>

/** While it is held nobody hears that a stream has moved; then all look how far theirs have come. */
function gateOf() {
  const ears: Ear[] = []
  let isHeld = false
  return {
    before(ear: Ear): Ear {
      ears.push(ear)
      return { heard: payload => void (isHeld || ear.heard(payload)), missed: () => ear.missed() }
    },
    hold() {
      isHeld = true
      return () => {
        isHeld = false
        for (const ear of ears) ear.missed()
      }
    },
  }
}

/** As the product does it with --mqtt. */
async function serveBroker({ books, url }: Pick<Shop, 'books' | 'url'>, gate: Gate) {
  const clock = systemClock
  const log = () => undefined
  const carrier = await startBroker({
    port: 0,
    host: '127.0.0.1',
    admits: admitsBy(books, clock),
    log,
  })
  const lines = openLines(books, clock)
  const deafen = listenTo(url, 'notices', gate.before(lines))
  const serving = serveDevices(carrier, houseOf({ books, clock, lines, log }), log)
  return {
    url: `mqtt://127.0.0.1:${carrier.port}`,
    close: async () => (await serving.stop(), lines.stop(), await deafen()),
  }
}
