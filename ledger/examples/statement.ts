/** Reading: a statement page by page, a balance as of a moment, the feed that loses nothing. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { openBooks, type Draft } from '@bursar/ledger'
import { migrate } from '@bursar/ledger/migrate'
import { format, money } from '@bursar/money'

const url = process.env['DATABASE_URL']!
await migrate(url)
const books = openBooks({ url })
await books.openBook(1, 'EUR')
const say = (...entries: Draft[]) => books.submit({ book: 1, plan: () => ({ entries }) })
const named = () => ({ id: randomUUID(), event: 'example' })
const euros = (minor: bigint) => format(money(minor, 'EUR'))

await say(
  { ...named(), kind: 'open', account: 'bank/giro', floor: null },
  { ...named(), kind: 'open', account: 'member/ann' },
)
let noon = new Date()
for (const minor of [1000n, 250n, 4999n]) {
  const sides = { debit: 'bank/giro', credit: 'member/ann' } as const
  await say({ ...named(), kind: 'post', ...sides, amount: money(minor, 'EUR') })
  if (minor === 250n) {
    await sleep(20)
    noon = new Date()
    await sleep(20)
  }
}

let before: bigint | undefined
for (;;) {
  const page = await books.statement(1, 'member/ann', { limit: 2, ...(before && { before }) })
  if (page.length === 0) break
  for (const { entry, change, after } of page)
    console.log(`${entry.seq} ${entry.kind} ${euros(change)} then ${euros(after.posted)}`)
  console.log('--')
  before = page.at(-1)!.entry.seq
}

console.log('now', euros((await books.balance(1, 'member/ann'))!.posted))
console.log('at noon', euros((await books.balance(1, 'member/ann', noon))!.posted))

// A reader keeps the last seq that it has worked off, and asks for what came after it.
let last = 2n
for (const { seq, kind } of await books.entries(1, last)) {
  console.log('feed', seq, kind)
  last = seq
}
console.log('nothing after it:', (await books.entries(1, last)).length)
await books.close()
