/** Ready for shards: what consumers and merchants do all day rests on rows of one book, or of every node. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { distributedTables, tellPlans, withoutBook, type Told } from '@bursar/database/testing'
import { newId, type Books } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { cny } from '@bursar/money'
import { issueCode } from './codes.ts'
import { createMerchantCode } from './merchantCodes.ts'
import { charge, spend } from './spends.ts'
import { useTown } from './testing.ts'

const town = useTown()
let tables: ReadonlySet<string>
let told: () => Told[]
let watched: Books

before(async () => {
  await town.database.ready
  tables = await distributedTables(town.database.superUrl)
  told = await tellPlans(town.database.superUrl, town.url)
  watched = openBooks({ url: town.url })
})
after(() => watched.close())

/** What rides finds the book in its own rows: see database/README.md, on a cluster. */
const rides = /update custody\.code c set used_by = row\.used_by/

/** The ledger answers for its own tables. */
const faults = () => {
  const all = told()
  assert.ok(all.length > 0, 'the plans are told')
  return all
    .flatMap(one => withoutBook(one, tables))
    .filter(one => / of custody\./.test(one) && !rides.test(one))
}

const till = newId('per')
type Town = { merchant: Awaited<ReturnType<typeof town.merchant>>; confirms?: boolean }
const member = ({ merchant }: Town) => town.member(merchant, '100.00')
type Member = Awaited<ReturnType<typeof member>>
const pay = (merchant: Town['merchant'], { person: by, purse }: Member, more = {}) =>
  spend(watched, { id: newId('spd'), purse, by, merchant, amount: cny('3.00'), ...more })

test('P1-03 a spend, by each kind of code and by none, touches its own book alone', async () => {
  const merchant = await town.merchant()
  const ann = await member({ merchant })
  const made = { merchant, by: till }
  const wall = await createMerchantCode(town.books, { id: newId('mcd'), ...made })
  const till20 = { id: newId('mcd'), ...made, amount: cny('3.00') }
  const { id: screen } = await createMerchantCode(town.books, till20)
  told()
  const id = newId('spd')
  for (const more of [{ id }, { id }, { merchantCode: wall.id }, { merchantCode: screen }])
    await pay(merchant, ann, more)
  assert.deepEqual(faults(), [])
})

test('P1-04 a one-time code is issued and charged in its own book alone', async () => {
  const merchant = await town.merchant()
  const { person: by, purse } = await member({ merchant })
  told()
  const { code } = await issueCode(watched, { id: newId('cod'), purse, by })
  await charge(watched, { id: newId('spd'), merchant, by: till, code, amount: cny('3.00') })
  assert.deepEqual(faults(), [])
})

test('a look for a spend in all books is found out', async () => {
  told()
  await watched.sql`select from custody.spend where id = ${'spd_none'}`
  assert.match(faults().join(), /Scan of custody\.spend in: select from custody\.spend/)
})
