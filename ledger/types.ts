/** The words of the ledger. README.md tells how they hang together. */
import type { Money } from '@bursar/money'

/** A book's number, from 1. A book is the unit of order and of sharding; an entry stays inside one. */
export type Book = number
/** An account's readable name, unique in its book: `cash/till`, `member/ann/savings`. */
export type Account = `${string}/${string}`
/** A UUID that the caller makes; it means the same entry for ever. */
export type EntryId = string

/** Which movements an account refuses. Closing is for ever; the others can be taken back. */
export type AccountState = 'open' | 'no_debits' | 'no_credits' | 'sealed' | 'closed'

/** What happened, and to which object of the caller's: `rent` of `lease_7`. Kept in the entry. */
type Why = Readonly<{ event: string; subject?: string }>
type Named = Why & Readonly<{ id: EntryId }>

/** How far an account may go. What is left out has its default when it is opened, and stays as it is later. */
export type Limits = Readonly<{
  /** posted − out may not fall below it; null for no limit. Default 0. */
  floor?: bigint | null
  /** posted + in may not rise above it; null for no limit. Default null. */
  ceiling?: bigint | null
}>

/** Numbers an account and names it. An account is never forgotten. */
export type Open = Named & Limits & Readonly<{ kind: 'open'; account: Account }>
/** Gives an account another floor, another ceiling. */
export type Limit = Named & Limits & Readonly<{ kind: 'limit'; account: Account }>
/** Bars an account's debits, its credits or both; `open` takes it back. */
export type Freeze = Named & Readonly<{ kind: 'freeze'; account: Account; state: AccountState }>
/** Ends an account for ever, when nothing is left on it. */
export type Close = Named & Readonly<{ kind: 'close'; account: Account }>
/**
 * What a bar bars: all debits, all credits, both; an amount, which is kept of what is there and of what comes
 * in; or closing alone, which each of them bars too, as it does a change of limits.
 */
export type Barred = 'debits' | 'credits' | 'both' | 'closing' | Money
/** Bars an account under this id until that is lifted; with `expiresAt` for a while. Several may stand. */
export type Bar = Named &
  Readonly<{ kind: 'bar'; account: Account; bars: Barred; expiresAt?: Date }>
/** Ends a bar, that one alone. */
export type Lift = Named & Readonly<{ kind: 'lift'; bar: EntryId }>
/** An event of the caller's that moves no money, in its place in the book. */
export type Memo = Named & Readonly<{ kind: 'memo' }>
type Sides = Readonly<{ debit: Account; credit: Account; amount: Money }>
/** Moves an amount. */
export type Post = Named & Sides & Readonly<{ kind: 'post' }>
/** Reserves an amount. Without `expiresAt` it stands until it is settled or voided. */
export type Pend = Named & Sides & Readonly<{ kind: 'pend'; expiresAt?: Date }>
/** Posts a pend in whole, or in part (`amount`); the rest is released. Once only. */
export type Settle = Named & Readonly<{ kind: 'settle'; pend: EntryId; amount?: Money }>
/** Releases a pend. */
export type Void = Named & Readonly<{ kind: 'void'; pend: EntryId }>

/** What a caller wants appended. */
export type Draft = Open | Limit | Freeze | Close | Bar | Lift | Memo | Post | Pend | Settle | Void

/** A side's account, as it stands after the entry. All amounts in the smallest coin. */
export type Side = Readonly<{
  account: Account
  posted: bigint
  /** pending debits */
  out: bigint
  /** pending credits */
  in: bigint
  floor: bigint | null
  ceiling: bigint | null
  state: AccountState
}>

/** An entry of the book, as it stands in the log for ever. */
export type Entry = Readonly<{
  book: Book
  seq: bigint
  id: EntryId
  kind: Draft['kind'] | 'expire' | 'lapse'
  at: Date
  event: string
  subject: string | null
  amount: Money | null
  /** What a bar bars, or did that ends here. */
  bars: Barred | null
  /** The account that is debited, or the one side of an entry that has one. */
  debit: Side | null
  credit: Side | null
}>

/** SQL by tagged template: values become parameters, never text. Rows come as they are named. */
export type Sql = <Row extends object = Record<string, unknown>>(
  text: TemplateStringsArray,
  ...values: readonly unknown[]
) => Promise<Row[]>

/** A cold command's transaction: business rows first, then the entries, appended before commit. */
export type Transaction = Readonly<{
  sql: Sql
  /** Collects entries of one book. They are appended, linked, as the last thing before commit. */
  append(book: Book, ...drafts: readonly Draft[]): void
}>

/**
 * A set-based write that rides in the append's transaction. `$rows` in the statement stands for the
 * batch's rows as a table named `row`: `insert into shop.sale (id, minor) select id, minor from $rows`.
 */
export type Ride = Readonly<{
  statement: string
  /** The columns of a row, in order, with their PostgreSQL types: `{ id: 'text', minor: 'bigint' }`. */
  columns: Readonly<Record<string, string>>
}>

/** One sorted, locking select of the business rows that hot commands of one kind rest on. */
export type Facts<Fact> = (sql: Sql, keys: readonly string[]) => Promise<ReadonlyMap<string, Fact>>

/** What a hot command wants: entries that stand or fall together, and the rows that ride with them. */
export type Plan = Readonly<{
  entries: readonly Draft[]
  rides?: readonly Readonly<{ ride: Ride; row: readonly unknown[] }>[]
}>

/**
 * A hot command. `plan` is pure: from the time and the fact, it says what to append, or throws a
 * Refusal. It may be called again with newer facts. Of the commands that rest on one fact (same facts,
 * same key), one goes in a batch; the next sees what the first one left.
 */
export type Command<Fact = undefined> = Readonly<{
  book: Book
  plan(at: Date, fact: Fact | undefined): Plan
  facts?: Facts<Fact>
  key?: string
}>

/** What became of a command. `again` is true when the ids were there already, with this content. */
export type Outcome = Readonly<{ entries: readonly Entry[]; again: boolean }>

/** A bar that stands. */
export type Standing = Readonly<{
  id: EntryId
  bars: Barred
  /** How much of its amount is there: those that were laid before it come first. Null without an amount. */
  kept: bigint | null
  event: string
  subject: string | null
  at: Date
  expiresAt: Date | null
}>

/** A line of an account's statement. */
export type Line = Readonly<{
  entry: Entry
  /** What this entry changed on this account; posted only: a pend's line changes nothing here. */
  change: bigint
  after: Side
}>

/** The ledger over one PostgreSQL. */
export type Books = Readonly<{
  /** One statement, outside any transaction of the caller's. For reading. */
  sql: Sql
  /** A cold command: business rows under locks, then its entries. Run again when it loses a race. */
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** A hot command: gathered with its neighbours into one append. Throws its Refusal to its caller. */
  submit<Fact = undefined>(command: Command<Fact>): Promise<Outcome>
  /** Opens a book in one currency. Doing it again with the same currency changes nothing. */
  openBook(book: Book, currency: string): Promise<void>
  /** The account's present state, or its state as of a moment; undefined if it was not open. */
  balance(book: Book, account: Account, asOf?: Date): Promise<Side | undefined>
  balances(book: Book, accounts: readonly Account[]): Promise<Side[]>
  /** The bars that stand on an account, in the order in which they were laid. */
  bars(book: Book, account: Account): Promise<Standing[]>
  /** Newest first; `before` is the seq to go on from. */
  statement(
    book: Book,
    account: Account,
    page?: Readonly<{ before?: bigint; limit?: number }>,
  ): Promise<Line[]>
  /** The feed: entries after `after`, in the book's own order. */
  entries(book: Book, after: bigint, limit?: number): Promise<Entry[]>
  /** Appends an expiry for each pend that is due, a lapse for each bar. Answers how many. */
  expire(book: Book): Promise<number>
  /** Waits for what is under way, and lets the connections go. */
  close(): Promise<void>
}>
