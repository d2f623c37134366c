/**
 * `npm run ledger:archive -- --book 1 --before 2025-01-01`: the entries of before then, up to the newest sealed
 * one, go to a file and out of the table; what they came to stays, signed. Says what went, or why nothing did.
 *
 *   -- --to FOLDER         where the book's archive is; else `archive` in the data folder
 *   -- --witness FILE      heads kept outside, each one compared; may be given several times
 *   -- --seal-key FILE     the private key that seals (PEM); else BURSAR_SEAL_KEY, else that of the data folder
 *   -- --url postgres://…  another database, as the owner of its tables; else DATABASE_URL, else this checkout's own
 *   -- --data FOLDER       another data folder
 */
import fs from 'node:fs'
import path from 'node:path'
import { Hindrance } from '@bursar/database'
import { archiveBook, NotArchived } from '@bursar/ledger/archive'
import { signerOf, type Signer } from '@bursar/ledger/seals'
import { testimonies } from '@bursar/ledger/verify'
import { findBooks } from './books.ts'
import { optionsOf } from './options.ts'

const values = optionsOf({
  book: { type: 'string', default: '' },
  before: { type: 'string', default: '' },
  to: { type: 'string' },
  witness: { type: 'string', multiple: true, default: [] },
  'seal-key': { type: 'string' },
  url: { type: 'string' },
  data: { type: 'string' },
})

async function archive(): Promise<void> {
  const { book, before } = values
  if (!/^[1-9]\d{0,8}$/.test(book)) throw new Hindrance('Say which book: --book 1.')
  const moment = new Date(/^\d{4}-\d\d-\d\d$/.test(before) ? before : NaN)
  if (Number.isNaN(moment.getTime()))
    throw new Hindrance('Say from which day on entries stay: --before 2025-01-01.')
  const where = { url: values.url, data: values.data, role: 'bursar_owner' } as const
  const found = await findBooks(where, process.env)
  try {
    const folder = values.to ?? (found.folder && path.join(found.folder, 'archive'))
    if (folder === undefined) throw new Hindrance('Say where the archive is: --to FOLDER.')
    const signer = signerFrom(found.folder)
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    const told = await testimonies(witnessesIn(found.folder))
    const done = await archiveBook({
      ...told,
      url: found.url,
      book: Number(book),
      before: moment,
      folder,
      signer,
    })
    console.log(
      [
        `Book ${book}: entries ${count(done.from)} to ${count(done.to)} are in ${done.file}.`,
        `${count(done.went)} of them, or of those that had stayed before, are no longer in the table; ${count(done.kept)} stay:`,
        'the newest of each account, pends and bars that had not ended, and the last. The file was read back and proved.',
        'Copy it to where the backups are: without it the book is proved from that entry on, not from nothing.',
      ].join('\n'),
    )
  } finally {
    await found.stop()
  }
}

function witnessesIn(folder: string | undefined): string[] {
  for (const file of values.witness)
    if (!fs.existsSync(file)) throw new Hindrance(`There is no witness at ${file}.`)
  const own = folder && path.join(folder, 'witness.jsonl')
  return values.witness.length === 0 && own && fs.existsSync(own) ? [own] : values.witness
}

function signerFrom(folder: string | undefined): Signer {
  const given = values['seal-key'] ?? process.env['BURSAR_SEAL_KEY']
  if (given?.startsWith('-----')) return signerOf(given)
  const file = given ?? (folder && path.join(folder, 'seal.key.pem'))
  if (file === undefined || !fs.existsSync(file))
    throw new Hindrance(
      'Say which key signs the opening: --seal-key FILE, the private key that seals.',
    )
  return signerOf(fs.readFileSync(file, 'utf8'))
}

const count = (number: bigint) => number.toLocaleString('en')

try {
  await archive()
} catch (error) {
  const expected = error instanceof Hindrance || error instanceof NotArchived
  console.error(expected ? error.message : error)
  process.exitCode = 1
}
