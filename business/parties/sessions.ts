/**
 * Sessions: a token of 32 random bytes is with the browser, its SHA-256 is with us.
 *
 *   consumers, merchants   idle for 30 days, or 90 days in all
 *   institutions           idle for 30 minutes, or 12 hours in all
 *
 * Taking an institution's seat shortens the sessions that are already open, at once.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  newId,
  Refusal,
  type Actor,
  type Books,
  type PersonId,
  type Seat,
  type SessionId,
} from '@bursar/kernel'
import { countTry, forgive, loginOf, type Subject } from './logins.ts'
import { samePassword } from './passwords.ts'
import type { Person } from './people.ts'
import type { Refused } from './refusal.ts'

export type Session = Readonly<{
  id: SessionId
  person: PersonId
  agent: string
  address: string
  startedAt: Date
  seenAt: Date
  endsAt: Date
}>
export type Opened = Readonly<{ token: string; session: Session; person: Person }>
type Device = Readonly<{ agent: string; address: string; at?: Date }>
export type SignIn = Device & Readonly<{ login: string; password: string }>

const minute = 60_000
const day = 24 * 60 * minute
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** A login that nobody has costs the same time, and is locked after the same number of tries. */
export async function signIn(books: Books, ask: SignIn): Promise<Opened> {
  const at = ask.at ?? new Date()
  const login = loginOf(ask.login)
  const subject: Subject = `login:${login ?? hashOf(ask.login)}`
  const address: Subject = `address:${ask.address}`
  await countTry(books.sql, address, at)
  await countTry(books.sql, subject, at)
  const [known] = await books.sql<{ id: PersonId; password: string | null }>`
    select id, password from parties.person
    where phone = ${login ?? ''} or email = ${login ?? ''}`
  if (!(await samePassword(ask.password, known?.password ?? null)))
    throw new Refusal<Refused>('wrong_login')
  await forgive(books.sql, subject, address)
  await forget(books, known!.id, at)
  return await openSession(books, { person: known!.id, agent: ask.agent, address: ask.address, at })
}

/** What ran out is swept away by those who come in: a little each time, so nobody waits for it. */
async function forget(books: Books, person: PersonId, at: Date): Promise<void> {
  await books.sql`delete from parties.session where person = ${person} and ends_at < ${at}`
  await books.sql`
    delete from parties.wrong_try where subject in (
      select subject from parties.wrong_try
      where since < ${new Date(at.getTime() - day)} and coalesce(locked_until, since) < ${at}
      order by since limit 100)`
}

/** Opens a session without a password: after one was checked, and for the faces of a demo. */
export async function openSession(
  books: Books,
  { person, agent, address, at = new Date() }: Device & Readonly<{ person: PersonId }>,
): Promise<Opened> {
  const token = randomBytes(32).toString('base64url')
  const id = newId('ses', at.getTime())
  const [row] = await books.sql<Session & { who: Person }>`
    insert into parties.session (id, person, token_hash, agent, address, started_at, seen_at, ends_at)
    select ${id}, p.id, ${hashOf(token)}, ${agent.slice(0, 300)}, ${address.slice(0, 64)},
      ${at}::timestamptz, ${at}::timestamptz,
      case when exists (select from parties.seat s where s.person = p.id and s.ended_at is null
                        and starts_with(s.organisation, 'ins_'))
           then ${new Date(at.getTime() + day / 2)}::timestamptz
           else ${new Date(at.getTime() + 90 * day)}::timestamptz end
    from parties.person p where p.id = ${person}
    returning id, person, agent, address, started_at as "startedAt", seen_at as "seenAt", ends_at as "endsAt"`
  if (!row) throw new Refusal<Refused>('no_such_person', { id: person })
  const [who] = await books.sql<Person>`
    select id, name, phone, email, locale, registered_at as "registeredAt"
    from parties.person where id = ${person}`
  return { token, session: row, person: who! }
}

export const actorOf = async (books: Books, token: string, at?: Date): Promise<Actor | undefined> =>
  (await actorsOf(books, [token], at)).get(token)

/** Who holds these tokens: one question for all that arrived together. */
export async function actorsOf(
  books: Books,
  tokens: readonly string[],
  at = new Date(),
): Promise<ReadonlyMap<string, Actor>> {
  const byHash = new Map(tokens.map(token => [hashOf(token), token]))
  const rows = await books.sql<{
    hash: string
    id: SessionId
    person: PersonId
    seenAt: Date
    seats: Seat[]
  }>`
    select s.token_hash as hash, s.id, s.person, s.seen_at as "seenAt", coalesce(held.seats, '[]') as seats
    from parties.session s
    left join lateral (
      select jsonb_agg(jsonb_build_object('role', t.role, 'organisation', t.organisation)
                       order by t.organisation, t.role) as seats,
             bool_or(starts_with(t.organisation, 'ins_')) as official
      from parties.seat t where t.person = s.person and t.ended_at is null
    ) held on true
    where s.token_hash = any(${[...byHash.keys()]}::text[])
      and s.ends_at > ${at}::timestamptz
      and (not coalesce(held.official, false) or s.started_at > ${at}::timestamptz - interval '12 hours')
      and s.seen_at > ${at}::timestamptz
          - case when held.official then interval '30 minutes' else interval '30 days' end`
  await touch(
    books,
    rows.filter(row => at.getTime() - row.seenAt.getTime() > minute).map(row => row.id),
    at,
  )
  return new Map(
    rows.map(({ hash, id, person, seats }) => [byHash.get(hash)!, { person, session: id, seats }]),
  )
}

async function touch(books: Books, sessions: readonly SessionId[], at: Date): Promise<void> {
  if (sessions.length)
    await books.sql`update parties.session set seen_at = ${at} where id = any(${sessions}::text[])`
}

/** Newest first, those that are over left out. */
export async function sessionsOf(
  books: Books,
  { person, at = new Date() }: { person: PersonId; at?: Date },
): Promise<Session[]> {
  return await books.sql<Session>`
    select id, person, agent, address, started_at as "startedAt", seen_at as "seenAt", ends_at as "endsAt"
    from parties.session where person = ${person} and ends_at > ${at}
    order by started_at desc limit 200`
}

export async function endSession(
  books: Books,
  { person, session }: { person: PersonId; session: SessionId },
): Promise<void> {
  const ended = await books.sql`
    delete from parties.session where id = ${session} and person = ${person} returning id`
  if (!ended.length) throw new Refusal<Refused>('no_such_session', { id: session })
}

/** What ran out a day ago opens nothing any more: sessions, and the count of wrong tries. */
export async function forgetSessions(books: Books, at = new Date()): Promise<number> {
  const yesterday = new Date(at.getTime() - day)
  const gone = await books.sql`
    delete from parties.session
    where ends_at < ${yesterday} or seen_at < ${yesterday}::timestamptz - interval '30 days'
    returning id`
  await books.sql`
    delete from parties.wrong_try
    where since < ${yesterday} and (locked_until is null or locked_until < ${yesterday})`
  return gone.length
}
