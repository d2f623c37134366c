/**
 * A static code hangs on the wall, where somebody can paste another one over it. So what one person pays by
 * static codes in a day has a limit in each pool; beyond it there is the consumer's own one-time code, and
 * the merchant's dynamic one.
 *
 * What is asked here is for the answer's sake and to spare the book: of several at the same moment it lets
 * all through, and the table refuses what is too much.
 */
import { Refusal, type Books, type PersonId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { Refused } from './refused.ts'

const perDay = { minor: 50_000n, currency: 'CNY' } as const satisfies Money
const limited = 'static_codes_have_a_day_limit'

type Day = Readonly<{ book: number; person: PersonId; amount: Money }>

export async function mustFitTheDay(books: Books, { book, person, amount }: Day): Promise<void> {
  if (amount.currency !== perDay.currency) return
  const left = perDay.minor - (await paidToday(books, book, person))
  if (amount.minor > left) throw tooMuch(amount, left)
}

async function paidToday(books: Books, book: number, person: PersonId): Promise<bigint> {
  const [row] = await books.sql<{ paid: bigint }>`
    with today as (
      select date_trunc('day', now() at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai' as began)
    select coalesce(sum(s.minor), 0)::bigint as paid
    from today, custody.spend s join custody.merchant_code c on c.id = s.merchant_code
    where s.book = ${book} and s.person = ${person} and s.merchant_code is not null
      and s.at >= today.began and s.at < today.began + interval '1 day' and c.kind = 'static'
      and (s.state = 'done' or s.state = 'waiting' and s.expires_at > now())`
  return row!.paid
}

/** The table's no is ours, said later. */
export function explainDay(error: unknown, amount: Money): never {
  if ((error as { constraint?: unknown } | null)?.constraint === limited) throw tooMuch(amount)
  throw error
}

const tooMuch = (amount: Money, left?: bigint) =>
  new Refusal<Refused>('static_code_limit', {
    amount,
    limit: perDay,
    ...(left !== undefined && {
      left: { minor: left < 0n ? 0n : left, currency: perDay.currency },
    }),
  })
