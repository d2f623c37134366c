/**
 * Our own ledger as it is used: every column, ids that are checked, the hash chain, and a business row
 * that rides in the same transaction. One book, under the server's role, in one process that stays up
 * as a server does: it remembers the accounts that it has used.
 */
import { randomUUID } from 'node:crypto'
import { migrate, newPasswords, prepare, urlOf } from '@bursar/database'
import { openBooks, type Account, type Books, type Draft, type Ride } from '@bursar/ledger'
import { connected, type Server } from '../server.ts'
import { fenEach, type Contender } from './contender.ts'

export const database = 'bursar'
export const book = 1
const atOnce = 250
const ride: Ride = {
  statement: `insert into bench.spend (id, purse, merchant, minor, note)
    select id, purse, merchant, minor, note from $rows`,
  columns: { id: 'text', purse: 'text', merchant: 'text', minor: 'bigint', note: 'text' },
}
const spendTable = `
  create schema bench;
  grant usage on schema bench to bursar_app;
  create table bench.spend (
    id       text        primary key check (id like 'spd\\_%'),
    purse    text        not null,
    merchant text        not null,
    minor    bigint      not null check (minor > 0),
    note     text        not null,
    at       timestamptz not null default now()
  );
  grant insert on bench.spend to bursar_app`

/** The accounts are shared out over the books, and the books are written to in turns. */
export async function bursar(server: Server, accounts: number, number = 1): Promise<Contender> {
  const each = Math.floor(accounts / number)
  const { books } = await ledgerOf(server, each, number)
  let turn = 0
  const transfer = (from: number, to: number, fen: bigint) => {
    const [debit, credit] = [from, to].map(one => Math.floor(one / number) % each)
    const other = debit === credit ? (credit! + 1) % each : credit!
    return spend(books, 1 + (turn++ % number), account(debit!), account(other), fen)
  }
  const open = async () => ({ transfer, close: async () => undefined })
  return { name: 'bursar', open, end: books.close, gathers: true }
}

/**
 * A migrated database with that many funded accounts in each of its books, numbered from 1; and the
 * process's books, which remember all of these accounts.
 */
export async function ledgerOf(
  server: Server,
  accounts: number,
  number = 1,
): Promise<Readonly<{ url: string; ownerUrl: string; books: Books }>> {
  const passwords = newPasswords()
  await prepare(server.url, { database, passwords })
  const ownerUrl = urlOf(server.url, database, 'bursar_owner', passwords)
  await migrate(ownerUrl)
  await using owner = await connected(ownerUrl)
  await owner.query(spendTable)
  const url = urlOf(server.url, database, 'bursar_app', passwords)
  const books = openBooks({ url, max: 20, remember: 4 * accounts })
  for (let each = 1; each <= number; each++) await fund(books, accounts, each)
  await owner.query('vacuum analyze')
  return { url, ownerUrl, books }
}

export const account = (number: number): Account => `purse/pur_${number}`

export function moving(books: Books) {
  const transfer = (from: number, to: number, fen: bigint) =>
    spend(books, book, account(from), account(to), fen)
  return { transfer, close: async () => undefined }
}

export async function spend(
  books: Books,
  book: number,
  debit: Account,
  credit: Account,
  fen: bigint,
): Promise<void> {
  const id = uuid7()
  const subject = `spd_${id}`
  const amount = { minor: fen, currency: 'CNY' }
  const entry = { kind: 'post', id, event: 'spend', subject, debit, credit, amount } as const
  const row = [subject, debit, credit, fen, 'a cup of tea']
  await books.submit({ book, plan: () => ({ entries: [entry], rides: [{ ride, row }] }) })
}

async function fund(books: Books, accounts: number, book: number): Promise<void> {
  await books.openBook(book, 'CNY')
  const custody = { account: 'pool/custody', floor: null, ceiling: 0n } as const
  const open = (entries: Draft[]) => books.submit({ book, plan: () => ({ entries }) })
  await open([{ kind: 'open', id: uuid7(), event: 'open', ...custody }])
  const numbers = Array.from({ length: accounts }, (_, i) => i)
  for (let at = 0; at < accounts; at += atOnce * 16) {
    const commands = Array.from({ length: 16 }, (_, i) => at + i * atOnce)
    await Promise.all(
      commands.map(start => open(numbers.slice(start, start + atOnce).flatMap(purse))),
    )
  }
}

const purse = (number: number): Draft[] => [
  { kind: 'open', id: uuid7(), event: 'open', account: account(number) },
  {
    kind: 'post',
    id: uuid7(),
    event: 'top-up',
    debit: 'pool/custody',
    credit: account(number),
    amount: { minor: fenEach, currency: 'CNY' },
  },
]

/** Time first, as the business's own ids are: random ones would touch the whole index. */
export function uuid7(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}
