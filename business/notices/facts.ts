/** What the evidence of a batch may be about, in one question, after the merchants' streams are held. */
import type { MerchantId, Sql } from '@bursar/kernel'
import { keyOf, type Answer, type Facts, type Named, type Standing } from './known.ts'
import { furthest, type Voice } from './matching.ts'
import type { Counter, Evidence } from './words.ts'

type Json<T, Keys extends keyof T> = Omit<T, Keys> & Readonly<Record<Keys, string>>
type CounterRow = Json<Omit<Counter, 'large'>, 'openedAt'> &
  Readonly<{ large: string | null; currency: string | null }>
type NoticeRow = Json<
  Omit<Standing, 'received' | 'told' | 'alarms' | 'voices'>,
  'minor' | 'sum' | 'at'
> &
  Readonly<{
    received: string | null
    told: Standing['told'] | null
    alarms: string[] | null
    voices: Voice[] | null
  }>
type HeardRow = Answer &
  Readonly<{ merchant: string; terminal: string; source: string; id: string }>
type Row = Readonly<{
  places: { merchant: MerchantId; seq: string }[] | null
  counters: CounterRow[] | null
  named: Named[] | null
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
  const words = wordsOf(evidence)
  const orders = ordersOf(evidence)
  const like = lookUps(evidence)
  const [row] = await sql<Row>`
    with named as materialized (
      select * from notices.named(${orders.merchants}::text[], ${orders.platforms}::text[], ${orders.kinds}::text[],
        ${orders.orders}::text[])),
    about as materialized (
      select notice as id from named
      union
      select id from notices.alike(${like.merchants}::text[], ${like.platforms}::text[], ${like.kinds}::text[],
        ${like.currencies}::text[], ${like.sums}::bigint[], ${like.opens}::boolean[], ${like.moments}::timestamptz[],
        make_interval(secs => ${furthest}), ${like.most}::integer[]) as found (id))
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
      (select jsonb_agg(jsonb_build_object('merchant', o.merchant, 'platform', o.platform, 'kind', o.kind,
         'order', o.order_no, 'firm', o.firm, 'notice', o.notice)) from named o) as named,
      (select jsonb_agg(jsonb_build_object('id', n.id, 'merchant', n.merchant, 'counter', n.counter, 'kind', n.kind,
         'platform', n.platform, 'minor', n.minor::text, 'sum', n.sum::text, 'received', n.received::text,
         'currency', n.currency, 'at', n.at, 'rehearsal', n.rehearsal, 'payer', n.payer, 'payee', n.payee, 'way', n.way,
         'outlet', n.outlet, 'till', n.till, 'heard', n.heard, 'grade', n.grade, 'weak', n.weak, 'contradicted', n.contradicted,
         'late', n.late,
         'voices', (select jsonb_agg(jsonb_build_object('source', e.source, 'terminal', nullif(e.terminal, ''),
           'second', floor(extract(epoch from e.at)))) from (
             select e.source, e.terminal, e.at from notices.evidence e where e.notice = n.id order by e.no limit ${voicesMost}) e),
         'told', (select jsonb_agg(p.class) from notices.prompt p where p.notice = n.id and p.class <> 'contradicted'),
         'alarms', (select jsonb_agg(p.minor::text) from notices.prompt p where p.notice = n.id and p.class = 'contradicted')))
       from about a cross join lateral (select * from notices.notice where id = a.id limit 1) n) as notices,
      (select jsonb_agg(jsonb_build_object('merchant', e.merchant, 'terminal', e.terminal, 'source', e.source,
         'id', e.id, 'outcome', e.outcome, 'notice', e.notice))
       from notices.heard(${words.merchants}::text[], ${words.terminals}::text[], ${words.sources}::text[],
         ${words.ids}::text[]) e) as heard`
  return factsIn(row!)
}

/** Of a notice that is told of over and over: the first sources are enough to tell two payments apart. */
const voicesMost = 64
/** The nearest on each side; of several alike in one minute each the next ones. */
const [nearestMost, alikeLookedAt] = [8, 64]

/**
 * What matching may need to see, by sum and time. A word with an order id can be about what has none yet; one without,
 * about any. A main's is counted as well (`decide`), so more is looked at.
 */
function lookUps(evidence: readonly Evidence[]) {
  const wanted = evidence.filter(one => one.amount && one.platform && one.source !== 'rehearsal')
  const ranks = new Map<string, number>()
  const most = wanted.map(one => {
    if (one.terminal !== null && one.orders.length === 0) return alikeLookedAt
    const minute = Math.floor(one.at.getTime() / 60_000)
    const key = `${one.merchant} ${one.platform} ${one.kind} ${one.amount!.minor} ${minute}`
    const rank = ranks.get(key) ?? 0
    ranks.set(key, rank + 1)
    return Math.min(alikeLookedAt, nearestMost + rank)
  })
  return {
    merchants: wanted.map(one => one.merchant),
    platforms: wanted.map(one => one.platform),
    kinds: wanted.map(one => one.kind),
    currencies: wanted.map(one => one.amount!.currency),
    sums: wanted.map(one => one.amount!.minor),
    opens: wanted.map(one => one.orders.length > 0),
    moments: wanted.map(one => one.at),
    most,
  }
}

const wordsOf = (evidence: readonly Evidence[]) => ({
  merchants: evidence.map(one => one.merchant),
  terminals: evidence.map(one => one.terminal ?? ''),
  sources: evidence.map(one => one.source),
  ids: evidence.map(one => one.id),
})

function ordersOf(evidence: readonly Evidence[]) {
  const named = evidence
    .filter(one => one.platform !== null)
    .flatMap(one => one.orders.map(order => ({ ...one, order })))
  return {
    merchants: named.map(one => one.merchant),
    platforms: named.map(one => one.platform),
    kinds: named.map(one => one.kind),
    orders: named.map(one => one.order),
  }
}

function factsIn({ places, counters, named, notices, heard }: Row): Facts {
  const open = (counters ?? []).map(({ large, currency, openedAt, ...rest }): Counter => ({
    ...rest,
    openedAt: new Date(openedAt),
    large: large !== null && currency !== null ? { minor: BigInt(large), currency } : null,
  }))
  return {
    places: new Map((places ?? []).map(({ merchant, seq }) => [merchant, BigInt(seq)])),
    counters: Map.groupBy(open, one => one.merchant),
    notices: (notices ?? []).map(standingIn),
    named: named ?? [],
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
  voices: row.voices ?? [],
  told: row.told ?? [],
  alarms: (row.alarms ?? []).map(BigInt),
})
