/** Our API as it is served, without the limits per person that a measurement would run into. */
import { buildApi } from '@bursar/api'
import { openBooks } from '@bursar/ledger'
import { tellParent } from './serve.ts'

const url = process.env['BENCH_URL'] ?? ''
const unasked = new Proxy({}, { get: (_, name) => (name === 'gateway' ? 'unasked' : undefined) })
const app = await buildApi({
  books: openBooks({ url }),
  origin: 'http://localhost',
  wallets: [unasked] as never,
  bank: unasked as never,
  logger: false,
  limits: { person: Infinity, address: Infinity, door: Infinity },
})
tellParent(await app.listen({ port: 0, host: '127.0.0.1' }))
