/** What people sign in with, in the one form that we keep; and who has tried wrongly too often. */
import { Refusal, type Sql } from '@bursar/kernel'
import type { Refused } from './refusal.ts'

/** E.164. A number without a country is Chinese: 138 0013 8000 → +8613800138000. */
export function phoneOf(text: string, field = 'phone'): string {
  const bare = text.replace(/[\s()-]/g, '').replace(/^00(?=[1-9])/, '+')
  const full = bare.startsWith('+') ? bare : `+86${bare.replace(/^86(?=1\d{10}$)/, '')}`
  const chinese = full.startsWith('+86')
  const fits = chinese ? /^\+861[3-9]\d{9}$/.test(full) : /^\+[1-9]\d{6,14}$/.test(full)
  if (!fits) throw new Refusal<Refused>('phone_malformed', { field })
  return full
}

export function emailOf(text: string, field = 'email'): string {
  const email = text.trim().toLowerCase()
  const fits = email.length <= 254 && /^[^\s@,;<>]{1,64}@[a-z0-9.-]+\.[a-z0-9-]{2,}$/.test(email)
  if (!fits) throw new Refusal<Refused>('email_malformed', { field })
  return email
}

/** A login is a phone number or an e-mail address; what can be neither belongs to nobody. */
export function loginOf(text: string): string | undefined {
  try {
    return text.includes('@') ? emailOf(text) : phoneOf(text)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** PCI DSS 8.3.4: at most ten tries, then at least thirty minutes. An address serves many people. */
const limits = { login: 10, person: 10, address: 100 } as const
const minutes = 30
export type Subject = `${keyof typeof limits}:${string}`

/**
 * Counts a try before it is made, so that a hundred guesses at once are not a hundred guesses. A right
 * one is taken back by `forgive`. Refuses while the subject is locked.
 */
export async function countTry(sql: Sql, subject: Subject, at: Date): Promise<void> {
  const most = limits[subject.slice(0, subject.indexOf(':')) as keyof typeof limits]
  const fresh = new Date(at.getTime() - minutes * 60_000)
  const until = new Date(at.getTime() + minutes * 60_000)
  const [row] = await sql<{ tries: number; lockedUntil: Date | null }>`
    insert into parties.wrong_try as t (subject, tries, since) values (${subject}, 1, ${at})
    on conflict (subject) do update set
      tries = case when t.locked_until > ${at} then t.tries
                   when t.since < ${fresh} or t.locked_until is not null then 1
                   else t.tries + 1 end,
      since = case when t.locked_until is null and t.since >= ${fresh} then t.since else ${at} end,
      locked_until = case when t.locked_until > ${at} then t.locked_until
                          when t.locked_until is null and t.since >= ${fresh} and t.tries >= ${most}
                            then ${until}::timestamptz end
    returning tries, locked_until as "lockedUntil"`
  if (row!.lockedUntil) {
    const retryAfter = Math.ceil((row!.lockedUntil.getTime() - at.getTime()) / 1000)
    throw new Refusal<Refused>('login_locked', { retryAfter, minutes: Math.ceil(retryAfter / 60) })
  }
}

/** A right password clears its own login; an address only gets this one try back. */
export async function forgive(sql: Sql, login: Subject, address?: Subject): Promise<void> {
  await sql`update parties.wrong_try set tries = 0, locked_until = null where subject = ${login}`
  if (address)
    await sql`update parties.wrong_try set tries = greatest(tries - 1, 0) where subject = ${address}`
}
