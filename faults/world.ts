/** A durable PostgreSQL of its own with migrated books, that can be struck and started again. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  connected,
  leastBuffers as buffers,
  migrate,
  newPasswords,
  prepare,
  startPostgres,
  urlOf,
  type Postgres,
} from '@bursar/database'
import { openBooks } from '@bursar/ledger'
import type { Disk } from './disk.ts'
import { beginning, tables, tills, type Run } from './wishes.ts'

export type Where = Readonly<{
  /** Default: a folder of its own in the temp folder. */
  disk?: Disk
  /** false only to show that a loss would be seen. */
  durable?: boolean
}>

export class World {
  readonly folder: string
  readonly url: string
  readonly ownerUrl: string
  readonly disk: Disk | undefined
  readonly durable: boolean
  postgres: Postgres
  #latest = 0

  private constructor(
    postgres: Postgres,
    { url, ownerUrl }: Readonly<{ url: string; ownerUrl: string }>,
    { disk, durable = true }: Where,
  ) {
    this.postgres = postgres
    this.folder = postgres.folder
    this.url = url
    this.ownerUrl = ownerUrl
    this.disk = disk
    this.durable = durable
  }

  static async open(where: Where = {}): Promise<World> {
    const { disk, durable = true } = where
    const folder = disk?.folder ?? mkdtempSync(path.join(tmpdir(), 'bursar-faults-'))
    if (!disk) chmodSync(folder, 0o755)
    const postgres = await startPostgres({ folder, durable, buffers })
    const passwords = newPasswords()
    const database = 'bursar'
    await prepare(postgres.url, { database, passwords })
    const of = (role: 'bursar_app' | 'bursar_owner') =>
      urlOf(postgres.url, database, role, passwords)
    const urls = { url: of('bursar_app'), ownerUrl: of('bursar_owner') }
    await migrate(urls.ownerUrl)
    await connected(urls.ownerUrl, on => on.script(tables))
    return new World(postgres, urls, where)
  }

  /** A new book with funded purses. */
  async begin(seed: number): Promise<Run> {
    const run = { book: ++this.#latest, seed, start: Date.now() }
    const books = openBooks({ url: this.url, max: 2 })
    await books.openBook(run.book, 'CNY')
    await books.submit({ book: run.book, plan: () => ({ entries: beginning(run) }) })
    for (const till of tills)
      await books.sql`insert into faults.till (book, name) values (${run.book}, ${till})`
    await books.close()
    return run
  }

  /** The postmaster's own processes: backends, writer, checkpointer. */
  processes(): number[] {
    const { pid } = this.postgres
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return children.trim().split(' ').filter(Boolean).map(Number)
  }

  /** After its end, on the same port. */
  async again(): Promise<void> {
    await this.postgres.ended
    const { port } = this.postgres
    const { folder, durable } = this
    this.postgres = await startPostgres({ folder, port, durable, buffers })
  }

  /** Until it takes connections again after it has recovered by itself. */
  async answers(most = 20_000): Promise<void> {
    const until = performance.now() + most
    for (;;)
      try {
        return await connected(this.ownerUrl, on => on.script('select 1'))
      } catch (error) {
        if (performance.now() > until) throw error
        await sleep(50)
      }
  }

  async close(): Promise<void> {
    await this.postgres.stop()
    if (this.disk) await this.disk.remove()
    else rmSync(this.folder, { recursive: true, force: true })
  }
}
