/**
 * npm run sim:ledger [-- --operations 1000000 --interleaved 20000 --seed N]
 *
 * Random operations on short-lived books: so many with the rules alone beside the naive ledger, so many
 * by crowds at three servers over a real PostgreSQL. What fails is shortened, printed, and kept.
 */
import { parseArgs } from 'node:util'
import {
  makeTemplate,
  startThrowaway,
  cloneTemplate,
  testPasswords,
} from '@bursar/database/testing'
import { urlOf } from '@bursar/database'
import { checkBooks } from '@bursar/ledger/testing'
import { newSeed } from './dice.ts'
import { servers } from './sim/crowd.ts'
import { keep, said } from './sim/kept.ts'
import { simulateCrowds, simulateRules, type Sum } from './sim/simulate.ts'

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '1000000' },
    interleaved: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(newSeed()) },
  },
})
const seed = Number(values.seed)

function report(what: string, { books, operations, entries, failed }: Sum): void {
  const counts = `${operations} operations in ${books} books, ${entries} accepted`
  console.log(
    `sim:ledger, ${what}, seed ${seed}: ${counts}, ${failed ? 'FAILED' : '0 differences'}`,
  )
  if (!failed) return
  keep(failed)
  console.log(`  ${failed.says}\n  ${failed.asks.length} commands, kept in faults/seeds.json:`)
  for (const line of said(failed.asks)) console.log(`  ${line}`)
  process.exitCode = 1
}

async function interleaved(): Promise<void> {
  const server = await startThrowaway()
  try {
    const name = 'bursar_sim'
    await cloneTemplate(server.url, await makeTemplate(server.url), name)
    const passwords = testPasswords(server.url)
    const at = servers(urlOf(server.url, name, 'bursar_app', passwords))
    report('crowds', await simulateCrowds(at, { operations: Number(values.interleaved), seed }))
    await Promise.all(at.map(books => books.close()))
    await checkBooks(urlOf(server.url, name, 'bursar_owner', passwords))
  } finally {
    await server.stop()
  }
}

report('rules', await simulateRules({ operations: Number(values.operations), seed }))
if (Number(values.interleaved) > 0) await interleaved()
