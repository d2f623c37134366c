/** Seals: what is signed, who keeps them, and what the sealer does when a witness does not agree. */
import assert from 'node:assert/strict'
import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { connect } from './connect.ts'
import { openBooks, type Books } from './ledger.ts'
import { isSigned, sealBytes, sealed, type Seal } from './seal.ts'
import { headsOf } from './seals.heads.ts'
import { newKey, signerIn, signerOf } from './seals.keys.ts'
import { Contradicted, sealBooks } from './seals.sealer.ts'
import { fileWitness, lineOf, readWitness, type Witness } from './seals.witness.ts'

const db = useDatabase()
const signer = signerOf(newKey())
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bursar-seals-'))
const file = (name: string) => path.join(folder, name)
let books: Books
let latest = 0

before(async () => {
  await db.ready
  books = openBooks({ url: db.url })
})
after(async () => {
  await books.close()
  fs.rmSync(folder, { recursive: true })
})

const head = createHash('sha256').update('head').digest()
const at = new Date('2026-11-20T08:00:00.123Z')
const seal = (seq = 12n, book = 1) => sealed({ book, seq, head, at }, signer)

async function newBook(): Promise<number> {
  const book = ++latest
  await books.openBook(book, 'CNY')
  await grow(book)
  return book
}
const grow = (book: number) =>
  books.submit({
    book,
    plan: () => ({ entries: [{ kind: 'memo', id: crypto.randomUUID(), event: 'note' }] }),
  })
const round = (witnesses: readonly Witness[] = [], entries = 1) =>
  sealBooks({ sql: books.sql, signer, witnesses, entries })
const sealsOf = (book: number) =>
  books.sql<{ seq: bigint }>`select seq from ledger.seal where book = ${book} order by seq`

test('a seal that its own key does not know is not kept', async () => {
  const book = await newBook()
  const mixed = { key: signer.key, secret: signerOf(newKey()).secret }
  const sealing = sealBooks({ sql: books.sql, signer: mixed, witnesses: [], entries: 1 })
  await assert.rejects(sealing, /does not fit its own signature/)
  assert.equal((await sealsOf(book)).length, 0)
})

test('a book that has grown is sealed again a minute after its last seal', async () => {
  const book = await newBook()
  const [end] = await books.sql<Pick<Seal, 'seq' | 'head'>>`
    select seq, head from ledger.book where book = ${book}`
  const { seq, key, signature, at } = sealed(
    { book, ...end!, at: new Date(Date.now() - 60_000) },
    signer,
  )
  await books.sql`
    select ledger.keep_seal(${book}, ${seq}, ${end!.head}, ${at}, ${key}, ${signature})`
  await grow(book)
  await sealBooks({ sql: books.sql, signer, witnesses: [] })
  assert.equal((await sealsOf(book)).length, 2)
})

test('what is signed can be put together by anybody who reads how', () => {
  const { key, signature } = seal()
  const bytes = Buffer.concat([
    Buffer.from('\0\rbursar/seal/1'),
    Buffer.from('0020', 'hex'),
    key,
    Buffer.from('00080000000000000001' + '0008000000000000000c' + '0020', 'hex'),
    head,
    Buffer.from('0008', 'hex'),
    Buffer.from(at.getTime().toString(16).padStart(16, '0'), 'hex'),
  ])
  assert.deepEqual(sealBytes(seal()), bytes)
  const x = key.toString('base64url')
  const open = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  assert.ok(verify(null, bytes, open, signature))
})

test('a seal of which anything is changed is no seal', () => {
  const whole = seal()
  assert.ok(isSigned(whole))
  const changed = [
    { book: 2 },
    { seq: 13n },
    { head: Buffer.alloc(32) },
    { at: new Date(at.getTime() + 1) },
    { key: signerOf(newKey()).key },
    { key: Buffer.alloc(3) },
    { signature: Buffer.alloc(64) },
    { signature: Buffer.alloc(0) },
  ]
  for (const change of changed)
    assert.ok(!isSigned({ ...whole, ...change }), Object.keys(change)[0])
})

test('the key is made once, is its owner’s alone to read, and is never another kind', () => {
  const { key } = signerIn(file('key.pem'))
  assert.equal(fs.statSync(file('key.pem')).mode & 0o777, 0o600)
  assert.deepEqual(signerIn(file('key.pem')).key, key)
  assert.throws(() => signerOf('no key'))
  const { privateKey } = generateKeyPairSync('x25519')
  const other = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  assert.throws(() => signerOf(other), /signed with Ed25519/)
})

test('a book is sealed when it has moved, and not again while it stands still', async () => {
  const book = await newBook()
  assert.equal(await round(), 1)
  assert.equal(await round(), 0)
  await grow(book)
  assert.equal(await round([], 10), 0, 'too few entries, too early')
  assert.equal(await sealBooks({ sql: books.sql, signer, witnesses: [], seconds: 0 }), 1)
  assert.deepEqual(
    (await sealsOf(book)).map(({ seq }) => seq),
    [1n, 2n],
  )
})

test('two servers that seal at once keep one seal', async () => {
  const book = await newBook()
  const kept = await Promise.all(Array.from({ length: 8 }, () => round()))
  assert.equal(
    kept.reduce((a, b) => a + b),
    1,
  )
  assert.equal((await sealsOf(book)).length, 1)
})

test('the server’s role can add a seal of what stands, and change or invent none', async () => {
  const book = await newBook()
  await round()
  const pool = connect({ url: db.url, max: 1 })
  const values = `${book}, 1, '\\x${head.toString('hex')}', now(), '\\x${'00'.repeat(32)}', '\\x${'00'.repeat(64)}'`
  for (const attempt of [
    `insert into ledger.seal values (${values})`,
    'update ledger.seal set seq = seq + 1',
    'delete from ledger.seal',
  ])
    await assert.rejects(pool.query(attempt), { code: '42501' }, attempt)
  await assert.rejects(pool.query(`select ledger.keep_seal(${values})`), /has no such head at 1/)
  await pool.end()
})

test('a witness is given each seal, and one that could not be reached what it lacks, in order', async () => {
  const book = await newBook()
  const witness = fileWitness(file('late.jsonl'))
  let away = false
  const shaky: Witness = {
    ...witness,
    take: async one => (away ? Promise.reject(new Error('away')) : witness.take(one)),
  }
  await round([shaky])
  away = true
  for (let more = 0; more < 2; more++) {
    await grow(book)
    await assert.rejects(round([shaky]), /away/)
  }
  away = false
  await round([shaky])
  const told = await Array.fromAsync(readWitness(file('late.jsonl')))
  assert.deepEqual(
    told.filter(one => one.book === book).map(({ seq }) => seq),
    [1n, 2n, 3n],
  )
  assert.ok(told.every(isSigned))
  // A process that begins anew reads where the file stands.
  await round([fileWitness(file('late.jsonl'))])
  assert.equal((await Array.fromAsync(readWitness(file('late.jsonl')))).length, told.length)
})

test('a witness that knows more than the database, or something else, stops the sealing of that book', async () => {
  const book = await newBook()
  const more = fileWitness(file('more.jsonl'))
  await more.take(seal(900n, book))
  await assert.rejects(round([more]), /contradicts book \d+: it knows it up to 900/)
  const other = fileWitness(file('other.jsonl'))
  await other.take(seal(1n, book))
  await assert.rejects(round([other]), /has another head at 1/)
  await assert.rejects(round([more]), Contradicted)
  assert.equal((await sealsOf(book)).length, 0)
  const fresh = await newBook()
  await assert.rejects(round([other]), /has another head at 1/)
  assert.equal((await sealsOf(fresh)).length, 1)
  assert.equal((await other.last(fresh))?.seq, 1n)
})

test('all that goes wrong in one round is told together', async () => {
  const [one, other] = [await newBook(), await newBook()]
  const ahead = fileWitness(file('ahead.jsonl'))
  for (const book of [one, other]) await ahead.take(seal(900n, book))
  await assert.rejects(round([ahead]), (error: AggregateError) => {
    assert.equal(error.errors.length, 2)
    for (const book of [one, other])
      assert.match(error.message, new RegExp(`book ${book}: it knows`))
    return true
  })
})

test('a witness that knows nothing of a book begins with its newest seal', async () => {
  const book = await newBook()
  await round()
  await grow(book)
  await round([fileWitness(file('later.jsonl'))])
  const told = await Array.fromAsync(readWitness(file('later.jsonl')))
  assert.deepEqual(
    told.filter(one => one.book === book).map(({ seq }) => seq),
    [2n],
  )
})

test('a line that was cut off in the writing is passed over; any other line is not', async () => {
  const [first, second] = [lineOf(seal(1n)), lineOf(seal(2n))]
  const read = async (text: string) => {
    fs.writeFileSync(file('torn.jsonl'), text)
    return (await Array.fromAsync(readWitness(file('torn.jsonl')))).length
  }
  assert.equal(await read(`${first}\n${second.slice(0, 50)}`), 1)
  await fileWitness(file('torn.jsonl')).take(seal(2n))
  assert.equal((await Array.fromAsync(readWitness(file('torn.jsonl')))).length, 2)
  await assert.rejects(
    read(`${first.replace('"1"', '"x"')}\n${second}\n`),
    /Line 1 of .* is no seal/,
  )
  const noHex = first.replace(/"head":"../, '"head":"zz')
  await assert.rejects(read(`${noHex}\n${second}\n`), /Line 1 of .* is no seal/)
  await assert.rejects(read(`${first}\n${second.slice(0, 50)}\n${first}\n`), /Line 2/)
  assert.equal((await Array.fromAsync(readWitness(file('none.jsonl')))).length, 0)
  assert.equal(await read(`${first}\n${second.slice(0, 50)}\n${second}\n${first}\n`), 3)
})

test('a witness’s file is its lines and nothing else, which everybody may read', async () => {
  const umask = process.umask(0o022)
  for (const seq of [1n, 2n]) await fileWitness(file('lines.jsonl')).take(seal(seq))
  process.umask(umask)
  const text = fs.readFileSync(file('lines.jsonl'), 'utf8')
  assert.equal(text, `${lineOf(seal(1n))}\n${lineOf(seal(2n))}\n`)
  assert.equal(fs.statSync(file('lines.jsonl')).mode & 0o777, 0o644)
})

test('a witness that cannot be read is not one that has nothing', async () => {
  fs.writeFileSync(file('plain'), '')
  const inside = path.join(file('plain'), 'witness.jsonl')
  await assert.rejects(Array.fromAsync(readWitness(inside)), { code: 'ENOTDIR' })
})

test('a book’s heads: where it stands, what is sealed of it, and which witnesses agree', async () => {
  const book = await newBook()
  const [agrees, silent, contradicts, knowsMore] = [
    'agrees',
    'silent',
    'contradicts',
    'knows more',
  ].map(name => fileWitness(file(`${name}.jsonl`))) as [Witness, Witness, Witness, Witness]
  await round([agrees])
  await contradicts.take(seal(1n, book))
  await knowsMore.take(seal(900n, book))
  await grow(book)
  const heads = await headsOf(books.sql, book, [agrees, silent, contradicts, knowsMore])
  assert.equal(heads!.seq, 2n)
  assert.equal(heads!.seal!.seq, 1n)
  assert.deepEqual(
    heads!.witnesses.map(one => [one.name, one.seq, one.agrees]),
    [
      [file('agrees.jsonl'), 1n, true],
      [file('silent.jsonl'), undefined, true],
      [file('contradicts.jsonl'), 1n, false],
      [file('knows more.jsonl'), 900n, false],
    ],
  )
  assert.equal((await headsOf(books.sql, await newBook(), [agrees]))!.seal, undefined)
  assert.equal(await headsOf(books.sql, 999_999, [agrees]), undefined)
})
