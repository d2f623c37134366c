/** The ledger over one PostgreSQL: what it is opened with, and what it does with it. */
import { anyOf, brokenOff, connect, sqlOver, type Connect } from './connect.ts'
import { Gatherer } from './gatherer.ts'
import { genesis } from './hash.ts'
import type { Asked } from './overlay.ts'
import { readBars, readFeed, readStatement, readSideAt, readStates, sideOf } from './read.ts'
import { createHash } from 'node:crypto'
import { outcomeUnknown } from './refusal.ts'
import type { Account, Book, Books, EntryId, Sql } from './types.ts'
import { writer } from './write.ts'

/** Where the books are, and how much of them is remembered. */
export type Options = Connect &
  Readonly<{
    /** Whose time is proposed; the database compares it with its own. Default: this machine's. */
    clock?: () => Date
    /** Accounts remembered per book. Default 200,000. */
    remember?: number
    /** Commands that may wait per book. Default 20,000. */
    queue?: number
    /** Milliseconds that an unknown outcome is pursued. Default 8,000. */
    patience?: number
  }>

const dueAtOnce = 1000

/** Opens the ledger. Connections are made as they are needed; `close` waits for what is under way. */
export function openBooks(options: Options): Books {
  const { clock = () => new Date(), remember = 200_000, queue = 20_000, patience = 8_000 } = options
  const pool = connect(options)
  const lines = connect(options)
  const sql = toldUnknown(sqlOver(anyOf(pool)))
  const gatherers = new Map<Book, Gatherer>()

  const gatherer = (book: Book): Gatherer => {
    const known = gatherers.get(book)
    if (known) return known
    const made = new Gatherer(pool, lines, book, { clock, remember, queue, patience })
    gatherers.set(book, made)
    return made
  }

  async function expire(book: Book): Promise<number> {
    const due = await sql<{ id: EntryId; bars: boolean }>`
      select e.id, e.kind = 11 as bars from ledger.due d join ledger.entry e on e.book = d.book and e.seq = d.pend
      where d.book = ${book} and d.expires_at <= greatest(${clock()}, clock_timestamp())
      order by d.expires_at limit ${dueAtOnce}`
    const done = await Promise.allSettled(
      due.map(({ id, bars }) => gatherer(book).submit(expiry(book, id, bars))),
    )
    return done.filter(one => one.status === 'fulfilled').length
  }

  async function balances(book: Book, accounts: readonly Account[]) {
    return (await readStates(sql, book, accounts)).map(sideOf)
  }

  async function balance(book: Book, account: Account, asOf?: Date) {
    if (asOf) return readSideAt(sql, book, account, asOf)
    const [held] = await readStates(sql, book, [account])
    return held && sideOf(held)
  }

  return {
    sql,
    write: writer(pool, { clock, patience }),
    submit: command => gatherer(command.book).submit(command as Parameters<Gatherer['submit']>[0]),
    openBook: async (book, currency) =>
      void (await sql`select ledger.open_book(${book}, ${currency}, ${genesis(book, currency)}, ${clock()})`),
    balance,
    balances,
    bars: (book, account) => readBars(sql, book, account),
    statement: (book, account, { before = null, limit = 50 } = {}) =>
      readStatement(sql, book, account, before, limit),
    entries: (book, after, limit = 1000) => readFeed(sql, book, after, limit),
    expire,
    close: async () => {
      for (const one of gatherers.values()) await one.idle()
      await Promise.all([pool.end(), lines.end()])
    },
  }
}

/** A connection that breaks under a statement is said in our words, so that a caller can ask again. */
function toldUnknown(sql: Sql): Sql {
  return async (text, ...values) => {
    try {
      return await sql(text, ...values)
    } catch (error) {
      if (!brokenOff(error)) throw error
      throw outcomeUnknown(error)
    }
  }
}

/** The entry that ends what is due: its id is a pure function of that one's, so two sweepers make one. */
function expiry(book: Book, of: EntryId, bars: boolean) {
  const hex = createHash('sha256').update(`expire\0${of}`).digest('hex')
  const time = of.slice(0, 13)
  const id = `${time}-${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8, 20)}`
  const expire: Asked = bars
    ? { kind: 'lapse', id, bar: of, event: 'lapse' }
    : { kind: 'expire', id, pend: of, event: 'expire' }
  return { book, expire }
}
