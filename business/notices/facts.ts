/** What the evidence of a batch may be about, in one question, after the merchants' streams are held. */
import type { MerchantId, Sql } from '@bursar/kernel'
import { keyOf, type Answer, type Facts, type Standing } from './decide.ts'
import { furthest, type Voice } from './matching.ts'
import type { Counter, Evidence } from './words.ts'

type Json<T, Keys extends keyof T> = Omit<T, Keys> & Readonly<Record<Keys, string>>
type CounterRow = Json<Omit<Counter, 'large'>, 'openedAt'> &
  Readonly<{ large: string | null; currency: string | null }>
type NoticeRow = Json<Omit<Standing, 'received' | 'told'>, 'minor' | 'sum' | 'at'> &
  Readonly<{ received: string | null; told: Standing['told'] | null }>
type HeardRow = Answer &
  Readonly<{ merchant: string; terminal: string; source: string; id: string }>
type Row = Readonly<{
  places: { merchant: MerchantId; seq: string }[] | null
  counters: CounterRow[] | null
  notices: NoticeRow[] | null
  heard: HeardRow[] | null
}>

/** Whoever writes notices of these merchants waits here for whoever does. In one order, so that nobody waits in a circle. */
export async function holdStreams(sql: Sql, merchants: readonly MerchantId[]): Promise<void> {
  await sql`
    select from notices.stream where merchant = any(${merchants}::text[]) order by merchant for update`
}

export async function factsOf(sql: Sql, evidence: readonly Evidence[]): Promise<Facts> {
  const merchants = [...new Set(evidence.map(one => one.merchant))]
  const wanted = JSON.stringify(evidence.map(wantedOf))
  const [row] = await sql<Row>`
    with wanted as materialized (
      select w.* from jsonb_to_recordset(${wanted}::jsonb) as w (
        merchant text, platform text, kind text, orders text[], minor bigint, at timestamptz,
        terminal text, source text, id text)),
    about as (
      select o.notice as id from wanted w cross join unnest(w.orders) as named (order_no)
      join notices.order_id o on o.merchant = w.merchant and o.platform = w.platform
        and o.order_no = named.order_no and o.kind = w.kind
      union
      select n.id from wanted w
      join notices.notice n on n.merchant = w.merchant and n.sum = w.minor and n.weak
        and n.at between w.at - make_interval(secs => ${furthest}) and w.at + make_interval(secs => ${furthest})
      union
      select n.id from wanted w
      join notices.notice n on n.merchant = w.merchant and n.sum = w.minor
        and n.at between w.at - make_interval(secs => ${furthest}) and w.at + make_interval(secs => ${furthest})
      where w.orders = '{}')
    select
      (select jsonb_agg(jsonb_build_object('merchant', s.merchant, 'seq', s.seq::text))
       from notices.stream s where s.merchant = any(${merchants}::text[])) as places,
      (select jsonb_agg(jsonb_build_object('id', c.id, 'merchant', c.merchant, 'outlet', c.outlet, 'name', c.name,
         'threshold', c.threshold, 'patience', c.patience, 'lateSpoken', c.late_spoken, 'large', c.large::text,
         'currency', c.currency, 'quiet', case when c.quiet_from is not null then
           jsonb_build_object('from', c.quiet_from, 'to', c.quiet_to) end, 'open', c.open,
         'zone', coalesce(t.zone, 'Asia/Shanghai'), 'openedAt', c.opened_at) order by c.opened_at, c.id)
       from notices.counter c left join parties.outlet t on t.id = c.outlet
       where c.merchant = any(${merchants}::text[]) and c.open) as counters,
      (select jsonb_agg(jsonb_build_object('id', n.id, 'merchant', n.merchant, 'counter', n.counter, 'kind', n.kind,
         'platform', n.platform, 'minor', n.minor::text, 'sum', n.sum::text, 'received', n.received::text,
         'currency', n.currency, 'at', n.at, 'rehearsal', n.rehearsal, 'payer', n.payer, 'payee', n.payee, 'way', n.way,
         'outlet', n.outlet, 'heard', n.heard, 'grade', n.grade, 'weak', n.weak, 'contradicted', n.contradicted,
         'late', n.late,
         'orders', coalesce((select jsonb_agg(o.order_no) from notices.order_id o where o.notice = n.id), '[]'),
         'voices', coalesce((select jsonb_agg(jsonb_build_object('source', e.source, 'terminal', nullif(e.terminal, ''),
           'second', floor(extract(epoch from e.at)))) from notices.evidence e where e.notice = n.id), '[]'),
         'told', (select jsonb_agg(p.class) from notices.prompt p where p.notice = n.id)))
       from about a join notices.notice n on n.id = a.id) as notices,
      (select jsonb_agg(jsonb_build_object('merchant', e.merchant, 'terminal', e.terminal, 'source', e.source,
         'id', e.id, 'outcome', e.outcome, 'notice', e.notice))
       from wanted w join notices.evidence e on e.merchant = w.merchant and e.terminal = w.terminal
         and e.source = w.source and e.id = w.id) as heard`
  return factsIn(row!)
}

const wantedOf = (one: Evidence) => ({
  ...{ merchant: one.merchant, platform: one.platform, kind: one.kind, orders: one.orders },
  ...{ minor: one.amount?.minor.toString() ?? null, at: one.at, terminal: one.terminal ?? '' },
  ...{ source: one.source, id: one.id },
})

function factsIn({ places, counters, notices, heard }: Row): Facts {
  const open = (counters ?? []).map(({ large, currency, openedAt, ...rest }): Counter => ({
    ...rest,
    openedAt: new Date(openedAt),
    large: large !== null && currency !== null ? { minor: BigInt(large), currency } : null,
  }))
  return {
    places: new Map((places ?? []).map(({ merchant, seq }) => [merchant, BigInt(seq)])),
    counters: Map.groupBy(open, one => one.merchant),
    notices: (notices ?? []).map(standingIn),
    heard: new Map(
      (heard ?? []).map(({ outcome, notice, ...by }) => [
        keyOf(by as unknown as Evidence),
        { outcome, notice },
      ]),
    ),
  }
}

const standingIn = (row: NoticeRow): Standing => ({
  ...row,
  minor: BigInt(row.minor),
  sum: BigInt(row.sum),
  received: row.received === null ? null : BigInt(row.received),
  at: new Date(row.at),
  orders: [...row.orders],
  voices: row.voices.map((one): Voice => ({ ...one, second: Number(one.second) })),
  told: row.told ?? [],
})
