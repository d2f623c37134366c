/**
 * `npm run ledger:export -- --book 1 --as hledger > book.journal`: one book, whole, to standard output or
 * to `--to FILE`; `--as csv` likewise. `--url` and `--data` as with ledger:verify.
 *
 *   hledger -f book.journal check --strict
 */
import fs from 'node:fs'
import { once } from 'node:events'
import { Hindrance } from '@bursar/database'
import { NoSuchBook, readOut } from '@bursar/ledger/journal'
import { findBooks } from './books.ts'
import { optionsOf } from './options.ts'

const values = optionsOf({
  book: { type: 'string' },
  as: { type: 'string' },
  to: { type: 'string' },
  url: { type: 'string' },
  data: { type: 'string' },
})

try {
  await exportBook()
} catch (error) {
  const expected = error instanceof Hindrance || error instanceof NoSuchBook
  console.error(expected ? error.message : error)
  process.exitCode = 1
}

async function exportBook(): Promise<void> {
  const { book = '', as } = values
  if (!/^[1-9]\d{0,8}$/.test(book)) throw new Hindrance('Say which book: --book 1.')
  if (as !== 'hledger' && as !== 'csv')
    throw new Hindrance('Say what it should be: --as hledger or --as csv.')
  const { url, stop } = await findBooks({ url: values.url, data: values.data }, process.env)
  const out = values.to === undefined ? process.stdout : fs.createWriteStream(values.to)
  try {
    const { entries, currency } = await readOut(url, Number(book), as, async text => {
      if (!out.write(text)) await once(out, 'drain')
    })
    if (values.to !== undefined) {
      out.end()
      await once(out, 'finish')
    }
    console.error(`Book ${book}: ${entries} entries in ${currency}.`)
  } finally {
    await stop()
  }
}
