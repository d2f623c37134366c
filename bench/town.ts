/** The same people, merchants and money for both servers of bench:spend. */
import { createHash, randomBytes } from 'node:crypto'
import { migrate, newPasswords, prepare, urlOf } from '@bursar/database'
import { admitMerchant, join, openPool } from '@bursar/custody'
import { newId, transferId, type Books, type MerchantId, type PersonId } from '@bursar/kernel'
import { openBooks, type Draft } from '@bursar/ledger'
import { appoint, applyMerchant, decideMerchant, foundInstitution, register } from '@bursar/parties'
import { connected, type Server } from './server.ts'

const book = 1
const fenEach = 400_000n
const members = 8
export const password = 'a bench is not a bank'

/** One who pays: where, with what, and how it is known again. */
export type Payer = { purse: string; merchant: string; login: string; cookie: string }
export type Town = Readonly<{ url: string; payers: Payer[] }>

/** Everybody belongs to one merchant, eight to each unless told, and has 4,000 yuan. More than eight have no password. */
export async function bursarTown(
  server: Server,
  people: number,
  each = members,
): Promise<Town & Readonly<{ owners: readonly string[] }>> {
  const passwords = newPasswords()
  await prepare(server.url, { database: 'bursar', passwords })
  await migrate(urlOf(server.url, 'bursar', 'bursar_owner', passwords))
  const url = urlOf(server.url, 'bursar', 'bursar_app', passwords)
  const books = openBooks({ url })
  try {
    const pool = await founded(books)
    const [payers, owners]: [Payer[], string[]] = [[], []]
    while (payers.length < people) {
      const { merchant, owner } = await merchantOf(books, pool.reviewer)
      owners.push(owner)
      await admitMerchant(books, { merchant, pool: pool.id })
      for (let added = 0; added < each; added += members) {
        const some = Array.from({ length: members }, () => member(books, merchant, each > members))
        payers.push(...(await Promise.all(some)))
      }
    }
    return { url, payers, owners }
  } finally {
    await books.close()
  }
}

async function founded(books: Books) {
  const [bank, supervisor, operator] = [newId('ins'), newId('ins'), newId('ins')]
  await foundInstitution(books, { id: operator, kind: 'operator', name: 'operator' })
  await foundInstitution(books, { id: bank, kind: 'bank', name: 'bank' })
  await foundInstitution(books, { id: supervisor, kind: 'supervisor', name: 'supervisor' })
  const reviewer = await person(books)
  await appoint(books, { institution: operator, person: reviewer.id, role: 'reviewer', by: null })
  const id = newId('pol')
  await openPool(books, { id, book, name: 'bench', currency: 'CNY', bank, supervisor })
  return { id, reviewer: reviewer.id }
}

async function merchantOf(books: Books, reviewer: PersonId) {
  const [id, owner] = [newId('mer'), await person(books)]
  const payee = { bank: 'bank', account: '6217000000001234', name: 'bench' }
  const paper = { licence: id, representative: 'bench', address: 'bench', payee }
  const ask = { id, by: owner.id, name: 'bench', trade: 'teahouse', ...paper } as const
  await applyMerchant(books, ask)
  await decideMerchant(books, { merchant: id, by: reviewer, step: 'approve' })
  return { merchant: id as MerchantId, owner: owner.email }
}

async function person(books: Books) {
  const id = newId('per')
  const email = `${id.slice(4)}@example.com`
  await register(books, { id, name: 'bench', email, password, locale: 'en' })
  return { id, email }
}

/** Nobody signs in as them. */
async function unknown({ sql }: Books) {
  const id = newId('per')
  const email = `${id.slice(4)}@example.com`
  await sql`insert into parties.person (id, name, email, locale) values (${id}, 'bench', ${email}, 'en')`
  return { id, email }
}

async function member(books: Books, merchant: MerchantId, nameless: boolean): Promise<Payer> {
  const { id, email } = await (nameless ? unknown(books) : person(books))
  const purse = await join(books, { person: id, merchant })
  const amount = { minor: fenEach, currency: 'CNY' }
  const entry: Draft = {
    kind: 'post',
    id: transferId(purse.id, 'bench'),
    event: 'top-up',
    debit: 'pool/transit-in',
    credit: `purse/${purse.id}`,
    amount,
  }
  await books.submit({ book, plan: () => ({ entries: [entry] }) })
  return { purse: purse.id, merchant, login: email, cookie: '' }
}

const plainTables = `
  create schema plain;
  create table plain.session (hash bytea primary key, person text not null, ends_at timestamptz not null);
  create table plain.merchant (id text primary key, earned bigint not null default 0);
  create table plain.purse (id text primary key, person text not null,
    merchant text not null references plain.merchant, minor bigint not null check (minor >= 0));
  create table plain.spend (id uuid primary key, purse text not null references plain.purse,
    merchant text not null, minor bigint not null check (minor > 0), note text not null, key text not null,
    purse_after bigint not null, merchant_after bigint not null, at timestamptz not null default now(),
    unique (purse, key));
  create index on plain.spend (merchant, at)`

export async function plainTown(server: Server, people: number): Promise<Town> {
  const url = await server.create('plain')
  await using client = await connected(url)
  await client.query(plainTables)
  const payers = Array.from({ length: people }, (_, i) => ({
    purse: `pur_${i}`,
    merchant: `mer_${Math.floor(i / members)}`,
    login: '',
    cookie: `session=${randomBytes(32).toString('base64url')}`,
  }))
  const merchants = [...new Set(payers.map(({ merchant }) => merchant))]
  await client.query('insert into plain.merchant (id) select unnest($1::text[])', [merchants])
  await client.query(
    `insert into plain.purse (id, person, merchant, minor)
     select id, 'per' || id, merchant, $3 from unnest($1::text[], $2::text[]) as p (id, merchant)`,
    [payers.map(one => one.purse), payers.map(one => one.merchant), fenEach],
  )
  const hash = ({ cookie }: Payer) => createHash('sha256').update(cookie.slice(8)).digest()
  await client.query(
    `insert into plain.session select hash, 'per' || id, now() + interval '1 hour'
     from unnest($1::bytea[], $2::text[]) as s (hash, id)`,
    [payers.map(hash), payers.map(one => one.purse)],
  )
  await client.query('vacuum analyze')
  return { url, payers }
}
