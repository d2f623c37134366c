/** Two-phase: reserve, then settle in whole or in part, or give it back, or let it run out. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { openBooks, type Draft, type Refusal } from '@bursar/ledger'
import { migrate } from '@bursar/ledger/migrate'
import { parse } from '@bursar/money'

const url = process.env['DATABASE_URL']!
await migrate(url)
const books = openBooks({ url })
await books.openBook(1, 'EUR')
const say = (...entries: Draft[]) => books.submit({ book: 1, plan: () => ({ entries }) })
const named = () => ({ id: randomUUID(), event: 'example' })
const sides = { debit: 'member/ann', credit: 'hotel/desk' } as const
const pend = (sum: string) => ({ ...named(), ...sides, amount: parse(sum, 'EUR') })
const show = async (when: string) => {
  const [ann, desk] = await books.balances(1, ['member/ann', 'hotel/desk'])
  console.log(`${when}: Ann ${ann!.posted}, reserved ${ann!.out}; desk ${desk!.posted}`)
}

await say(
  { ...named(), kind: 'open', account: 'bank/giro', floor: null },
  { ...named(), kind: 'open', account: 'member/ann' },
  { ...named(), kind: 'open', account: 'hotel/desk' },
)
const paidIn = { ...named(), kind: 'post', debit: 'bank/giro', credit: 'member/ann' } as const
await say({ ...paidIn, amount: parse('100.00', 'EUR') })

const deposit = pend('80.00')
await say({ ...deposit, kind: 'pend' })
await show('a deposit of 80.00 is reserved')

const more = await say({ ...pend('30.00'), kind: 'pend' }).catch((error: Refusal) => error.code)
console.log('30.00 more:', more)

await say({ ...named(), kind: 'settle', pend: deposit.id, amount: parse('55.00', 'EUR') })
await show('55.00 of it is settled, the rest released')

const twice = await say({ ...named(), kind: 'void', pend: deposit.id }).catch(
  (error: Refusal) => error.code,
)
console.log('it ends once:', twice)

await say({ ...pend('10.00'), kind: 'pend', expiresAt: new Date(Date.now() + 1000) })
await show('10.00 is reserved for a second')
await sleep(1100)
console.log('run out:', await books.expire(1))
await show('afterwards')
await books.close()
