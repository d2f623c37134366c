/** Asking twice is asking once: an id means the same entry for ever. */
import { randomUUID } from 'node:crypto'
import { openBooks, type Draft, type Refusal } from '@bursar/ledger'
import { migrate } from '@bursar/ledger/migrate'
import { parse } from '@bursar/money'

const url = process.env['DATABASE_URL']!
await migrate(url)
const books = openBooks({ url })
await books.openBook(1, 'EUR')
const say = (...entries: Draft[]) => books.submit({ book: 1, plan: () => ({ entries }) })
const open = { kind: 'open', event: 'open' } as const
await say(
  { ...open, id: randomUUID(), account: 'bank/giro', floor: null },
  { ...open, id: randomUUID(), account: 'member/ann' },
)

const payment = (id: string, sum: string): Draft => ({
  kind: 'post',
  id,
  event: 'paid-in',
  debit: 'bank/giro',
  credit: 'member/ann',
  amount: parse(sum, 'EUR'),
})

// Fifty callers who never heard the answer ask at the same moment.
const id = randomUUID()
const answers = await Promise.all(Array.from({ length: 50 }, () => say(payment(id, '20.00'))))
console.log('answers', answers.length, 'done now', answers.filter(({ again }) => !again).length)
console.log('places in the book', new Set(answers.map(({ entries }) => entries[0]!.seq)).size)
console.log('Ann has', (await books.balance(1, 'member/ann'))!.posted, 'cents')

const refused = await say(payment(id, '21.00')).catch((error: Refusal) => error.code)
console.log('the same id with another sum:', refused)
await books.close()
