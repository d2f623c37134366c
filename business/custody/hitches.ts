/**
 * What fails in the worker's rounds fails alone: it is written down with what it failed of, has its next turn later
 * each time (ten seconds, twice as long, an hour at most), and those beside and behind it go on.
 */
import { Refusal, type Books } from '@bursar/kernel'

export type HitchJob = 'top_up' | 'return' | 'part'

const first = 10
const longest = 3600

/** Does it. Undefined where it threw. */
export async function alone<T>(
  books: Books,
  job: HitchJob,
  subject: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    const done = await work()
    await books.sql`delete from custody.hitch where subject = ${subject}`
    return done
  } catch (error) {
    await books.sql`
      insert into custody.hitch as h (subject, job, failures, error, next_at)
      values (${subject}, ${job}, 1, ${codeOf(error)}, now() + make_interval(secs => ${first}::float8))
      on conflict (subject) do update set failures = h.failures + 1, error = excluded.error,
        next_at = now() + make_interval(
          secs => least(${longest}::float8, ${first} * 2 ^ least(h.failures, 12)))`
    return undefined
  }
}

/** A refusal's code, PostgreSQL's, or the error's kind: what it says may be about somebody. */
function codeOf(error: unknown): string {
  if (error instanceof Refusal) return error.code
  const { code, name } = error as { code?: unknown; name?: unknown }
  return String(code ?? name ?? 'error').slice(0, 100)
}

/** Whose turn failed last, and parts that are stuck at their platform: for whoever watches the house. */
export type Hitched = Readonly<{
  job: HitchJob | 'stuck'
  count: number
  oldest: Date | null
  /** One of them, and what it failed of. */
  subject: string | null
  error: string | null
}>

const jobs = ['top_up', 'return', 'part'] as const

/** What has come to its end otherwise fails no more. */
export const forgetHitches = (books: Books) =>
  books.sql`
    delete from custody.hitch h where case job
      when 'top_up' then not exists (
        select from custody.top_up t where t.id = h.subject and t.state = 'waiting')
      when 'return' then not exists (
        select from custody.suspense s where s.id = h.subject and s.state = 'unclaimed')
      else not exists (
        select from custody.part p
        where p.id = h.subject and p.state in ('sending', 'stuck', 'confirmed')) end`

export const openHitches = (books: Books): Promise<Hitched[]> =>
  books.sql<Hitched>`
    select job, count(h.subject)::int as count, min(h.since) as oldest,
      (array_agg(h.subject order by h.since))[1] as subject,
      (array_agg(h.error order by h.since))[1] as error
    from unnest(${jobs}::text[]) as job left join custody.hitch h using (job) group by job
    union all
    select 'stuck', count(*)::int, min(asked_at), (array_agg(id order by asked_at))[1],
      (array_agg(reason order by asked_at))[1]
    from custody.part where state = 'stuck' order by job`
