/**
 * `npm run ledger:verify`: adds the books up again from nothing and says whether they are what they say,
 * or which row is the first that is not. Ends with 1 if any book is wrong.
 *
 *   -- --book 1            one book; else all
 *   -- --witness FILE      heads kept outside, each one compared; may be given several times
 *   -- --archive FOLDER    where the files of archived books are, which then are proved from nothing
 *   -- --key HEX           a public key that may seal; else those that the witnesses name
 *   -- --url postgres://…  another database; else DATABASE_URL, else this checkout's own
 *   -- --data FOLDER       another data folder
 *   -- --json              the outcome for machines
 */
import fs from 'node:fs'
import path from 'node:path'
import { Hindrance } from '@bursar/database'
import { testimonies, verifyBooks, type Proof } from '@bursar/ledger/verify'
import { findBooks } from './books.ts'
import { optionsOf } from './options.ts'

const values = optionsOf({
  book: { type: 'string' },
  witness: { type: 'string', multiple: true },
  archive: { type: 'string' },
  key: { type: 'string', multiple: true, default: [] },
  url: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean', default: false },
})

async function verify(): Promise<number> {
  const { url, folder, stop } = await findBooks({ url: values.url, data: values.data }, process.env)
  try {
    const { outside, trusted } = await testimonies(witnessesIn(folder))
    const given = values.key.map(keyOf)
    const book = values.book === undefined ? {} : { book: bookOf(values.book) }
    const archive = archiveIn(folder)
    const proofs = await verifyBooks(url, {
      ...book,
      ...(archive && { archive }),
      outside,
      trusted: given.length > 0 ? given : trusted,
      progress,
    })
    if (values.json) console.log(JSON.stringify(proofs, plain))
    else proofs.forEach(say)
    if (!values.json && outside.length === 0) console.log(nobodyOutside)
    return proofs.some(({ fault }) => fault) ? 1 : 0
  } finally {
    await stop()
  }
}

/** Those that were named, else the one that stands in the data folder. */
function witnessesIn(folder: string | undefined): string[] {
  for (const file of values.witness ?? [])
    if (!fs.existsSync(file)) throw new Hindrance(`There is no witness at ${file}.`)
  const own = folder && path.join(folder, 'witness.jsonl')
  return values.witness ?? (own && fs.existsSync(own) ? [own] : [])
}

/** The one that was named, else the one that stands in the data folder. */
function archiveIn(folder: string | undefined): string | undefined {
  if (values.archive !== undefined && !fs.existsSync(values.archive))
    throw new Hindrance(`There is no archive at ${values.archive}.`)
  const own = folder && path.join(folder, 'archive')
  return values.archive ?? (own && fs.existsSync(own) ? own : undefined)
}

function keyOf(text: string): Buffer {
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new Hindrance('A public key is 32 bytes, written as 64 hexadecimal digits.')
  return Buffer.from(text, 'hex')
}

function bookOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Hindrance(`"${text}" is not the number of a book.`)
  return Number(text)
}

function progress(book: number, entries: bigint): void {
  if (process.stderr.isTTY) process.stderr.write(`\rBook ${book}: ${count(entries)} entries … `)
}

const nobodyOutside =
  'Nobody outside was asked: a tail cut off, a book rewritten with new hashes or an old backup would not show. --witness FILE asks.'
const count = (number: bigint | number) => number.toLocaleString('en')
const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)

const begins = (after: bigint) =>
  after === 0n
    ? 'Added up from nothing'
    : `Added up from the opening that was signed at entry ${count(after)} (--archive FOLDER adds up what is before)`

function say(proof: Proof): void {
  const { book, currency, entries, after, accounts, openPends, head, kept, ms, fault } = proof
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  if (fault)
    return console.log(`Book ${book} is wrong at entry ${fault.seq}: ${fault.field} ${fault.says}.`)
  const each =
    entries > 10_000n ? `, ${((ms * 1000) / Number(entries)).toFixed(1)} µs an entry` : ''
  console.log(
    [
      `Book ${book} is proved: ${currency}, ${count(entries)} entries, ${count(accounts)} accounts, ${count(openPends)} open pends, in ${(ms / 1000).toFixed(1)} s${each}.`,
      `  ${begins(after)}: the sequence, both sides of every entry, limits and states, pends and their ends,`,
      `  the book's own row, the names of accounts, their balances, what is due. Every link of the chain; its end is`,
      `  ${head.toString('hex')}.`,
      ...Object.entries(kept).map(
        ([keeper, heads]) =>
          `  In ${keeper}: ${count(heads)} ${heads === 1 ? 'head, and it fits' : 'heads, and each fits'}.`,
      ),
    ].join('\n'),
  )
}

try {
  process.exitCode = await verify()
} catch (error) {
  console.error(error instanceof Hindrance ? error.message : error)
  process.exitCode = 1
}
