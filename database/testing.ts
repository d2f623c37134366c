/**
 * `const db = useDatabase()` at the top of a test file gives that file a database of its own, with all
 * tables and grants, and takes it away at the end. After every test every book must balance.
 */
import { randomBytes } from 'node:crypto'
import { after, afterEach, before } from 'node:test'
import { openCheck, type BooksCheck } from '@bursar/ledger/testing'
import type { Postgres } from './postgres.ts'
import { at, kept, type Connection } from './connect.ts'
import { urlOf } from './roles.ts'
import { cloneTemplate, dropDatabase, makeTemplate, testPasswords } from './template.ts'
import { startThrowaway } from './throwaway.ts'

export { describe } from './describe.ts'
export { tellPlans, withoutBook, type Told } from './plans.testing.ts'
export { distributedTables, placements, shardFaults } from './shards.testing.ts'
export { newScratch } from './scratch.ts'
export { startThrowaway } from './throwaway.ts'
export { cloneTemplate, dropDatabase, makeTemplate, testPasswords } from './template.ts'

/** Valid inside tests and hooks. */
export type TestDatabase = Readonly<{
  /** Node starts a file's top hooks all at once: `before(async () => { await db.ready; … })`. */
  ready: Promise<void>
  /** As the server sees it. */
  url: string
  ownerUrl: string
  reportUrl: string
  /** What only the tables' owner may even try, over one connection that the file keeps: a new one is 0.04 s of processor. */
  owner: Connection
  /** The throw-away server's own, a superuser's. */
  adminUrl: string
  /** The same superuser's, in this database. */
  superUrl: string
}>

export function useDatabase(): TestDatabase {
  const name = `bursar_test_${randomBytes(6).toString('hex')}`
  let own: Postgres | undefined
  let books: BooksCheck | undefined
  let server: string | undefined
  const reached = () => {
    if (!server)
      throw new Error('The database is there inside tests, and in hooks after `await db.ready`')
    return server
  }
  const as = (role: 'bursar_app' | 'bursar_owner' | 'bursar_report') =>
    urlOf(reached(), name, role, testPasswords(reached()))

  const prepare = async () => {
    const given = process.env['TEST_DATABASE_URL']
    if (!given) own = await startThrowaway()
    server = given ?? own!.url
    await cloneTemplate(server, await makeTemplate(server), name)
  }
  const ready = prepare()
  before(() => ready)
  afterEach(() => (books ??= openCheck(as('bursar_owner'))).check())
  after(async () => {
    await books?.close()
    if (own) await own.stop()
    else if (server) await dropDatabase(server, name)
  })

  return {
    ready,
    get url() {
      return as('bursar_app')
    },
    get ownerUrl() {
      return as('bursar_owner')
    },
    get reportUrl() {
      return as('bursar_report')
    },
    get owner() {
      return kept(as('bursar_owner'))
    },
    get adminUrl() {
      return reached()
    },
    get superUrl() {
      return at(reached(), { database: name })
    },
  }
}
