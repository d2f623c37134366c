/** What holds of a residue whatever the code believes: the table and the book, orders of authorities, taking it back. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { beforeEach, test } from 'node:test'
import { withdraw } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { cny } from '@bursar/money'
import pg from 'pg'
import { useRefused } from './residues.testing.ts'
import { askResidue, readResidue, withdrawResidue, type ResidueId } from './settlement.ts'

const house = useRefused()
const { town, payee, ask, decide, approved, run, tell, stateOf, left, bounced, insert } = house
let { bank, member, part, reviewer } = house.now
beforeEach(() => ({ bank, member, part, reviewer } = house.now))

const takeBack = (id: ResidueId, more: Partial<Parameters<typeof withdrawResidue>[1]> = {}) =>
  withdrawResidue(town.books, { id, purse: member.purse, by: member.person, ...more })
const shown = (id: ResidueId) => readResidue(town.books, id)
const asOwner = async (text: string) => {
  const owner = openBooks({ url: town.database.ownerUrl })
  const write = owner.write(({ sql }) => sql([text] as unknown as TemplateStringsArray))
  return await write.finally(() => owner.close())
}

test('P5-13 a guest takes a residue back while nobody has decided; the money is the purse’s again, and may be asked for anew', async () => {
  const { id } = await ask()
  await assert.rejects(takeBack(id, { by: await town.person() }), { code: 'no_such_residue' })
  await assert.rejects(takeBack(id, { purse: newId('pur') }), { code: 'no_such_residue' })
  await takeBack(id)
  assert.equal((await takeBack(id)).state, 'withdrawn')
  assert.equal(await left(), 4000n)
  await assert.rejects(decide(id), { code: 'residue_decided' })
  assert.deepEqual(
    (await shown(id)).steps.map(({ name, by }) => [name, by]),
    [
      ['submit', member.person],
      ['withdraw', member.person],
    ],
  )
  assert.equal((await ask()).state, 'submitted')
})

test('P5-13 taken back and approved at once, one of the two holds, and the bank pays at most the one', async () => {
  const ends = new Set<string>()
  for (let round = 0; round < 8; round++) {
    const { id } = await ask('1.00')
    const both = await Promise.allSettled(
      round % 2 ? [takeBack(id), decide(id)] : [decide(id), takeBack(id)],
    )
    assert.equal(both.filter(({ status }) => status === 'fulfilled').length, 1)
    const state = await stateOf(id)
    ends.add(state)
    assert.ok(['withdrawn', 'sending'].includes(state), state)
  }
  const sent = await town.books.sql<{ id: string }>`
    select id from settlement.residue where part = ${part} and state = 'sending' order by id`
  await run()
  const told = bank.orders.map(({ payout }) => payout as string)
  assert.deepEqual(
    told.filter(one => sent.some(({ id }) => id === one)).toSorted(),
    sent.map(({ id }) => id),
  )
  assert.equal(await left(), 4000n - 100n * BigInt(sent.length))
})

test('P5-13 what is approved is not taken back', async () => {
  const id = await approved()
  await assert.rejects(takeBack(id), { code: 'residue_decided' })
  assert.equal(await left(), 0n)
})

test('P5-13 a card number that cannot be one is refused with its field; of other accounts only the bank knows', async () => {
  const mistyped = { ...payee, account: '6222 0210 0101 2345 672' }
  await assert.rejects(ask('1.00', { payee: mistyped }), {
    code: 'account_mistyped',
    facts: { field: 'account' },
  })
  await ask('1.00', { payee: { ...payee, account: '6222 0210 0101 2345 671' } })
  await ask('1.00', { payee: { ...payee, account: '0200 0000 0000 1' } })
})

test('P5-13 of a purse that an authority has barred nothing is sent; once it is free, it is', async () => {
  const id = await approved()
  const account = `purse/${member.purse}` as const
  const freeze = (state: 'sealed' | 'open') =>
    town.books.submit({
      book: town.book,
      plan: () => ({
        entries: [{ kind: 'freeze', id: crypto.randomUUID(), event: 'test', account, state }],
      }),
    })
  await freeze('sealed')
  const sent = () => bank.orders.filter(({ payout }) => payout === id).length
  await run()
  await run(30)
  assert.deepEqual([sent(), await stateOf(id)], [0, 'sending'])
  await freeze('open')
  await run(60)
  assert.deepEqual([sent(), await stateOf(id)], [1, 'accepted'])
})

test('P5-13 a bank that spoke of another sum, and then of nothing, gives nothing back: people look', async () => {
  const id = await approved()
  await run()
  await tell(id, { kind: 'paid' }, '39.00')
  await town.books.sql`update settlement.residue set state = 'closing' where id = ${id}`
  bank.knows('unknown')
  const closed = { ...bank, query: async () => ({ state: 'closed' }) as const }
  Object.assign(bank, { close: closed.query, query: closed.query })
  await run(30)
  assert.deepEqual([await stateOf(id), await left()], ['closing', 0n])
  assert.equal((await shown(id)).differs, 'wrong_state')
})

test('P5-13 what the bank has closed it may never pay: said at once, and it moves nothing', async () => {
  const id = await approved()
  bank.says({ refused: 'no_such_account' })
  await run()
  assert.equal(await stateOf(id), 'bounced')
  assert.equal(await tell(id, { kind: 'paid' }), 'wrong_state')
  assert.deepEqual([(await shown(id)).differs, await left()], ['wrong_state', 4000n])
})

test('P5-13 a residue is in the table only as the book has it: asked, taken back, paid and returned', async () => {
  const asBooked = { constraint: 'a_residue_is_as_the_book_has_it' }
  const first = (await ask('10.00')).id
  await assert.rejects(
    asOwner(
      `update settlement.residue set state = 'withdrawn', ended_at = now() where id = '${first}'`,
    ),
    asBooked,
  )
  await takeBack(first)
  const id = await approved('10.00')
  await run()
  const ended = (state: string) =>
    asOwner(
      `update settlement.residue set state = '${state}', reason = 'x', ended_at = now() where id = '${id}'`,
    )
  await assert.rejects(ended('paid'), asBooked)
  await assert.rejects(ended('bounced'), asBooked)
  await tell(id, { kind: 'paid' }, '10.00')
  await assert.rejects(ended('bounced'), asBooked)
  await tell(id, bounced, '10.00')
  assert.equal(await stateOf(id), 'bounced')
})

test('P5-13 a residue begins as a wish, claims what it is paid of, and is reserved; in the table', async () => {
  const decided = { state: 'sending', reviewer }
  await assert.rejects(insert(decided), { constraint: 'a_residue_begins_as_a_wish' })
  await assert.rejects(insert(), { constraint: 'what_the_bank_pays_the_platform_does_not' })
  const [{ id: topUp } = { id: '' }] = await town.books.sql<{ id: string }>`
    select top_up as id from custody.part where id = ${part}`
  await town.books.sql`update custody.top_up set returned = returned + 100 where id = ${topUp}`
  await assert.rejects(insert(), { constraint: 'a_residue_is_as_the_book_has_it' })
})

test('P5-13 who has reviewed it stays who has, and what was asked stays as it was; in the table', async () => {
  const id = await approved()
  const other = await town.person()
  await assert.rejects(
    asOwner(`update settlement.residue set reviewed_by = '${other}' where id = '${id}'`),
    { constraint: 'a_review_stays_whose_it_was' },
  )
  for (const change of [`account = '12345678'`, 'minor = 1', `holder = 'x'`])
    await assert.rejects(asOwner(`update settlement.residue set ${change} where id = '${id}'`), {
      constraint: 'what_was_asked_stays',
    })
})

test('P5-13 two ways at once, platform and bank, never pay more together than the platform refused', async () => {
  for (let round = 0; round < 4; round++) {
    const wish = { id: newId('wdr'), purse: member.purse, by: member.person, amount: cny('8.00') }
    await Promise.allSettled([
      ask('8.00'),
      withdraw(town.books, [town.wallet.wallet], wish),
      askResidue(town.books, {
        ...{ id: newId('rsd'), part, purse: member.purse, payee },
        ...{ amount: cny('8.00'), by: member.person },
      }),
    ])
  }
  const [sum] = await town.books.sql<{ claimed: bigint; returned: bigint }>`
    select t.returned, (
      (select coalesce(sum(minor), 0) from custody.part where top_up = t.id and state <> 'returned') +
      (select coalesce(sum(minor), 0) from settlement.residue where part = ${part}))::bigint as claimed
    from custody.top_up t join custody.part p on p.top_up = t.id where p.id = ${part}`
  assert.equal(sum!.claimed, sum!.returned)
  assert.ok(sum!.returned <= 4000n)
  assert.equal(await left(), 4000n - sum!.returned)
})

test('a residue that differed before there were rows for it is a break, and is asked about', async () => {
  const id = await approved()
  const file = await readFile(new URL('migrations/0006_residue_break.sql', import.meta.url), 'utf8')
  const filling = file.slice(
    file.indexOf('insert into'),
    file.indexOf('alter table settlement.residue drop'),
  )
  const client = new pg.Client({ connectionString: town.database.ownerUrl })
  await client.connect()
  await client.query('begin')
  await client.query(`alter table settlement.residue add column differs text`)
  await client.query(`update settlement.residue set differs = 'wrong_amount' where id = '${id}'`)
  await client.query(filling)
  const { rows } = await client.query(
    'select about, kind, ended_at from settlement.break where about = $1',
    [id],
  )
  await client.query('rollback')
  await client.end()
  assert.deepEqual(rows, [{ about: id, kind: 'wrong_amount', ended_at: null }])
})

test('residues of before know their entries: what is reserved, what was paid, what came back', async () => {
  await ask('5.00')
  const paid = await approved('5.00')
  const back = await approved('5.00')
  await run()
  await tell(paid, { kind: 'paid' }, '5.00')
  await tell(back, { kind: 'paid' }, '5.00')
  await tell(back, bounced, '5.00')
  const file = await readFile(new URL('migrations/0005_residue_books.sql', import.meta.url), 'utf8')
  const [begin, end] = ['update settlement.residue', 'alter table settlement.residue alter']
  const filling = file.slice(file.indexOf(begin), file.indexOf(end))
  const client = new pg.Client({ connectionString: town.database.ownerUrl })
  await client.connect()
  const entries = async () =>
    (await client.query('select id, hold, moved from settlement.residue order by id')).rows
  const before = await entries()
  await client.query('begin')
  await client.query(`
    alter table settlement.residue disable trigger user;
    alter table settlement.residue alter column hold drop not null;
    update settlement.residue set hold = null, moved = null`)
  await client.query(filling)
  assert.deepEqual(await entries(), before)
  await client.query('rollback')
  await client.end()
})
