/** A durable PostgreSQL of its own with migrated books, that can be struck and started again. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  connected,
  migrate,
  newPasswords,
  prepare,
  startPostgres,
  urlOf,
  type Postgres,
} from '@bursar/database'
import { openBooks } from '@bursar/ledger'
import { beginning, tables, tills, type Run } from './wishes.ts'

export class World {
  readonly folder: string
  readonly url: string
  readonly ownerUrl: string
  postgres: Postgres
  readonly #whose: 'ours' | 'given'
  #latest = 0

  private constructor(
    postgres: Postgres,
    urls: readonly [string, string],
    whose: 'ours' | 'given',
  ) {
    this.postgres = postgres
    this.folder = postgres.folder
    this.url = urls[0]
    this.ownerUrl = urls[1]
    this.#whose = whose
  }

  /** In a folder of its own, or in the one given, which then stays. */
  static async open(given?: string, durable = true): Promise<World> {
    const folder = given ?? mkdtempSync(path.join(tmpdir(), 'bursar-faults-'))
    chmodSync(folder, 0o755)
    const postgres = await startPostgres({ folder, durable })
    const passwords = newPasswords()
    const database = 'bursar'
    await prepare(postgres.url, { database, passwords })
    const [url, ownerUrl] = (['bursar_app', 'bursar_owner'] as const).map(role =>
      urlOf(postgres.url, database, role, passwords),
    ) as [string, string]
    await migrate(ownerUrl)
    await connected(ownerUrl, on => on.script(tables))
    return new World(postgres, [url, ownerUrl], given === undefined ? 'ours' : 'given')
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
  async again(durable = true): Promise<void> {
    await this.postgres.ended
    const { port } = this.postgres
    this.postgres = await startPostgres({ folder: this.folder, port, durable })
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
    if (this.#whose === 'ours') rmSync(this.folder, { recursive: true, force: true })
  }
}
