/**
 * A new installation has no account and no secret. Its console shows a token once; whoever brings it
 * becomes the first operator. Only the token's SHA-256 is handed in here.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { Refusal, type Books, type InstitutionId } from '@bursar/kernel'
import { insertPerson, rowOf, type Person, type Registration } from './people.ts'
import type { Refused } from './refusal.ts'
import { insertInstitution, insertSeat } from './seats.ts'

export type SetUp = Readonly<{
  token: string
  /** SHA-256 of the true token, in hex; without one, nobody is let in. */
  tokenHash: string | undefined
  institution: Readonly<{ id: InstitutionId; name: string }>
  person: Registration
}>

export async function setUpNeeded(books: Books): Promise<boolean> {
  const [done] = await books.sql<{ done: boolean }>`
    select exists (select from parties.institution where kind = 'operator') as done`
  return !done!.done
}

export async function setUp(books: Books, ask: SetUp): Promise<Person> {
  const said = createHash('sha256').update(ask.token).digest()
  const held = Buffer.from(ask.tokenHash ?? '', 'hex')
  if (held.length !== said.length || !timingSafeEqual(said, held))
    throw new Refusal<Refused>('wrong_set_up_token', { field: 'token' })
  const row = await rowOf(ask.person)
  const { institution } = ask
  return await books.write(async tx => {
    const [done] = await tx.sql<{ done: boolean }>`
      select exists (select from parties.institution where kind = 'operator') as done`
    if (done!.done) throw new Refusal<Refused>('already_set_up')
    const person = await insertPerson(tx.sql, row)
    await insertInstitution(tx.sql, { ...institution, kind: 'operator', at: row.at })
    const first = await tx.sql`
      insert into parties.set_up (operator, done_by, done_at)
      values (${institution.id}, ${person.id}, ${row.at}) on conflict do nothing returning once`
    if (!first.length) throw new Refusal<Refused>('already_set_up')
    const at = { organisation: institution.id, person: person.id, by: null, at: row.at }
    await insertSeat(tx.sql, { ...at, role: 'admin' })
    return person
  })
}
