/** Books that are old enough to be archived, in a database whose clock is stopped. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before } from 'node:test'
import type { useDatabase } from '@bursar/database/testing'
import { cny } from '@bursar/money'
import pg from 'pg'
import { archiveBook } from './archive.ts'
import { openBooks, type Account, type Books, type Draft } from './ledger.ts'
import { newKey, signerOf } from './seals.keys.ts'
import { sealBooks } from './seals.sealer.ts'
import { verifyBooks } from './verify.ts'

export const day = 86_400_000
export const start = Date.parse('2026-01-05T08:00:00.000Z')

const said = (event: string) => ({ id: crypto.randomUUID(), event })
export const open = (account: Account, floor: bigint | null = 0n): Draft => {
  return { ...said('open'), kind: 'open', account, floor }
}
export const pay = (debit: Account, credit: Account, yuan: string): Draft => {
  return { ...said('pay'), kind: 'post', debit, credit, amount: cny(yuan) }
}
export const payments = (number: number) =>
  Array.from({ length: number }, () => pay('purse/ann', 'shop/till', '1.00'))

export type OldBook = Readonly<{
  book: number
  pend: string
  bar: string
  first: Draft
  spent: Draft
}>

/** Payments, and a pend and a bar that stand. */
async function fill(submit: (...entries: Draft[]) => Promise<unknown>) {
  const first = open('pool/bank', null)
  await submit(first, open('purse/ann'), open('purse/bob'), open('shop/till'))
  await submit(pay('pool/bank', 'purse/ann', '500.00'))
  const [spent] = payments(1) as [Draft]
  await submit(spent)
  for (let turn = 0; turn < 3; turn++) await submit(...payments(50))
  const sides = { debit: 'purse/ann', credit: 'shop/till', amount: cny('5.00') } as const
  const pend = { ...said('hold'), kind: 'pend', ...sides } as const
  const bar = { ...said('freeze'), kind: 'bar', account: 'purse/bob', bars: 'both' } as const
  await submit(pend, bar, pay('purse/ann', 'shop/till', '2.00'))
  return { pend: pend.id, bar: bar.id, first, spent }
}

/** Archives all that a book has, in whatever test. From then on its database's clock may be a stopped one. */
export async function archiveWhole(ownerUrl: string, book: number): Promise<void> {
  const signer = signerOf(newKey())
  const owner = openBooks({ url: ownerUrl })
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bursar-archive-'))
  try {
    await owner.sql`insert into ledger.demo default values on conflict do nothing`
    await sealBooks({ sql: owner.sql, signer, witnesses: [], entries: 1, seconds: 0 })
    await archiveBook({ url: ownerUrl, book, before: new Date(Date.now() + day), folder, signer })
  } finally {
    fs.rmSync(folder, { recursive: true })
    await owner.close()
  }
}

/** What a forger does who may do everything in the database. */
async function forged(owner: pg.Client, sql: string, book: number): Promise<void> {
  const tables = ['entry', 'archived', 'opening', 'archive', 'account', 'milestone']
  const triggers = (how: string) =>
    owner.query(tables.map(name => `alter table ledger.${name} ${how} trigger user`).join('; '))
  await triggers('disable')
  await owner.query(sql, [book])
  await triggers('enable')
}

/** For the length of a test file; the database is the file's own. */
export function useArchive(db: ReturnType<typeof useDatabase>) {
  const signer = signerOf(newKey())
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bursar-archive-'))
  const clock = () => new Date(now)
  let now = start
  let books: Books
  let owner: pg.Client
  let latest = 0

  before(async () => {
    await db.ready
    owner = new pg.Client({ connectionString: db.ownerUrl })
    owner.on('error', () => undefined) // it is ended with the database
    await owner.connect()
    await owner.query('insert into ledger.demo default values')
    books = openBooks({ url: db.url, clock })
  })
  after(async () => {
    await books.close()
    await owner.end()
    fs.rmSync(root, { recursive: true })
  })

  const submit = (book: number, ...entries: Draft[]) =>
    books.submit({ book, plan: () => ({ entries }) })
  const seal = () => sealBooks({ sql: books.sql, signer, witnesses: [], entries: 1, seconds: 0 })
  const folderOf = (book: number) => path.join(root, `${book}`)

  /** Of ten days ago, and sealed. */
  async function oldBook(): Promise<OldBook> {
    const book = ++latest
    fs.mkdirSync(folderOf(book))
    await books.openBook(book, 'CNY')
    const made = await fill((...entries) => submit(book, ...entries))
    await seal()
    now += 10 * day
    return { book, ...made }
  }

  return {
    ...{ clock, signer, submit, seal, folderOf, oldBook },
    books: () => books,
    owner: () => owner,
    later: (ms: number) => void (now += ms),
    archive: (book: number, until = now + 1, by = signer, url = db.ownerUrl) =>
      archiveBook({
        url,
        book,
        before: new Date(until),
        folder: folderOf(book),
        signer: by,
      }),
    forged: (sql: string, book: number) => forged(owner, sql, book),
    /** With a folder from nothing, without from the opening on. */
    prove: async (book: number, archive?: string) => {
      const asked = { book, trusted: [signer.key], ...(archive && { archive }) }
      return (await verifyBooks(db.reportUrl, asked))[0]!
    },
    ends: async (book: number) => {
      const [row] = await books.sql<{
        seq: bigint
      }>`select seq from ledger.book where book = ${book}`
      return row!.seq
    },
  }
}
