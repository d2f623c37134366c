import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { cny } from '@bursar/money'
import { openBooks, type Account, type Books, type Draft } from './ledger.ts'

const db = useDatabase()
let books: Books
let latest = 0

before(async () => {
  await db.ready
  books = openBooks({ url: db.url })
})
after(() => books.close())

/** A new book with a bank, and purses that hold what is said. */
async function town(purses: Record<Account, string> = {}): Promise<number> {
  const book = ++latest
  await books.openBook(book, 'CNY')
  await say(book, { kind: 'open', account: 'pool/custody', floor: null, ceiling: 0n })
  for (const [account, yuan] of Object.entries(purses) as [Account, string][]) {
    await say(book, { kind: 'open', account })
    if (yuan !== '0.00') await say(book, post('pool/custody', account, yuan))
  }
  return book
}

type Bare = Draft extends infer D
  ? D extends Draft
    ? Omit<D, 'id' | 'event'> & { id?: string }
    : never
  : never
const post = (debit: Account, credit: Account, yuan: string): Bare => ({
  kind: 'post',
  debit,
  credit,
  amount: cny(yuan),
})
const draft = (bare: Bare): Draft => ({ id: randomUUID(), event: 'test', ...bare }) as Draft
const say = (book: number, ...bare: Bare[]) =>
  books.submit({ book, plan: () => ({ entries: drafts(bare) }) })
const drafts = (bare: readonly Bare[]) => bare.map(draft)
const posted = async (book: number, account: Account) =>
  (await books.balance(book, account))?.posted

test('money moves once, and both accounts say so', async () => {
  const book = await town({ 'purse/ann': '100.00', 'merchant/tea': '0.00' })
  const { entries } = await say(book, post('purse/ann', 'merchant/tea', '38.00'))
  assert.equal(entries[0]!.debit!.posted, 62_00n)
  assert.equal(await posted(book, 'purse/ann'), 62_00n)
  assert.equal(await posted(book, 'merchant/tea'), 38_00n)
})

test('the same id is the same entry for ever, and another content is refused', async () => {
  const book = await town({ 'purse/ann': '100.00', 'merchant/tea': '0.00' })
  const id = randomUUID()
  const spend = (yuan: string) =>
    say(book, { ...post('purse/ann', 'merchant/tea', yuan), id } as Bare)
  const said = await Promise.all([spend('60.00'), spend('60.00'), spend('60.00')])
  assert.deepEqual(said.map(one => one.again).toSorted(), [false, true, true])
  const again = await spend('60.00')
  assert.equal(again.again, true)
  assert.deepEqual(again.entries, said.find(one => !one.again)!.entries)
  await assert.rejects(spend('61.00'), { code: 'id_already_used' })
  assert.equal(await posted(book, 'purse/ann'), 40_00n)
})

const refusals: [string, string, (book: number) => Promise<unknown>][] = [
  [
    'more than is there',
    'insufficient_funds',
    book => say(book, post('purse/ann', 'merchant/tea', '100.01')),
  ],
  ['nothing', 'amount_out_of_range', book => say(book, post('purse/ann', 'merchant/tea', '0.00'))],
  [
    'more than 10^15 fen',
    'amount_out_of_range',
    book => say(book, post('pool/custody', 'purse/ann', '10000000000000.01')),
  ],
  [
    'an account to itself',
    'same_account',
    book => say(book, post('purse/ann', 'purse/ann', '1.00')),
  ],
  [
    'an unknown account',
    'no_such_account',
    book => say(book, post('purse/bob', 'purse/ann', '1.00')),
  ],
  [
    'dollars',
    'other_currency',
    book =>
      say(book, {
        kind: 'post',
        debit: 'purse/ann',
        credit: 'merchant/tea',
        amount: { minor: 1n, currency: 'USD' },
      }),
  ],
  [
    'over the ceiling',
    'no_room',
    book =>
      say(
        book,
        { kind: 'limit', account: 'merchant/tea', ceiling: 5n },
        post('purse/ann', 'merchant/tea', '1.00'),
      ),
  ],
  [
    'an account that is there',
    'account_exists',
    book => say(book, { kind: 'open', account: 'purse/ann' }),
  ],
  [
    'out of a sealed account',
    'account_frozen',
    book =>
      say(
        book,
        { kind: 'freeze', account: 'purse/ann', state: 'sealed' },
        post('purse/ann', 'merchant/tea', '1.00'),
      ),
  ],
  [
    'into an account without credits',
    'account_frozen',
    book =>
      say(
        book,
        { kind: 'freeze', account: 'merchant/tea', state: 'no_credits' },
        post('purse/ann', 'merchant/tea', '1.00'),
      ),
  ],
  [
    'a closed account',
    'account_closed',
    book =>
      say(
        book,
        { kind: 'close', account: 'merchant/tea' },
        post('purse/ann', 'merchant/tea', '1.00'),
      ),
  ],
  [
    'closing what is not empty',
    'account_not_empty',
    book => say(book, { kind: 'close', account: 'purse/ann' }),
  ],
  [
    'a floor above the balance',
    'limits_crossed',
    book => say(book, { kind: 'limit', account: 'purse/ann', floor: 100_01n }),
  ],
  [
    'an unknown book',
    'no_such_book',
    () => say(999_999, post('purse/ann', 'merchant/tea', '1.00')),
  ],
  ['an unknown pend', 'no_such_pend', book => say(book, { kind: 'void', pend: randomUUID() })],
]
for (const [what, code, act] of refusals)
  test(`${what}: refused as ${code}, and nothing has moved`, async () => {
    const book = await town({ 'purse/ann': '100.00', 'merchant/tea': '0.00' })
    await assert.rejects(act(book), { code })
    assert.equal(await posted(book, 'purse/ann'), 100_00n)
    assert.equal((await books.balance(book, 'purse/ann'))!.state, 'open')
  })

test('a pend reserves; settling part of it posts that part and releases the rest, once only', async () => {
  const book = await town({ 'purse/ann': '100.00', 'merchant/tea': '0.00' })
  const pend = randomUUID()
  await say(book, {
    kind: 'pend',
    id: pend,
    debit: 'purse/ann',
    credit: 'merchant/tea',
    amount: cny('80.00'),
  } as Bare)
  await assert.rejects(say(book, post('purse/ann', 'merchant/tea', '20.01')), {
    code: 'insufficient_funds',
  })
  await assert.rejects(say(book, { kind: 'settle', pend, amount: cny('80.01') }), {
    code: 'pend_exceeded',
  })
  await say(book, { kind: 'settle', pend, amount: cny('50.00') })
  await assert.rejects(say(book, { kind: 'void', pend }), { code: 'pend_ended' })
  const ann = await books.balance(book, 'purse/ann')
  assert.deepEqual([ann!.posted, ann!.out], [50_00n, 0n])
  assert.equal(await posted(book, 'merchant/tea'), 50_00n)
})

test('a pend that is due expires by the sweeper, and cannot be settled any more', async () => {
  const book = await town({ 'purse/ann': '100.00', 'merchant/tea': '0.00' })
  const pend = randomUUID()
  const expiresAt = new Date(Date.now() + 1000)
  await say(book, {
    kind: 'pend',
    id: pend,
    debit: 'purse/ann',
    credit: 'merchant/tea',
    amount: cny('80.00'),
    expiresAt,
  } as Bare)
  assert.equal(await books.expire(book), 0)
  await new Promise(resolve => setTimeout(resolve, 1100))
  await assert.rejects(say(book, { kind: 'settle', pend }), { code: 'pend_ended' })
  assert.equal(await books.expire(book), 1)
  assert.equal(await books.expire(book), 0)
  assert.equal((await books.balance(book, 'purse/ann'))!.out, 0n)
})

test('linked entries stand or fall together', async () => {
  const book = await town({ 'purse/ann': '100.00', 'merchant/tea': '0.00', 'pool/fees': '0.00' })
  const both = say(
    book,
    post('purse/ann', 'merchant/tea', '99.00'),
    post('purse/ann', 'pool/fees', '2.00'),
  )
  await assert.rejects(both, { code: 'insufficient_funds' })
  assert.equal(await posted(book, 'merchant/tea'), 0n)
})

test('64 callers at once cannot spend 10 twice', async () => {
  const book = await town({ 'purse/ann': '10.00', 'merchant/tea': '0.00' })
  const all = await Promise.allSettled(
    Array.from({ length: 64 }, () => say(book, post('purse/ann', 'merchant/tea', '9.00'))),
  )
  assert.equal(all.filter(one => one.status === 'fulfilled').length, 1)
})

test('a statement is newest first, pages without a gap, and its changes add up to the balance', async () => {
  const book = await town({ 'purse/ann': '100.00', 'merchant/tea': '0.00' })
  for (let i = 1; i <= 5; i++) await say(book, post('purse/ann', 'merchant/tea', `${i}.00`))
  const first = await books.statement(book, 'purse/ann', { limit: 3 })
  const rest = await books.statement(book, 'purse/ann', { before: first.at(-1)!.entry.seq })
  assert.deepEqual(
    first.map(line => line.change),
    [-5_00n, -4_00n, -3_00n],
  )
  const total = [...first, ...rest].reduce((sum, line) => sum + line.change, 0n)
  assert.equal(total, await posted(book, 'purse/ann'))
})

test('a balance as of a moment is what it was then', async () => {
  const book = await town({ 'purse/ann': '100.00', 'merchant/tea': '0.00' })
  const first = await say(book, post('purse/ann', 'merchant/tea', '1.00'))
  await new Promise(resolve => setTimeout(resolve, 5))
  await say(book, post('purse/ann', 'merchant/tea', '2.00'))
  const then = await books.balance(book, 'purse/ann', first.entries[0]!.at)
  assert.equal(then!.posted, 99_00n)
  assert.equal(await books.balance(book, 'purse/ann', new Date(0)), undefined)
})

test('a cold command appends before its commit, and leaves nothing when it is refused', async () => {
  const book = await town({ 'purse/ann': '100.00', 'merchant/tea': '0.00' })
  const entry = draft(post('purse/ann', 'merchant/tea', '30.00'))
  await books.write(async tx => tx.append(book, entry))
  await books.write(async tx => tx.append(book, entry))
  assert.equal(await posted(book, 'purse/ann'), 70_00n)
  const tooMuch = books.write(async tx =>
    tx.append(book, draft(post('purse/ann', 'merchant/tea', '70.01'))),
  )
  await assert.rejects(tooMuch, { code: 'insufficient_funds' })
  await say(book, post('purse/ann', 'merchant/tea', '70.00'))
})

test('two processes on one book, hot and cold at once, lose nothing and spend nothing twice', async () => {
  const book = await town({ 'purse/ann': '50.00', 'merchant/tea': '0.00' })
  const other = openBooks({ url: db.url })
  const one = () => draft(post('purse/ann', 'merchant/tea', '1.00'))
  const all = await Promise.allSettled(
    Array.from({ length: 120 }, async (_, i) => {
      const from = i % 2 ? books : other
      if (i % 3 === 0) return from.write(async tx => tx.append(book, one()))
      return from.submit({ book, plan: () => ({ entries: [one()] }) })
    }),
  )
  await other.close()
  const no = all.filter(each => each.status === 'rejected')
  assert.deepEqual([...new Set(no.map(each => each.reason.code))], ['insufficient_funds'])
  assert.equal(all.length - no.length, 50)
  assert.equal(await posted(book, 'merchant/tea'), 50_00n)
})
