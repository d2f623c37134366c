/**
 * A sub comes in by a code that its main shows as QR: ten minutes, once. At shift change a terminal is handed over the
 * same way. The code is with who was invited; its hash is with us.
 */
import { randomBytes } from 'node:crypto'
import {
  newId,
  Refusal,
  type Books,
  type MerchantId,
  type PersonId,
  type Sql,
} from '@bursar/kernel'
import type { Refused } from './refused.ts'
import {
  hashOf,
  holdMerchant,
  insertTerminal,
  mustBeginToHold,
  mustNotBeRevoked,
  newSecret,
  permissionRow,
  placed,
  readTerminal,
  step,
} from './terminals.ts'
import type { InvitationId, Permission, Terminal, TerminalId, Way } from './words.ts'

const validFor = 10 * 60_000

export type Invited = Readonly<{ id: InvitationId; code: string; expiresAt: Date }>
type Ask = Readonly<{ id: InvitationId; by: PersonId; at?: Date }>

export async function inviteSub(
  books: Books,
  ask: Ask & Readonly<{ merchant: MerchantId; name: string; permission: Permission }>,
): Promise<Invited> {
  const { merchant, name, at = new Date() } = ask
  mustBeginToHold(ask.permission, at)
  const permission = await books.write(async ({ sql }) => {
    await holdMerchant(sql, merchant)
    return await placed(sql, merchant, ask.permission)
  })
  return await insert(books.sql, ask, {
    merchant,
    name,
    permission: permissionRow(permission),
    terminal: null,
  })
}

/** The holder's own to hand over. */
export async function handOver(
  books: Books,
  ask: Ask & Readonly<{ terminal: TerminalId }>,
): Promise<Invited> {
  const held = await readTerminal(books.sql, ask.terminal)
  if (held.person !== ask.by) throw new Refusal<Refused>('no_such_terminal', { id: ask.terminal })
  if (held.state !== 'authorised') throw new Refusal<Refused>('terminal_is_off', { id: held.id })
  const { merchant, name, id: terminal } = held
  return await insert(books.sql, ask, { merchant, name, permission: null, terminal })
}

type Said = Readonly<{
  merchant: MerchantId
  name: string
  permission: string | null
  terminal: TerminalId | null
}>
async function insert(sql: Sql, { id, by, at = new Date() }: Ask, said: Said): Promise<Invited> {
  const { merchant, name, permission, terminal } = said
  const code = randomBytes(18).toString('base64url')
  const expiresAt = new Date(at.getTime() + validFor)
  await sql`
    insert into notices.invitation (id, merchant, terminal, name, permission, code_hash, made_by, made_at, expires_at)
    values (${id}, ${merchant}, ${terminal}, ${name}, ${permission}::jsonb, ${hashOf(code)}, ${by}, ${at}, ${expiresAt})`
  return { id, code, expiresAt }
}

type Taking = Readonly<{
  code: string
  by: PersonId
  ways?: readonly Way[]
  language?: 'zh-CN' | 'en'
  at?: Date
}>
type Held = Readonly<{
  id: InvitationId
  merchant: MerchantId
  terminal: TerminalId | null
  name: string
  permission: Permission | null
  madeBy: PersonId
  expiresAt: Date
  takenBy: PersonId | null
  made: TerminalId | null
}>

/** Said again by the same person, it is answered as before. */
export async function acceptInvitation(books: Books, ask: Taking): Promise<Terminal> {
  const { code, by, at = new Date() } = ask
  return await books.write(async ({ sql }) => {
    const [held] = await sql<Held>`
      select id, merchant, terminal, name, permission, made_by as "madeBy", expires_at as "expiresAt", taken_by as "takenBy", made
      from notices.invitation where code_hash = ${hashOf(code)} for update`
    if (!held) throw new Refusal<Refused>('invitation_not_valid')
    if (held.takenBy !== null && held.takenBy !== by)
      throw new Refusal<Refused>('taken_up_by_another')
    if (held.made) return await readTerminal(sql, held.made)
    if (at >= held.expiresAt) throw new Refusal<Refused>('invitation_not_valid')
    await holdMerchant(sql, held.merchant)
    const made = held.terminal
      ? await takeOver(sql, held.terminal, held, by, at)
      : await makeSub(sql, held, ask, at)
    await sql`
      update notices.invitation set taken_by = ${by}, taken_at = ${at}, made = ${made} where id = ${held.id}`
    return await readTerminal(sql, made)
  })
}

async function makeSub(sql: Sql, held: Held, ask: Taking, at: Date): Promise<TerminalId> {
  const { by, ways = ['text', 'voice', 'vibration'], language = 'zh-CN' } = ask
  const { merchant, name, permission } = held
  const id = newId('trm', at.getTime())
  const made = { id, merchant, name, permission: permission!, kind: 'sub', ways, language } as const
  await insertTerminal(sql, { ...made, zone: null, speaks: true, person: by, secretHash: null, at })
  await step(sql, { terminal: id, name: 'accept', by, at })
  return id
}

/** What opened it for the one before opens it no more: a main's new secret is asked for by who holds it now. By who holds it still, and only to somebody of the house: what a terminal may was given to its holder by the main. */
async function takeOver(
  sql: Sql,
  id: TerminalId,
  { merchant, madeBy }: Held,
  by: PersonId,
  at: Date,
): Promise<TerminalId> {
  const terminal = await readTerminal(sql, id)
  mustNotBeRevoked(terminal)
  if (terminal.person !== madeBy) throw new Refusal<Refused>('invitation_not_valid')
  const [seat] = await sql`
    select from parties.seat where organisation = ${merchant} and person = ${by} and ended_at is null limit 1`
  if (!seat) throw new Refusal<Refused>('receiver_has_no_seat')
  await sql`
    update notices.terminal t set person = ${by}, since = s.seq,
      secret_hash = case when t.secret_hash is not null then ${hashOf(newSecret())} end
    from notices.stream s
    where t.id = ${id} and s.merchant = t.merchant`
  await step(sql, { terminal: id, name: 'hand_over', by, at })
  return id
}
