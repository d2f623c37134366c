/** Sealing, proving, and what a forger leaves: the verifier names the first bad row. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBooks, type Draft } from '@bursar/ledger'
import { migrate } from '@bursar/ledger/migrate'
import { fileWitness, newKey, sealBooks, signerOf } from '@bursar/ledger/seals'
import { testimonies, verifyBooks } from '@bursar/ledger/verify'
import { verifyAside } from '@bursar/ledger/verify-aside'
import { money } from '@bursar/money'

const url = process.env['DATABASE_URL']!
await migrate(url)
const books = openBooks({ url })
await books.openBook(1, 'EUR')
const say = (...entries: Draft[]) => books.submit({ book: 1, plan: () => ({ entries }) })
const named = () => ({ id: randomUUID(), event: 'example' })
await say(
  { ...named(), kind: 'open', account: 'bank/giro', floor: null },
  { ...named(), kind: 'open', account: 'member/ann' },
)
for (const minor of [100n, 200n, 300n]) {
  const sides = { debit: 'bank/giro', credit: 'member/ann' } as const
  await say({ ...named(), kind: 'post', ...sides, amount: money(minor, 'EUR') })
}

// The key never enters the database; the witness stands elsewhere. Here both are played.
const folder = mkdtempSync(join(tmpdir(), 'witness-'))
const witness = join(folder, 'witness.jsonl')
const signer = signerOf(newKey())
console.log(
  'sealed',
  await sealBooks({ sql: books.sql, signer, witnesses: [fileWitness(witness)] }),
)

const kept = await testimonies([witness])
for (const { book, entries, accounts, fault } of await verifyBooks(url, kept))
  console.log(`book ${book}: ${entries} entries, ${accounts} accounts,`, fault ?? 'proved')
const aside = await verifyAside({ url, book: 1, witnesses: [witness] }, () => undefined)
console.log('in a thread of its own:', aside.fault ?? 'proved')

// Somebody with the owner's rights makes 300 of 200.
await books.sql`alter table ledger.entry disable trigger user`
await books.sql`update ledger.entry set minor = 300 where seq = 4`
const [proof] = await verifyBooks(url, kept)
console.log('first bad row:', proof!.fault!.seq, proof!.fault!.field)
await books.close()
rmSync(folder, { recursive: true })
