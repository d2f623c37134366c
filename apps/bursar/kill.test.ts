/**
 * kill -9 at any moment under load, of the server and of PostgreSQL: what was acknowledged is there
 * once; what got no answer becomes definite when it is sent again with its key.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { admitMerchant, join, openPool } from '@bursar/custody'
import { urlOf } from '@bursar/database'
import { newId, transferId, type PurseId } from '@bursar/kernel'
import { openBooks, type Books } from '@bursar/ledger'
import { checkBooks } from '@bursar/ledger/testing'
import { cny } from '@bursar/money'
import * as parties from '@bursar/parties'
import { aPort, newFolder, processesOn, start, type Started } from './start.testing.ts'

const payers = 12
const password = 'a long way round'
const filled = cny('1000.00')
let folder: string
let port: number
let running: Started | undefined

before(async () => {
  folder = newFolder()
  port = await aPort()
})
after(async () => {
  running?.kill('SIGTERM')
  await running?.ended
  fs.rmSync(folder, { recursive: true, force: true })
})

async function begin(): Promise<Started> {
  const one = start(['--bare', '--data', folder, '--port', `${port}`])
  await one.shows(/Bursar is ready/)
  return (running = one)
}

const pidFile = () =>
  fs.readFileSync(path.join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')

function databaseUrl(role: 'bursar_app' | 'bursar_owner'): string {
  const passwords = JSON.parse(fs.readFileSync(path.join(folder, 'passwords.json'), 'utf8'))
  return urlOf(`postgres://127.0.0.1:${pidFile()[3]}/postgres`, 'bursar', role, passwords)
}

type Payer = Readonly<{ purse: PurseId; merchant: string; cookie: string }>
type Wish = { payer: Payer; key: string; id: string | undefined }

/** A pool, a merchant, and people with 1,000 yuan each, who are signed in. */
async function found(books: Books): Promise<Payer[]> {
  const [operator, bank, supervisor, id] = [newId('ins'), newId('ins'), newId('ins'), newId('pol')]
  for (const [one, kind] of [
    [operator, 'operator'],
    [bank, 'bank'],
    [supervisor, 'supervisor'],
  ] as const)
    await parties.foundInstitution(books, { id: one, kind, name: kind })
  const person = async () => {
    const one = newId('per')
    const email = `${one.slice(4)}@example.org`
    await parties.register(books, { id: one, name: 'Ann', email, password, locale: 'en' })
    return { id: one, email }
  }
  const [owner, reviewer, merchant] = [await person(), await person(), newId('mer')]
  await parties.appoint(books, {
    institution: operator,
    person: reviewer.id,
    role: 'reviewer',
    by: null,
  })
  await openPool(books, { id, book: 1, name: 'Town', currency: 'CNY', bank, supervisor })
  const payee = { bank: 'Bank', account: '6217000000001234', name: 'Tea' }
  const paper = { licence: 'L1', representative: 'Ann', address: 'Here', payee }
  await parties.applyMerchant(books, {
    id: merchant,
    by: owner.id,
    name: 'Tea',
    trade: 'teahouse',
    ...paper,
  })
  await parties.decideMerchant(books, { merchant, by: reviewer.id, step: 'approve' })
  await admitMerchant(books, { merchant, pool: id })
  const people: Payer[] = []
  while (people.length < payers) {
    const { id: consumer, email } = await person()
    const purse = await join(books, { person: consumer, merchant })
    const entry = { kind: 'post', id: transferId(purse.id, 'fill'), event: 'top-up' } as const
    const sides = { debit: 'pool/transit-in', credit: `purse/${purse.id}`, amount: filled } as const
    await books.submit({ book: 1, plan: () => ({ entries: [{ ...entry, ...sides }] }) })
    const answer = await post('/v1/parties/sessions', { login: email, password }, {})
    const cookie = answer.headers.get('set-cookie')!.split(';')[0]!
    people.push({ purse: purse.id, merchant, cookie })
  }
  return people
}

const post = (to: string, body: object, headers: Record<string, string>) =>
  fetch(`http://localhost:${port}${to}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', origin: `http://localhost:${port}`, ...headers },
    signal: AbortSignal.timeout(20_000),
  })

/** Ten fen, under the wish's key. Undefined is an unknown: no answer, or one that says so. */
async function spend({ payer, key }: Wish): Promise<string | undefined> {
  const body = { merchant: payer.merchant, amount: { amount: '0.10', currency: 'CNY' } }
  const headers = { cookie: payer.cookie, 'idempotency-key': key }
  try {
    const answer = await post(`/v1/custody/purses/${payer.purse}/spends`, body, headers)
    const said = (await answer.json()) as { id: string }
    if (answer.status === 201) return said.id
    assert.ok([429, 503].includes(answer.status), `${answer.status}: ${JSON.stringify(said)}`)
    await sleep(50)
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error
  }
  return undefined
}

/** Everybody pays and pays, until `stopped`; all that is wished is written down before it is said. */
async function load(people: readonly Payer[], wishes: Wish[], stopped: () => boolean) {
  const one = async (payer: Payer) => {
    while (!stopped()) {
      const wish: Wish = { payer, key: randomUUID(), id: undefined }
      wishes.push(wish)
      wish.id = await spend(wish)
      if (wish.id === undefined && stopped()) return
    }
  }
  await Promise.all(people.map(one))
}

const victims = {
  'the server': () => running!.kill('SIGKILL'),
  PostgreSQL: () => process.kill(Number(pidFile()[0]), 'SIGKILL'),
}

test('kill -9 under load loses no acknowledged spend, and makes none twice', async () => {
  await begin()
  const setting = openBooks({ url: databaseUrl('bursar_app') })
  const people = await found(setting)
  await setting.close()
  const all: Wish[] = []
  for (const victim of ['the server', 'PostgreSQL', 'the server'] as const) {
    let stopped = false
    const paying = load(people, all, () => stopped)
    await sleep(300 + Math.random() * 400)
    const postmaster = pidFile()[0]!
    victims[victim]()
    // The server goes on without its PostgreSQL and finds it again; without the server it is over.
    if (victim === 'PostgreSQL') await acknowledgedBy(() => hasAnother(postmaster), all)
    stopped = true
    await paying
    if (victim === 'PostgreSQL') continue
    for (let i = 0; i < 200 && processesOn(folder).length > 0; i++) await sleep(50)
    await begin()
  }
  const unknown = all.filter(({ id }) => id === undefined)
  assert.ok(unknown.length > 0 && unknown.length < all.length, `${unknown.length} of ${all.length}`)
  await again(all)
  await countedOnce(people, all)
})

/** Another PostgreSQL is there, and somebody who wished after that was answered. */
async function acknowledgedBy(next: () => boolean, all: readonly Wish[]): Promise<void> {
  let from: number | undefined
  for (let i = 0; i < 600; i++) {
    if (next()) from ??= all.length
    if (from !== undefined && all.slice(from).some(({ id }) => id !== undefined)) return
    await sleep(50)
  }
  assert.fail('nobody was answered in half a minute')
}

/** Its file is away for a moment. */
function hasAnother(than: string): boolean {
  try {
    return ![than, ''].includes(pidFile()[0]!)
  } catch {
    return false
  }
}

/** Each wish is said again with its key: what had an answer has the same one, the rest gets one. */
async function again(all: readonly Wish[]): Promise<void> {
  const waiting = [...all]
  const caller = async () => {
    for (let wish = waiting.pop(); wish; wish = waiting.pop()) {
      let id = await spend(wish)
      for (let i = 0; i < 100 && id === undefined; i++) id = await spend(wish)
      assert.ok(id !== undefined && (wish.id ?? id) === id)
      wish.id = id
    }
  }
  await Promise.all(Array.from({ length: payers }, caller))
}

async function countedOnce(people: readonly Payer[], all: readonly Wish[]): Promise<void> {
  assert.equal(new Set(all.map(({ id }) => id)).size, all.length)
  const books = openBooks({ url: databaseUrl('bursar_app') })
  for (const { purse } of people) {
    const wished = BigInt(all.filter(({ payer }) => payer.purse === purse).length)
    const { posted } = (await books.balance(1, `purse/${purse}`))!
    assert.equal(posted, filled.minor - wished * 10n)
  }
  const [{ count }] = (await books.sql<{ count: bigint }>`select count(*) from custody.spend`) as [
    { count: bigint },
  ]
  assert.equal(count, BigInt(all.length))
  await books.close()
  await checkBooks(databaseUrl('bursar_owner'))
}
