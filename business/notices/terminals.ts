/**
 * Terminals: made or invited, allowed, suspended, authorised again, revoked. Each step is kept with who took it; the
 * table tells every server of a change at once, so that a line is ended, or tells less, from then on.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  homeZone,
  Refusal,
  type Books,
  type MerchantId,
  type OutletId,
  type PersonId,
  type Sql,
  type TillId,
} from '@bursar/kernel'
import type { Refused } from './refused.ts'
import type { Permission, Terminal, TerminalId, TerminalState, Way } from './words.ts'

const terminalsMost = 5_000

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
export const newSecret = (): string => `nts_${randomBytes(24).toString('base64url')}`

type Row = Omit<Terminal, 'permission'> & Readonly<{ permission: PermissionRow }>
type SumRow = Readonly<{ minor: string; currency: string }>
/** One of before there were tills names none. */
type PermissionRow = Omit<Permission, 'from' | 'to' | 'until' | 'tills'> &
  Readonly<{ from: SumRow | null; to: SumRow | null; until: string | null }> &
  Partial<Pick<Permission, 'tills'>>

const sumIn = (sum: SumRow | null) => sum && { minor: BigInt(sum.minor), currency: sum.currency }
const terminalIn = ({ permission, ...rest }: Row): Terminal => {
  const { from, to, until, tills = null, ...said } = permission
  const dated = { until: until === null ? null : new Date(until) }
  return { ...rest, permission: { ...said, tills, from: sumIn(from), to: sumIn(to), ...dated } }
}
/** As it is kept: sums as texts, since JSON's numbers are not exact. */
export const permissionRow = (permission: Permission): string =>
  JSON.stringify(permission, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )

type Which = Readonly<{
  ids?: readonly string[]
  merchant?: string
  person?: string
  hash?: string
  /** With a merchant: the subs that people hold there, and all that this one holds or held. */
  beside?: string
}>
export async function terminalsBy(sql: Sql, which: Which): Promise<Terminal[]> {
  const { ids = null, merchant = null, person = null, hash = null, beside = null } = which
  const rows = await sql<Row>`
    select t.id, t.merchant, m.name as "merchantName", t.kind, t.name, t.state, t.person, p.name as "personName",
      t.permission, t.ways, t.language, t.clock, t.zone, t.speaks, t.hears_sms as "hearsSms", t.muted_until as "mutedUntil", t.since, t.acked,
      t.battery, t.seen_at as "seenAt", t.gone_at as "goneAt", t.program, t.shown_at as "shownAt", t.authorised_at as "authorisedAt"
    from notices.terminal t join parties.merchant m on m.id = t.merchant
    left join parties.person p on p.id = t.person
    where (${ids}::text[] is null or t.id = any(${ids}::text[]))
      and (${merchant}::text is null or t.merchant = ${merchant})
      and (${person}::text is null or (t.person = ${person} and t.state <> 'revoked'))
      and (${hash}::text is null or t.secret_hash = ${hash})
      and (${beside}::text is null or t.person = ${beside} or (t.kind = 'sub' and t.person is not null and t.state <> 'revoked'))
    order by t.state = 'revoked', t.id limit ${terminalsMost}`
  return rows.map(terminalIn)
}
export const terminalsOf = (books: Books, merchant: MerchantId) =>
  terminalsBy(books.sql, { merchant })
export const terminalsHeldBy = (books: Books, person: PersonId) =>
  terminalsBy(books.sql, { person })
export const personsTerminals = (books: Books, merchant: MerchantId, person: PersonId) =>
  terminalsBy(books.sql, { merchant, beside: person })
/** Also one that is suspended: it may know that it is. One that was revoked is not there. */
export async function terminalBySecret(
  books: Books,
  secret: string,
): Promise<Terminal | undefined> {
  const [found] = await terminalsBy(books.sql, { hash: hashOf(secret) })
  return found?.state === 'revoked' ? undefined : found
}

/** Mains and devices that are told no more, by their ids, a page after one of them. */
export async function endedAfter(
  sql: Sql,
  after: TerminalId | '',
  limit: number,
  now: Date,
): Promise<TerminalId[]> {
  const rows = await sql<{ id: TerminalId }>`
    select id from notices.terminal
    where kind <> 'sub' and id > ${after}
      and (state <> 'authorised' or (permission ->> 'until')::timestamptz <= ${now})
    order by id limit ${limit}`
  return rows.map(({ id }) => id)
}

export async function readTerminal(
  sql: Sql,
  id: TerminalId,
  merchant?: MerchantId,
): Promise<Terminal> {
  const [found] = await terminalsBy(sql, { ids: [id], ...(merchant && { merchant }) })
  if (!found) throw new Refusal<Refused>('no_such_terminal', { id })
  return found
}

export type TerminalAsk = Readonly<{
  id: TerminalId
  merchant: MerchantId
  kind: 'main' | 'device'
  name: string
  ways: readonly Way[]
  language: 'zh-CN' | 'en'
  zone: string | null
  speaks: boolean
  hearsSms?: boolean
  permission: Permission
  by: PersonId
  at?: Date
}>
type Made = Readonly<{ terminal: Terminal; secret: string }>

/** Its secret is told this once. Asked again there is another, and the old one ends. */
export async function makeTerminal(books: Books, ask: TerminalAsk): Promise<Made> {
  const { id, merchant, kind, by, at = new Date() } = ask
  const secret = newSecret()
  return await books.write(async ({ sql }) => {
    await holdMerchant(sql, merchant)
    const [known] = await terminalsBy(sql, { ids: [id] })
    if (known) {
      if (known.merchant !== merchant || known.kind !== kind)
        throw new Refusal<Refused>('no_such_terminal', { id })
      mustNotBeRevoked(known)
      await sql`update notices.terminal set secret_hash = ${hashOf(secret)} where id = ${id}`
    } else {
      mustBeginToHold(ask.permission, at)
      const person = kind === 'main' ? by : null
      await insertTerminal(sql, { ...ask, person, secretHash: hashOf(secret), at })
      await step(sql, { terminal: id, name: 'make', by, at })
    }
    return { terminal: await readTerminal(sql, id), secret }
  })
}

/** Of one merchant's terminals, one change at a time: zones have one speaker, and a new one begins at the stream's end. */
export async function holdMerchant(sql: Sql, merchant: MerchantId): Promise<void> {
  const [held] = await sql`select from notices.stream where merchant = ${merchant} for update`
  if (!held) throw new Refusal<Refused>('no_open_counter', { merchant })
}

type Inserting = Omit<TerminalAsk, 'kind' | 'by'> &
  Readonly<{ kind: Terminal['kind']; person: PersonId | null; secretHash: string | null; at: Date }>
export async function insertTerminal(sql: Sql, ask: Inserting): Promise<void> {
  const { id, merchant, kind, name, ways, language, zone, speaks, person, at } = ask
  const permission = await placed(sql, merchant, ask.permission)
  const [{ many } = { many: 0n }] = await sql<{ many: bigint }>`
    select count(*) as many from notices.terminal where merchant = ${merchant} and state <> 'revoked'`
  if (many >= terminalsMost)
    throw new Refusal<Refused>('too_many_terminals', { most: terminalsMost })
  if (speaks && zone !== null) await silenceZone(sql, merchant, zone, id)
  await sql`
    insert into notices.terminal (id, merchant, kind, name, person, secret_hash, permission, ways, language, clock,
      zone, speaks, hears_sms, since, acked, authorised_at)
    select ${id}, ${merchant}, ${kind}, ${name}, ${person}, ${ask.secretHash}, ${permissionRow(permission)}::jsonb,
      ${ways}::text[], ${language}, ${await clockFor(sql, permission)}, ${zone}, ${speaks}, ${kind === 'main' && ask.hearsSms === true}, seq, seq, ${at}
    from notices.stream where merchant = ${merchant}`
}

/**
 * Tills say the outlets that it is limited to; one of an outlet that was not named is refused. So are sums between which
 * there is none: it would be told of nothing, in silence.
 */
export async function placed(
  sql: Sql,
  merchant: MerchantId,
  permission: Permission,
): Promise<Permission> {
  const { tills, outlets, from, to } = permission
  if (from && to && from.currency === to.currency && from.minor > to.minor)
    throw new Refusal<Refused>('sums_leave_nothing', { field: 'permission/to' })
  if (!tills) return permission
  const rows = await sql<{ id: TillId; outlet: OutletId }>`
    select id, outlet from parties.till where merchant = ${merchant} and id = any(${[...tills]}::text[])`
  const known = rows.filter(one => !outlets || outlets.includes(one.outlet))
  const till = tills.find(id => !known.some(one => one.id === id))
  if (till)
    throw new Refusal<Refused>('no_such_till', { merchant, till, field: 'permission/tills' })
  return { ...permission, outlets: [...new Set(known.map(one => one.outlet))] }
}

/** What is over already would be told of nothing, in silence. What it had before stays as it is. */
export function mustBeginToHold({ until }: Permission, at: Date, before?: Permission): void {
  if (!until || until.getTime() === before?.until?.getTime() || until > at) return
  throw new Refusal<Refused>('over_before_it_begins', { field: 'permission/until' })
}

/** Hours are those of the outlet that it is at. */
async function clockFor(sql: Sql, { outlets }: Permission): Promise<string> {
  const [at] = await sql<{ zone: string }>`
    select zone from parties.outlet where id = ${outlets?.[0] ?? null}`
  return at?.zone ?? homeZone
}

const silenceZone = (sql: Sql, merchant: MerchantId, zone: string, but: TerminalId) => sql`
  update notices.terminal set speaks = false
  where merchant = ${merchant} and zone = ${zone} and speaks and id <> ${but}`

export type Settings = Readonly<{
  name?: string
  ways?: readonly Way[]
  language?: 'zh-CN' | 'en'
  zone?: string | null
  speaks?: boolean
  hearsSms?: boolean
  permission?: Permission
}>
type Changing = Readonly<{ merchant: MerchantId; terminal: TerminalId; by: PersonId; at?: Date }>

/** What it may see is felt from the next prompt on. */
export async function setTerminal(books: Books, ask: Changing & Settings): Promise<Terminal> {
  const { merchant, terminal: id, by, at = new Date() } = ask
  return await books.write(async ({ sql }) => {
    await holdMerchant(sql, merchant)
    const known = await readTerminal(sql, id, merchant)
    mustNotBeRevoked(known)
    const { name, ways, language, zone, speaks, hearsSms } = { ...known, ...ask }
    if (ask.permission) mustBeginToHold(ask.permission, at, known.permission)
    const permission = await placed(sql, merchant, ask.permission ?? known.permission)
    if (speaks && zone !== null) await silenceZone(sql, merchant, zone, id)
    await sql`
      update notices.terminal set name = ${name}, ways = ${ways}::text[], language = ${language}, zone = ${zone},
        speaks = ${speaks}, hears_sms = ${hearsSms && known.kind === 'main'}, permission = ${permissionRow(permission)}::jsonb, clock = ${await clockFor(sql, permission)}
      where id = ${id}`
    if (ask.permission) await step(sql, { terminal: id, name: 'allow', by, at })
    return await readTerminal(sql, id)
  })
}

const steps = {
  suspend: 'suspended',
  authorise: 'authorised',
  revoke: 'revoked',
  leave: 'revoked',
} as const satisfies Record<string, TerminalState>

/** Taking a step again changes nothing. What was told while it was suspended is not for it. */
export async function stepTerminal(
  books: Books,
  ask: Changing & Readonly<{ step: keyof typeof steps; reason?: string }>,
): Promise<Terminal> {
  const { merchant, terminal: id, step: name, by, reason, at = new Date() } = ask
  const to = steps[name]
  return await books.write(async ({ sql }) => {
    await holdMerchant(sql, merchant)
    const known = await readTerminal(sql, id, merchant)
    if (known.state === to) return known
    mustNotBeRevoked(known)
    await sql`
      update notices.terminal t set state = ${to},
        since = case when ${to} = 'authorised' then s.seq else t.since end,
        authorised_at = case when ${to} = 'authorised' then ${at} else t.authorised_at end
      from notices.stream s where t.id = ${id} and s.merchant = t.merchant`
    await step(sql, { terminal: id, name, by, at, ...(reason !== undefined && { reason }) })
    return await readTerminal(sql, id)
  })
}

export function mustNotBeRevoked({ id, state }: Terminal): void {
  if (state === 'revoked') throw new Refusal<Refused>('terminal_is_revoked', { id })
}

type Step = Readonly<{
  terminal: TerminalId
  name: keyof typeof steps | 'make' | 'accept' | 'allow' | 'hand_over'
  by: PersonId
  at: Date
  reason?: string
}>
export const step = (sql: Sql, { terminal, name, by, at, reason }: Step) => sql`
  insert into notices.terminal_step (terminal, n, name, by, reason, at)
  select ${terminal}, count(*) + 1, ${name}, ${by}, ${reason ?? null}, ${at}
  from notices.terminal_step where terminal = ${terminal}`
