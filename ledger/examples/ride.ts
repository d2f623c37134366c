/**
 * A hot command with rows of your own: it rests on a fact (is the ticket unused?), and its row rides in
 * the append's transaction. Eight people hold one ticket; one of them gets in.
 */
import { randomUUID } from 'node:crypto'
import { openBooks, Refusal, type Command, type Draft, type Facts, type Ride } from '@bursar/ledger'
import { migrate } from '@bursar/ledger/migrate'
import { parse } from '@bursar/money'

const url = process.env['DATABASE_URL']!
await migrate(url)
const books = openBooks({ url })
await books.sql`create schema if not exists show`
await books.sql`create table if not exists show.ticket (code text primary key, price bigint not null)`
await books.sql`create table if not exists show.entry (code text primary key, at timestamptz not null)`
await books.sql`insert into show.ticket values ('A7', 1800) on conflict do nothing`
await books.openBook(1, 'EUR')

type Ticket = Readonly<{ code: string; used: boolean }>

/** One sorted, locking select for all commands of a batch. */
const tickets: Facts<Ticket> = async (sql, codes) => {
  const rows = await sql<Ticket>`
    select code, exists (select from show.entry e where e.code = t.code) as used
    from show.ticket t where code = any(${codes}) order by code for update`
  return new Map(rows.map(row => [row.code, row]))
}

const letIn: Ride = {
  statement: 'insert into show.entry (code, at) select code, at from $rows',
  columns: { code: 'text', at: 'timestamptz' },
}

const enter = (code: string): Command<Ticket> => ({
  book: 1,
  facts: tickets,
  key: code,
  plan(at, ticket) {
    if (!ticket) throw new Refusal('no_such_ticket', { code })
    if (ticket.used) throw new Refusal('ticket_used', { code })
    const sides = { debit: 'cash/deferred', credit: 'cash/income' } as const
    const amount = parse('18.00', 'EUR')
    const entry = { kind: 'post', id: randomUUID(), event: 'let-in', subject: code } as const
    return { entries: [{ ...entry, ...sides, amount }], rides: [{ ride: letIn, row: [code, at] }] }
  },
})

const open = { kind: 'open', event: 'open', floor: null } as const
const opens: Draft[] = (['cash/deferred', 'cash/income'] as const).map(account => ({
  ...open,
  id: randomUUID(),
  account,
}))
await books.submit({ book: 1, plan: () => ({ entries: opens }) })

const tries = await Promise.allSettled(Array.from({ length: 8 }, () => books.submit(enter('A7'))))
const refusals = tries.flatMap(one =>
  one.status === 'rejected' ? [(one.reason as Refusal).code] : [],
)
console.log('let in', tries.length - refusals.length, 'refused', refusals.length, refusals[0])
const [{ rows } = { rows: 0 }] = await books.sql<{ rows: number }>`
  select count(*)::int as rows from show.entry`
console.log('rows', rows, 'income', (await books.balance(1, 'cash/income'))!.posted)
await books.close()
