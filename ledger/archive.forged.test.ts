/** Archives: whoever changes an archived book, or its files, is named. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { useDatabase } from '@bursar/database/testing'
import { day, pay, payments, useArchive } from './archive.testing.ts'
import { signOpening } from './opening.ts'
import { newKey, signerOf } from './seals.keys.ts'
import { verifyBooks } from './verify.ts'

const db = useDatabase()
const old = useArchive(db)
const { forged } = old

const forgeries: Readonly<Record<string, readonly [sql: string, field: RegExp]>> = {
  'an opening’s sum': [
    `update ledger.entry e set credit_posted = credit_posted + 1 where book = $1 and seq <= (select archived from ledger.book where book = $1) and credit is not null`,
    /ledger\.archive/,
  ],
  'an opening’s hash': [
    `update ledger.entry e set hash = sha256(hash) where book = $1 and seq = (select min(seq) from ledger.entry where book = $1)`,
    /ledger\.archive/,
  ],
  'which of its account’s entries an opening is': [
    `update ledger.opening set nth = nth + 1 where book = $1`,
    /ledger\.archive/,
  ],
  'an account’s name': [
    `update ledger.account set ref = ref || 'x' where book = $1 and ref = 'purse/bob'`,
    /ledger\.archive/,
  ],
  'the id of an archived entry': [
    `update ledger.archived set id = gen_random_uuid() where book = $1 and seq = 7`,
    /ledger\.archived/,
  ],
  'the presence of an archived id': [
    `delete from ledger.archived where book = $1 and seq = 7`,
    /ledger\.archived/,
  ],
  'the opening’s digest': [
    `update ledger.archive set digest = sha256(digest) where book = $1`,
    /ledger\.archive/,
  ],
  'the opening’s signature': [
    `update ledger.archive set signature = sha256(signature) || sha256(signature) where book = $1`,
    /ledger\.archive/,
  ],
  'how far the book is archived': [
    `update ledger.book set archived = archived - 1 where book = $1`,
    /book\.archived/,
  ],
  'that it is archived at all': [`update ledger.book set archived = 0 where book = $1`, /seq/],
  'a kept pend': [`delete from ledger.entry where book = $1 and kind = 2`, /ledger\.archive/],
}

const archivedAgain = `update ledger.book set archived =
  (select max(a.seq) from ledger.archive a where a.book = $1) where book = $1`

for (const [what, [sql, field]] of Object.entries(forgeries))
  test(`of an archived book, ${what} is named where it was changed`, async () => {
    const { book } = await old.oldBook()
    await old.archive(book)
    await forged(sql, book)
    const whole = await old.prove(book, old.folderOf(book))
    assert.match(whole.fault?.field ?? 'nothing', field)
    const alone = await old.prove(book)
    // After every test the books balance, and how depends on this.
    await forged(archivedAgain, book)
    // That an id was changed into another shows in the files alone.
    if (what === 'the id of an archived entry') return
    assert.match(alone.fault?.field ?? 'nothing', field)
    assert.ok(alone.entries <= 1n, 'nothing counts as proved behind what is not')
  })

test('an opening that somebody else has signed is not believed, whatever else fits', async () => {
  const { book } = await old.oldBook()
  await old.archive(book)
  const { rows } = await old
    .owner()
    .query(
      `select book, seq::bigint::text, head, kept::text, digest, key, signature from ledger.archive where book = $1`,
      [book],
    )
  const [kept] = rows
  const opening = { ...kept, seq: BigInt(kept.seq), kept: BigInt(kept.kept) }
  const resigned = (by: { key: Buffer; signature: Buffer }) =>
    forged(
      `update ledger.archive set key = '\\x${by.key.toString('hex')}', signature = '\\x${by.signature.toString('hex')}' where book = $1`,
      book,
    )
  await resigned(signOpening(opening, signerOf(newKey())))
  for (const folder of [undefined, old.folderOf(book)])
    assert.match((await old.prove(book, folder)).fault!.says, /none of the keys that may/)
  await resigned(kept)
  assert.equal((await old.prove(book)).fault, undefined)
  const trusted = [signerOf(newKey()).key, old.signer.key]
  const [proof] = await verifyBooks(db.reportUrl, { book, trusted })
  assert.equal(proof!.fault, undefined, 'one of several keys that may')
})

test('an opening that the files do not give is named, even if the right key signed it', async () => {
  const { book } = await old.oldBook()
  await old.archive(book)
  const read = 'select seq, head, kept, digest from ledger.archive where book = $1'
  const { seq, head, kept, digest } = (await old.owner().query(read, [book])).rows[0]
  const whole = { book, seq: BigInt(seq), head, kept: BigInt(kept), digest }
  const zero = Buffer.alloc(32)
  for (const change of [{ head: zero }, { kept: whole.kept + 1n }, { digest: zero }, {}]) {
    const opening = { ...whole, ...change }
    const { signature } = signOpening(opening, old.signer)
    await forged(
      `update ledger.archive set head = '\\x${opening.head.toString('hex')}', kept = ${opening.kept},
         digest = '\\x${opening.digest.toString('hex')}', signature = '\\x${signature.toString('hex')}'
       where book = $1`,
      book,
    )
    const { fault } = await old.prove(book, old.folderOf(book))
    const [field, says] = fault ? [fault.field, fault.says] : []
    const named = 'head' in change || 'kept' in change || 'digest' in change
    assert.equal(field, named ? 'ledger.archive' : undefined)
    assert.equal(says, named ? "is not what the archive's files give" : undefined)
  }
})

test('a milestone of since the archive is named where it was changed, of whichever account', async () => {
  const { book } = await old.oldBook()
  await old.archive(book)
  await old.submit(book, ...payments(70))
  const till = `where book = $1 and account =
    (select account from ledger.account where book = $1 and ref = 'shop/till')`
  await forged(`update ledger.milestone set nth = nth + 64 ${till}`, book)
  for (const folder of [undefined, old.folderOf(book)]) {
    const { fault } = await old.prove(book, folder)
    assert.equal(fault?.field, 'milestone.nth')
    assert.match(fault.says, /^of shop\/till is /)
  }
  await forged(`update ledger.milestone set nth = nth - 64 ${till}`, book)
  assert.equal((await old.prove(book)).fault, undefined)
})

test('how many ids of archived entries are there, and how many went, is told', async () => {
  const { book } = await old.oldBook()
  const { went } = await old.archive(book)
  const id = `'00000000-0000-4000-8000-000000000000'`
  await forged(`insert into ledger.archived values ($1, ${id}, 7)`, book)
  const { fault } = await old.prove(book)
  assert.equal(fault!.says, `has the ids of ${went + 1n} entries; ${went} went`)
  await forged(`delete from ledger.archived where book = $1 and id = ${id}`, book)
})

test('a file that is cut, changed or gone is named', async () => {
  const { book } = await old.oldBook()
  const { file } = await old.archive(book)
  const bytes = fs.readFileSync(file)
  const named = async (says: RegExp, seq?: bigint) => {
    const { fault } = await old.prove(book, old.folderOf(book))
    assert.equal(fault!.field, 'archive')
    assert.match(fault!.says, says)
    if (seq) assert.equal(fault!.seq, seq)
  }
  fs.writeFileSync(file, bytes.subarray(0, bytes.length >> 1))
  await named(/is damaged/)
  fs.writeFileSync(file, 'no archive')
  await named(/is damaged/, 1n)
  // Rows that have not the cells of an entry: what is behind them is taken for cells.
  const rows = 'PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0' + '\0\x01\0\0\0\x02ok'.repeat(2) + '\xff\xff'
  fs.writeFileSync(file, gzipSync(Buffer.from(rows, 'latin1')))
  await named(/is damaged/, 1n)
  const sum = Buffer.from(bytes)
  sum[sum.length - 8]! ^= 1 // gzip's own sum, behind the last row
  fs.writeFileSync(file, sum)
  await named(/is damaged/)
  fs.writeFileSync(file, bytes)
  assert.equal((await old.prove(book, old.folderOf(book))).fault, undefined)
  fs.renameSync(file, file.replace('from-1-', 'from-2-'))
  await named(/is missing/, 1n)
})

test('a file that nobody was told of, of an archive that failed, is in nobody’s way', async () => {
  const { book } = await old.oldBook()
  const folder = old.folderOf(book)
  const end = await old.ends(book)
  const failed = (from: bigint, to: bigint) =>
    fs.writeFileSync(path.join(folder, `book-${book}-from-${from}-to-${to}.copy.gz`), 'failed')
  failed(1n, end - 20n)
  failed(1n, end + 50n)
  fs.writeFileSync(path.join(folder, `book-${book}1-from-1-to-${end}.copy.gz`), 'of another book')
  fs.writeFileSync(path.join(folder, 'notes.txt'), 'of no book')
  await old.archive(book)
  await old.submit(book, pay('purse/ann', 'shop/till', '1.00'))
  await old.seal()
  old.later(day)
  await old.archive(book)
  assert.equal((await old.prove(book, folder)).fault, undefined)
})

test('a book that is not proved, or of which an earlier file is missing, is not archived', async () => {
  const { book } = await old.oldBook()
  const { file } = await old.archive(book)
  const more = async () => {
    await old.submit(book, pay('purse/ann', 'shop/till', '1.00'))
    await old.seal()
    old.later(day)
  }
  await more()
  await old.archive(book)
  await more()
  fs.renameSync(file, `${file}.aside`)
  await assert.rejects(old.archive(book), /archived up to entry \d+, and the files in .* end at 0/)
  fs.renameSync(`${file}.aside`, file)
  await forged(
    'update ledger.entry set minor = minor + 1 where book = $1 and seq = (select seq from ledger.book where book = $1)',
    book,
  )
  await assert.rejects(old.archive(book), /^Error: Book \d+ is wrong at entry .* Run ledger:verify/)
  assert.equal(fs.readdirSync(old.folderOf(book)).length, 2, 'nothing was written')
})
