/**
 * Who signs the ends of the books here, and who outside is told.
 *
 *   BURSAR_SEAL_KEY   a private Ed25519 key in PEM, or the file that it is in; else seal.key.pem in the data
 *                     folder, which is made at the first start
 *   BURSAR_WITNESS    the files that witness, with : between them; else witness.jsonl in the data folder
 *
 * The key is in no database. A witness proves as much as the place where it stands: in the data folder it
 * shows mistakes, and a backup that was put back without it; on another machine it shows a forger too.
 */
import fs from 'node:fs'
import path from 'node:path'
import { Hindrance } from '@bursar/database'
import type { Sql } from '@bursar/ledger'
import { fileWitness, sealBooks, signerIn, signerOf } from '@bursar/ledger/seals'
import type { Signer, Witness } from '@bursar/ledger/seals'
import { verifyAside } from '@bursar/ledger/verify-aside'

export type Sealer = Readonly<{
  witnesses: readonly Witness[]
  /** One round: seals what has moved. Answers how many. */
  seal(): Promise<number>
}>

export function openSealer(folder: string, environment: NodeJS.ProcessEnv, sql: Sql): Sealer {
  const signer = signerFrom(environment['BURSAR_SEAL_KEY'], folder)
  const witnesses = witnessFiles(folder, environment).map(fileWitness)
  return { witnesses, seal: () => sealBooks({ sql, signer, witnesses }) }
}

/** Proves books in a thread of its own, from nothing where the archive is in the data folder; what is under way when we stop is given up. */
export function openProver(url: string, witnesses: readonly Witness[], folder: string) {
  const stopping = new AbortController()
  const files = witnesses.map(({ name }) => name)
  return {
    witnesses,
    prove: (book: number, progress: (entries: bigint) => void) =>
      verifyAside({ url, book, witnesses: files, ...archiveIn(folder) }, progress, stopping.signal),
    stop: async () => stopping.abort(),
  }
}

/** Where ledger:archive puts the files. It may come while we run. */
function archiveIn(folder: string): { archive?: string } {
  const archive = path.join(folder, 'archive')
  return fs.existsSync(archive) ? { archive } : {}
}

function witnessFiles(folder: string, environment: NodeJS.ProcessEnv): string[] {
  const given = environment['BURSAR_WITNESS']?.split(path.delimiter).filter(Boolean) ?? []
  for (const file of given)
    if (!fs.existsSync(path.dirname(file)))
      throw new Hindrance(`BURSAR_WITNESS names ${file}, and that folder is not there.`)
  return given.length > 0 ? given : [path.join(folder, 'witness.jsonl')]
}

function signerFrom(given: string | undefined, folder: string): Signer {
  if (!given) return signerIn(path.join(folder, 'seal.key.pem'))
  try {
    return signerOf(given.startsWith('-----') ? given : fs.readFileSync(given, 'utf8'))
  } catch (error) {
    throw new Hindrance('BURSAR_SEAL_KEY is no private Ed25519 key in PEM, and no file with one.', {
      cause: error,
    })
  }
}
