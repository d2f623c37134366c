import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { openPool } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import { newKey, sealBooks, signerOf, type Seal, type Witness } from '@bursar/ledger/seals'
import { verifyBooks, type Proof } from '@bursar/ledger/verify'
import { foundInstitution } from '@bursar/parties'
import type { Prover } from '../options.ts'
import { useApi, type Client } from '../testing.ts'

const kept = new Map<number, Seal>()
const witness: Witness = {
  name: 'bank',
  last: async book => kept.get(book),
  take: async seal => void kept.set(seal.book, seal),
}
let now = Date.now()
let proofs = 0
let gate = Promise.resolve()
const prover: Prover = {
  witnesses: [witness],
  async prove(book, progress) {
    proofs++
    progress(3n)
    await gate
    return (await verifyBooks(api.ownerUrl, { book }))[0]!
  },
}
const api = useApi(() => ({ prover, clock: () => new Date(now) }))

let book = 0
/** A pool, and its supervisor's browser. */
async function watched() {
  const [pool, bank, supervisor] = [newId('pol'), newId('ins'), newId('ins')]
  await foundInstitution(api.books, { id: bank, kind: 'bank', name: '存管银行' })
  await foundInstitution(api.books, { id: supervisor, kind: 'supervisor', name: '监管' })
  const named = { id: pool, book: ++book, name: '资金池', currency: 'CNY' }
  await openPool(api.books, { ...named, bank, supervisor })
  return {
    at: `/v1/custody/pools/${pool}/proof`,
    client: await api.as('supervisor', { institution: supervisor }),
  }
}

/** Asks until the proof is done. */
async function done(client: Client, at: string) {
  for (;;) {
    const view = (await client.get(at)).json()
    if (!view.running) return view
  }
}

test('P1-09 the supervisor has the book added up again, sees how far it is, and what it found', async () => {
  const { at, client } = await watched()
  const before = (await client.get(at)).json()
  assert.deepEqual([before.seal, before.last, before.running], [undefined, undefined, undefined])
  const opened = Promise.withResolvers<void>()
  gate = opened.promise
  const started = await client.post(at)
  assert.equal(started.statusCode, 200)
  assert.equal(started.json().running.entries, '3')
  await client.post(at)
  opened.resolve()
  const { last, seq } = await done(client, at)
  assert.deepEqual(
    [last.entries, last.fault, proofs],
    [seq, undefined, 1],
    'one proof for all who ask',
  )
  await client.post(at)
  assert.equal((await done(client, at)).last.at, last.at, 'not again within ten seconds')
  now += 10_000
  await client.post(at)
  assert.notEqual((await done(client, at)).last.at, last.at)
})

test('P1-09 the heads that are kept outside stand beside the book’s end, and one that differs is told', async () => {
  const { at, client } = await watched()
  await sealBooks({ sql: api.books.sql, signer: signerOf(newKey()), witnesses: [witness] })
  const view = (await client.get(at)).json()
  assert.equal(view.seal.seq, view.seq)
  assert.deepEqual(
    view.witnesses.map((one: object) => ({ ...one, at: undefined })),
    [{ name: 'bank', agrees: true, seq: view.seq, at: undefined }],
  )
  kept.set(book, { ...kept.get(book)!, head: randomBytes(32) })
  assert.equal((await client.get(at)).json().witnesses[0].agrees, false)
  kept.set(book, { ...kept.get(book)!, seq: 9_999n })
  assert.equal((await client.get(at)).json().witnesses[0].agrees, false)
})

test('P1-09 what is wrong is told by its entry, its column and its rule', async () => {
  const { at, client } = await watched()
  now += 10_000
  const honest = prover.prove
  const fault: Proof['fault'] = {
    book,
    seq: 3n,
    field: 'debit_posted',
    says: 'is 4; the entries before it give 5',
  }
  Object.assign(prover, {
    prove: async (...of: Parameters<typeof honest>) => ({ ...(await honest(...of)), fault }),
  })
  await client.post(at)
  const { last } = await done(client, at)
  Object.assign(prover, { prove: honest })
  assert.deepEqual(last.fault, { seq: '3', field: 'debit_posted', says: fault.says })
})

test('P1-09 a proof that breaks off says so, until one comes to its end', async () => {
  const { at, client } = await watched()
  const honest = prover.prove
  Object.assign(prover, { prove: () => Promise.reject(new Error('no database')) })
  await client.post(at)
  const broken = await done(client, at)
  Object.assign(prover, { prove: honest })
  assert.deepEqual([broken.failed, broken.last], [new Date(now).toISOString(), undefined])
  await client.post(at)
  const { failed, last } = await done(client, at)
  assert.deepEqual([failed, last.fault], [undefined, undefined])
})

test('P1-09 of another’s pool nobody proves or reads anything', async () => {
  const { at } = await watched()
  const stranger = await api.as('supervisor')
  assert.equal((await stranger.get(at)).statusCode, 404)
  assert.equal((await stranger.post(at)).statusCode, 404)
  const member = await api.as('consumer')
  assert.equal((await member.post(at)).statusCode, 403)
})
