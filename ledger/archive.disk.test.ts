/** Archives and the disk: what is written, when it counts, and what is done when it is not what it was. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { useDatabase } from '@bursar/database/testing'
import { Damaged, readArchive } from './archive.file.ts'
import { day, pay, payments, useArchive } from './archive.testing.ts'
import { sealed } from './seal.ts'
import { fileWitness, lineOf } from './seals.witness.ts'

const old = useArchive(useDatabase())
const { forged } = old

/** Does this after each time that something was brought to the disk: a file first, then its folder. */
async function afterSync(t: TestContext, folder: string, each: (time: number) => unknown) {
  await using handle = await open(folder)
  const prototype = Object.getPrototypeOf(handle) as typeof handle
  // oxlint-disable-next-line typescript/unbound-method -- it is given its handle
  const sync = prototype.sync
  let time = 0
  return t.mock.method(prototype, 'sync', async function (this: typeof handle) {
    await sync.call(this)
    await each(++time)
  }).mock
}

async function archivedTo(book: number): Promise<string> {
  const { rows } = await old
    .owner()
    .query('select archived from ledger.book where book = $1', [book])
  return `${rows[0].archived}`
}

test('an archive’s file is on the disk before it has its name, and its name before anything goes', async t => {
  const { book } = await old.oldBook()
  const folder = old.folderOf(book)
  const seen: unknown[] = []
  await afterSync(t, folder, async () => seen.push([await readdir(folder), await archivedTo(book)]))
  const name = path.basename((await old.archive(book)).file)
  assert.deepEqual(seen, [
    [[`${name}.half`], '0'],
    [[name], '0'],
  ])
})

test('a book is written whole that comes faster than the disk takes it', async () => {
  const { book } = await old.oldBook()
  for (let turn = 0; turn < 3; turn++)
    await old.submit(book, ...payments(300), pay('shop/till', 'purse/ann', '300.00'))
  await old.seal()
  old.later(day)
  await old.archive(book)
  assert.equal((await old.prove(book, old.folderOf(book))).fault, undefined)
})

test('nothing goes if the disk gives back something else than was written', async t => {
  const { book } = await old.oldBook()
  const folder = old.folderOf(book)
  const changed = async (change: (bytes: Buffer) => Buffer, says: RegExp) => {
    const mock = await afterSync(t, folder, time => {
      if (time < 2) return
      const file = path.join(folder, fs.readdirSync(folder)[0]!)
      fs.writeFileSync(file, change(fs.readFileSync(file)))
    })
    await assert.rejects(old.archive(book), says)
    mock.restore()
    assert.equal(await archivedTo(book), '0')
  }
  const renamed = (bytes: Buffer) =>
    gzipSync(
      Buffer.from(gunzipSync(bytes).toString('latin1').replace('purse/ann', 'purse/ant'), 'latin1'),
    )
  await changed(
    renamed,
    /^Error: What was written is not what was read\. Book \d+ is wrong at entry 2/,
  )
  await changed(bytes => bytes.subarray(0, -20), /is damaged/)
  await old.archive(book)
  assert.equal((await old.prove(book, folder)).fault, undefined)
})

test('nothing goes if the disk is full or fails, and it can be asked again', async t => {
  const { book } = await old.oldBook()
  const folder = old.folderOf(book)
  const half = path.join(folder, `book-${book}-from-1-to-${await old.ends(book)}.copy.gz.half`)
  fs.symlinkSync('/dev/full', half)
  await assert.rejects(old.archive(book), /ENOSPC|EPERM|EACCES/) // full where the system has such a file
  assert.deepEqual(fs.readdirSync(folder), [])
  const mock = await afterSync(t, folder, time => {
    if (time === 2) throw new Error('the disk fails')
  })
  await assert.rejects(old.archive(book), /the disk fails/)
  mock.restore()
  assert.equal(await archivedTo(book), '0')
  await old.archive(book)
  assert.equal((await old.prove(book, folder)).fault, undefined)
})

test('a witness’s line is on the disk before it answers', async t => {
  const folder = old.folderOf((await old.oldBook()).book)
  const file = path.join(folder, 'witness.jsonl')
  const seen: string[] = []
  await afterSync(t, folder, () => seen.push(fs.readFileSync(file, 'utf8')))
  const head = { book: 1, seq: 1n, head: Buffer.alloc(32), at: old.clock() }
  const seal = sealed(head, old.signer)
  await fileWitness(file).take(seal)
  assert.deepEqual(seen, [`${lineOf(seal)}\n`])
})

test('nothing goes if the database would keep something else than the files give', async t => {
  const { book } = await old.oldBook()
  const name = (was: string, is: string) =>
    forged(`update ledger.account set ref = '${is}' where book = $1 and ref = '${was}'`, book)
  const mock = await afterSync(t, old.folderOf(book), async time => {
    if (time === 2) await name('purse/bob', 'purse/bot')
  })
  await assert.rejects(old.archive(book), /What would stay is not what the files give/)
  mock.restore()
  await name('purse/bot', 'purse/bob')
  assert.equal(await archivedTo(book), '0')
})

const bare = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const row = Buffer.from('\0\x01\0\0\0\x02ok', 'latin1')
const end = Buffer.from([255, 255])

/** How many rows a file of these bytes tells. */
async function rowsIn(bytes: Buffer): Promise<number> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bursar-archive-'))
  const file = path.join(folder, 'told.copy.gz')
  fs.writeFileSync(file, bytes)
  let rows = 0
  try {
    await readArchive({ file, from: 1n, to: 1n }, () => rows++)
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
  return rows
}

test('a file is whole only with its header, its rows and its end', async () => {
  assert.equal(await rowsIn(gzipSync(Buffer.concat([bare, row, row, end]))), 2)
  assert.equal(await rowsIn(gzipSync(Buffer.concat([bare, end]))), 0)
  const other = Buffer.from(bare)
  other[5] = 90
  const none = Buffer.alloc(2)
  for (const parts of [
    [],
    [bare],
    [other, row, end],
    [bare, row],
    [bare, row, none],
    [bare.subarray(0, 9)],
  ])
    await assert.rejects(rowsIn(gzipSync(Buffer.concat(parts))), Damaged)
})

test('a file’s header and its rows may come in pieces, wherever they are cut', async () => {
  // Read by 64 KiB: so much before the data that of these the first piece has only some bytes.
  const zipped = gzipSync(Buffer.concat([bare, row, row, end]), { level: 0 })
  for (const first of [7, 20, 24, 30]) {
    const length = 65_536 - 10 - 2 - 5 - first
    const extra = Buffer.alloc(2 + length)
    extra.writeUInt16LE(length)
    const head = Buffer.from(zipped.subarray(0, 10))
    head[3] = 4 // there is an extra field
    assert.equal(await rowsIn(Buffer.concat([head, extra, zipped.subarray(10)])), 2, `${first}`)
  }
})

test('a file that cannot be read is not one that is damaged, and what its reader throws is told', async () => {
  const { book } = await old.oldBook()
  const archive = await old.archive(book)
  const tells = readArchive(archive, () => {
    throw new TypeError('the reader’s own')
  })
  await assert.rejects(tells, /the reader’s own/)
  fs.renameSync(archive.file, `${archive.file}.aside`)
  fs.mkdirSync(archive.file)
  await assert.rejects(old.prove(book, old.folderOf(book)), { code: 'EISDIR' })
})
