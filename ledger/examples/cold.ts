/** A cold command: rows of your own under their locks first, the entries last, one transaction. */
import { randomUUID } from 'node:crypto'
import { openBooks, Refusal, type Account } from '@bursar/ledger'
import { migrate } from '@bursar/ledger/migrate'
import { money } from '@bursar/money'

const url = process.env['DATABASE_URL']!
await migrate(url)
const books = openBooks({ url })
await books.sql`create schema if not exists claims`
await books.sql`
  create table if not exists claims.claim (
    name text primary key, minor bigint not null, state text not null default 'filed')`
await books.sql`insert into claims.claim (name, minor) values ('roof', 7000) on conflict do nothing`
await books.openBook(1, 'EUR')
await books.write(async tx => {
  for (const account of ['fund/main', 'member/ann'] satisfies Account[])
    tx.append(1, { kind: 'open', id: randomUUID(), event: 'open', account, floor: null })
})

/** Thrown refusals roll everything back: the row and the money cannot part. */
const grant = (name: string) =>
  books.write(async tx => {
    const [claim] = await tx.sql<{ minor: bigint; state: string }>`
      select minor, state from claims.claim where name = ${name} for update`
    if (claim?.state !== 'filed') throw new Refusal('not_filed', { name })
    await tx.sql`update claims.claim set state = 'granted' where name = ${name}`
    const sides = { debit: 'fund/main', credit: 'member/ann' } as const
    const amount = money(claim.minor, 'EUR')
    tx.append(1, {
      kind: 'post',
      id: randomUUID(),
      event: 'grant',
      subject: name,
      ...sides,
      amount,
    })
    return claim.minor
  })

const both = await Promise.allSettled([grant('roof'), grant('roof')])
for (const one of both.toSorted((a, b) => a.status.localeCompare(b.status)))
  console.log(
    one.status === 'fulfilled' ? `granted ${one.value}` : `no: ${(one.reason as Refusal).code}`,
  )
console.log('Ann has', (await books.balance(1, 'member/ann'))!.posted)
await books.close()
