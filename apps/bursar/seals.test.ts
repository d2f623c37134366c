/** Who seals here: the key and the witnesses, as the environment or the data folder has them. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { openBooks, type Books } from '@bursar/ledger'
import { newKey, readWitness, signerOf } from '@bursar/ledger/seals'
import { verifyBooks } from '@bursar/ledger/verify'
import { openProver, openSealer } from './seals.ts'
import { newFolder } from './start.testing.ts'

const db = useDatabase()
const folder = newFolder()
const at = (name: string) => path.join(folder, name)
let books: Books

before(async () => {
  await db.ready
  books = openBooks({ url: db.url })
  await books.openBook(1, 'CNY')
})
after(async () => {
  await books.close()
  fs.rmSync(folder, { recursive: true })
})

const grow = () =>
  books.submit({
    book: 1,
    plan: () => ({ entries: [{ kind: 'memo', id: crypto.randomUUID(), event: 'note' }] }),
  })

test('without a word about it the key and the witness stand in the data folder', async () => {
  await grow()
  assert.equal(await openSealer(folder, {}, books.sql).seal(), 1)
  assert.equal(fs.statSync(at('seal.key.pem')).mode & 0o777, 0o600)
  const seals = await Array.fromAsync(readWitness(at('witness.jsonl')))
  const [proof] = await verifyBooks(db.reportUrl, { outside: [{ witness: 'own', seals }] })
  assert.deepEqual([proof!.fault, proof!.kept['witness own']], [undefined, 1])
})

test('a book is proved in a thread of its own, with the heads outside, and given up when we stop', async () => {
  const { witnesses } = openSealer(folder, {}, books.sql)
  const prover = openProver(db.url, witnesses, folder)
  const proof = await prover.prove(1, () => undefined)
  assert.deepEqual([proof.fault, proof.entries], [undefined, 1n])
  assert.equal(proof.kept[`witness ${at('witness.jsonl')}`], 1)
  const [end] = await books.sql<{ head: Buffer }>`select head from ledger.book where book = 1`
  assert.deepEqual(proof.head, end!.head)
  const stopped = assert.rejects(
    prover.prove(1, () => undefined),
    /ended before it was done/,
  )
  await prover.stop()
  await stopped
})

test('the environment names another key, in words or in a file, and other witnesses', async () => {
  const pem = newKey()
  fs.writeFileSync(at('mine.pem'), pem)
  fs.mkdirSync(at('outside'))
  const files = [at('outside/bank.jsonl'), at('outside/supervisor.jsonl')]
  const environment = { BURSAR_SEAL_KEY: at('mine.pem'), BURSAR_WITNESS: files.join(':') }
  assert.equal(openSealer(folder, { BURSAR_SEAL_KEY: pem }, books.sql).witnesses.length, 1)
  await openSealer(folder, environment, books.sql).seal()
  for (const file of files) {
    const [seal] = await Array.fromAsync(readWitness(file))
    assert.equal(seal?.seq, 1n, 'what was sealed before is handed over too')
  }
  assert.equal(signerOf(pem).key.length, 32)
})

test('a key that is none, and a witness in a folder that is not there, are one sentence', () => {
  const open = (environment: NodeJS.ProcessEnv) => () => openSealer(folder, environment, books.sql)
  assert.throws(open({ BURSAR_SEAL_KEY: '/no/such' }), /^Hindrance: BURSAR_SEAL_KEY is no private/)
  assert.throws(open({ BURSAR_WITNESS: '/no/such/file' }), /that folder is not there/)
})
