/** What the tables of residues refuse, said by the app's own role past all code: each rule by its name. */
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { newId, type Sql } from '@bursar/kernel'
import { useRefused } from './residues.testing.ts'
import type { ResidueId } from './settlement.ts'

const house = useRefused()
const { town, ask, approved } = house
let [asked, sent] = ['', ''] as unknown as [ResidueId, ResidueId]

/** One that waits for a reviewer, and one that waits for the bank; 10.00 of the part is claimed and asked by nobody. */
beforeEach(async () => {
  asked = (await ask('10.00')).id
  sent = await approved('10.00')
  await town.books.sql`
    update custody.top_up set returned = returned + 1000
    where id = (select top_up from custody.part where id = ${house.now.part})`
})

const inserts = {
  residue_id_check: { id: 'x' },
  residue_minor_check: { minor: 0n },
  residue_bank_check: { bank: '' },
  residue_account_check: { account: '1234567' },
  a_residue_begins_as_a_wish: { state: 'paid' },
  a_residue_is_of_a_refused_part: { currency: 'USD' },
  a_residue_goes_to_the_guest: { holder: '王五' },
  no_more_than_was_refused: { minor: 2_001n },
  what_the_bank_pays_the_platform_does_not: { minor: 1_001n },
  a_residue_is_as_the_book_has_it: {},
} as const

for (const [constraint, more] of Object.entries(inserts))
  test(`P5-13 the app’s role cannot write down a residue against ${constraint}`, async () => {
    const { part, member } = house.now
    const sound = { id: newId('rsd'), minor: 1_000n, currency: 'CNY', state: 'submitted' }
    const payee = { bank: '工商银行', account: '6222021001012345671', holder: '李晓梅' }
    const { id, minor, currency, state, bank, account, holder } = { ...sound, ...payee, ...more }
    await assert.rejects(
      town.books.sql`
        insert into settlement.residue (id, book, part, purse, minor, currency, bank, account, holder, state,
          asked_by, asked_at, hold)
        values (${id}, ${town.book}, ${part}, ${member.purse}, ${minor}, ${currency}, ${bank}, ${account},
          ${holder}, ${state}, ${member.person}, now(), ${crypto.randomUUID()})`,
      { constraint },
    )
  })

type Change = (sql: Sql) => Promise<unknown>
const changes: Readonly<Record<string, Change>> = {
  a_residue_goes_only_where_it_can: sql =>
    sql`update settlement.residue set state = 'paid' where id = ${asked}`,
  nothing_is_paid_unreviewed: sql =>
    sql`update settlement.residue set state = 'sending' where id = ${asked}`,
  nobody_reviews_their_own_residue: sql =>
    sql`update settlement.residue set state = 'sending', reviewed_by = asked_by where id = ${asked}`,
  nothing_goes_back_without_a_reason: sql => sql`
    update settlement.residue set state = 'rejected', reviewed_by = ${house.now.reviewer}, ended_at = now()
    where id = ${asked}`,
  an_ended_residue_has_its_time: sql => sql`
    update settlement.residue set state = 'rejected', reviewed_by = ${house.now.reviewer}, reason = 'x'
    where id = ${asked}`,
  nothing_is_paid_that_was_closed: sql => sql`
    update settlement.residue set state = 'paid', ended_at = now(), closed_at = now() where id = ${sent}`,
  a_review_stays_whose_it_was: sql =>
    sql`update settlement.residue set reviewed_by = null where id = ${sent}`,
  residue_reason_check: sql => sql`update settlement.residue set reason = '' where id = ${sent}`,
  residue_attempt_check: sql => sql`update settlement.residue set attempt = -1 where id = ${sent}`,
  a_residue_is_as_the_book_has_it: sql =>
    sql`update settlement.residue set state = 'withdrawn', ended_at = now() where id = ${asked}`,
  residue_step_name_check: sql => sql`
    insert into settlement.residue_step (residue, name, taken_by, taken_at) values (${asked}, 'x', 'x', now())`,
  residue_step_pkey: sql => sql`
    insert into settlement.residue_step (residue, name, taken_by, taken_at) values (${asked}, 'submit', 'x', now())`,
  residue_step_residue_fkey: sql => sql`
    insert into settlement.residue_step (residue, name, taken_by, taken_at)
    values (${newId('rsd')}, 'submit', 'x', now())`,
  a_break_is_of_one_payment: sql => sql`
    insert into settlement.break (payout, residue, kind, said, found_at)
    values (${newId('pay')}, ${sent}, 'wrong_state', 'none', now())`,
  break_residue_fkey: sql => sql`
    insert into settlement.break (residue, kind, said, found_at)
    values (${newId('rsd')}, 'wrong_state', 'none', now())`,
  kind_is_known: sql => sql`
    insert into settlement.break (residue, kind, said, found_at) values (${sent}, 'x', 'none', now())`,
  only_what_was_executed_has_a_sum: sql => sql`
    insert into settlement.break (residue, kind, said, found_at) values (${sent}, 'wrong_amount', 'paid', now())`,
}

for (const [constraint, change] of Object.entries(changes))
  test(`P5-13 the app’s role cannot change what is kept of a residue against ${constraint}`, async () => {
    await assert.rejects(change(town.books.sql), { constraint })
  })
