/** People, and the passwords by which we know them again. */
import { Refusal, type Books, type PersonId, type SessionId, type Sql } from '@bursar/kernel'
import { countTry, emailOf, forgive, phoneOf } from './logins.ts'
import { checkPassword, hashPassword, samePassword } from './passwords.ts'
import type { Refused } from './refusal.ts'

export type Locale = 'zh-CN' | 'en'
export type Person = Readonly<{
  id: PersonId
  name: string
  phone: string | null
  email: string | null
  locale: Locale
  registeredAt: Date
}>

export type Registration = Readonly<{
  id: PersonId
  name: string
  phone?: string
  email?: string
  /** Without one, nobody signs in as this person with a password: a face of the demo. */
  password?: string
  locale: Locale
  at?: Date
}>

/** The caller chooses the id, so asking twice is asking once. */
export async function register(books: Books, ask: Registration): Promise<Person> {
  const row = await rowOf(ask)
  return await books.write(tx => insertPerson(tx.sql, row))
}

/** Hashing takes 30 ms, so it is done before a transaction is opened. */
export async function rowOf(ask: Registration) {
  const phone = ask.phone === undefined ? null : phoneOf(ask.phone)
  const email = ask.email === undefined ? null : emailOf(ask.email)
  if (!phone && !email) throw new Refusal<Refused>('login_missing', { field: 'phone' })
  if (ask.password !== undefined) checkPassword(ask.password)
  const password = ask.password === undefined ? null : await hashPassword(ask.password)
  const { id, locale } = ask
  return {
    id,
    name: ask.name.trim(),
    phone,
    email,
    locale,
    password,
    said: ask.password,
    at: ask.at ?? new Date(),
  }
}

export async function insertPerson(
  sql: Sql,
  { id, name, phone, email, password, said, locale, at }: Awaited<ReturnType<typeof rowOf>>,
): Promise<Person> {
  const added = await sql`
    insert into parties.person (id, name, phone, email, password, locale, registered_at)
    values (${id}, ${name}, ${phone}, ${email}, ${password}, ${locale}, ${at})
    on conflict do nothing returning id`
  if (added.length) return { id, name, phone, email, locale, registeredAt: at }

  const [known] = await sql<Person & { password: string | null }>`
    select id, name, phone, email, locale, registered_at as "registeredAt", password
    from parties.person where id = ${id}`
  if (!known) throw new Refusal<Refused>('login_taken', { field: phone ? 'phone' : 'email' })
  const { password: kept, ...person } = known
  const alike = known.name === name && known.phone === phone && known.email === email
  const same = alike && (said === undefined ? kept === null : await samePassword(said, kept))
  if (!same) throw new Refusal<Refused>('id_already_used', { id })
  return person
}

export async function personOf(books: Books, id: PersonId): Promise<Person> {
  const [person] = await books.sql<Person>`
    select id, name, phone, email, locale, registered_at as "registeredAt"
    from parties.person where id = ${id}`
  if (!person) throw new Refusal<Refused>('no_such_person', { id })
  return person
}

/** Finds a registered person by phone or e-mail: an owner invites staff by it. */
export async function personByLogin(books: Books, login: string): Promise<Person> {
  const text = login.includes('@') ? emailOf(login, 'login') : phoneOf(login, 'login')
  const [person] = await books.sql<Person>`
    select id, name, phone, email, locale, registered_at as "registeredAt"
    from parties.person where phone = ${text} or email = ${text}`
  if (!person) throw new Refusal<Refused>('no_such_person', { field: 'login' })
  return person
}

export type PasswordChange = Readonly<{
  person: PersonId
  /** The session that asks stays; all others end with the old password. */
  session: SessionId
  old: string
  new: string
  at?: Date
}>

export async function changePassword(books: Books, ask: PasswordChange): Promise<void> {
  const { person, session, at = new Date() } = ask
  checkPassword(ask.new, 'new')
  await countTry(books.sql, `person:${person}`, at)
  const [held] = await books.sql<{ password: string | null }>`
    select password from parties.person where id = ${person}`
  if (!(await samePassword(ask.old, held?.password ?? null)))
    throw new Refusal<Refused>('wrong_login', { field: 'old' })
  const password = await hashPassword(ask.new)
  await books.write(async tx => {
    await tx.sql`update parties.person set password = ${password} where id = ${person}`
    await tx.sql`delete from parties.session where person = ${person} and id <> ${session}`
  })
  await forgive(books.sql, `person:${person}`)
}
