import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kept } from './connect.ts'
import { useDatabase } from './testing.ts'

const db = useDatabase()
const ask = (url: string, text: string) => kept(url).script(text)
const denied = { code: '42501' }

/** Every table that the app may delete from, or change whole rows of. A new line needs a reason. */
const mayDelete = {
  'parties.session': 'a session that ended is forgotten',
  'parties.wrong_try': 'forgiven at the next right password',
  'custody.code': 'a code that ran out is forgotten',
  'custody.hitch': 'what failed has succeeded since',
  'custody.payer': 'a binding has ended',
  'cashier.picture': 'an item is shown with another, or with none',
  'cashier.visit': 'an authorisation that began a day ago',
  'notices.echo': 'who had a rehearsal, a month later',
  'integrators.event': 'after 90 days, with its deliveries and attempts',
  'reconciliation.line':
    'a take of a bill that broke off, that a newer one replaces, or of more than five years ago',
}
/** What the app may change, column by column. States and clocks; never an amount, an owner, an id. */
const mayUpdate: Record<string, readonly string[]> = {
  'parties.api_key': ['ended_at', 'ended_by', 'used_at'],
  'parties.api_key_secret': ['ends_at'],
  'parties.merchant': ['address', 'confirms_spends', 'state'],
  'parties.nomination': ['ended_at', 'ended_by', 'state'],
  'parties.operator_licence': [
    ...['decided_at', 'decided_by', 'reason', 'revoked_at', 'revoked_by', 'state'],
  ],
  'parties.person': ['password'],
  'parties.seat': ['ended_at', 'ended_by'],
  'parties.till': ['closed_at', 'name'],
  'parties.session': ['seen_at'],
  'parties.wrong_try': ['locked_until', 'since', 'tries'],
  'cashier.binding': ['ended_at', 'proved_at'],
  'cashier.category': ['name', 'offered', 'rank'],
  'cashier.goods_order': [
    ...[
      'answered_at',
      'answered_by',
      'ended_at',
      'ended_by',
      'goods',
      'reason',
      'service',
      'state',
    ],
    ...['tab', 'tax', 'total'],
  ],
  'cashier.hold': ['state'],
  'cashier.item': [
    ...[
      'category',
      'happy_from',
      'happy_minor',
      'happy_off',
      'happy_to',
      'minor',
      'name',
      'offered',
      'rank',
    ],
    ...['sold_out', 'station', 'stock'],
  ],
  'cashier.modifier': ['minor', 'offered', 'rank'],
  'cashier.outlet': ['cut_off', 'service_bps', 'tax_bps'],
  'cashier.place': ['kind', 'name', 'open'],
  'cashier.plan': [
    ...['base_minor', 'base_minutes', 'name', 'night_from', 'night_to', 'offered', 'pausable'],
    ...['step_minor', 'step_minutes'],
  ],
  'cashier.series': ['last'],
  'cashier.shift': [
    ...['counted_at', 'counts', 'ended_at', 'ended_by', 'held', 'note', 'offered_to', 'state'],
    ...['tabs'],
  ],
  'cashier.tab': [
    ...['closed_at', 'closed_by', 'discount', 'discount_reason', 'ended', 'place', 'served_by'],
    ...['spend', 'state', 'tip', 'total'],
  ],
  'cashier.timer': ['ends_at', 'minutes', 'paused', 'paused_at', 'short', 'state', 'stopped_at'],
  'cashier.visit': ['used_at'],
  'custody.code': ['used_by'],
  'custody.hitch': ['error', 'failures', 'next_at'],
  'custody.merchant': ['scope', 'takes_top_ups', 'widened_at', 'widened_by'],
  'custody.merchant_code': ['closed_at'],
  'custody.part': ['ended_at', 'reason', 'state', 'tried_at', 'tries'],
  'custody.payer': ['licensed', 'payer'],
  'custody.platform': ['ended_at', 'ended_by'],
  'custody.proposal': ['decided_by', 'state'],
  'custody.purse': ['turn'],
  'custody.spend': ['answered_at', 'answered_by', 'refunded', 'state'],
  'custody.suspense': ['reason', 'state'],
  'custody.top_up': ['ended_at', 'notice', 'offer', 'returned', 'state', 'trade_no'],
  'integrators.attempt': ['answer', 'ended_at', 'error', 'status'],
  'integrators.delivery': ['due_at', 'sent', 'state', 'tries'],
  'integrators.endpoint': ['events', 'failing_since', 'since', 'state', 'url', 'why'],
  'integrators.reader': ['seq'],
  'integrators.secret': ['ends_at'],
  'integrators.shop_order': ['closed_at', 'closed_why'],
  'notices.bill': ['done', 'line'],
  'notices.counter': [
    ...['currency', 'large', 'late_spoken', 'name', 'open', 'opened_at', 'patience', 'quiet_from'],
    ...['quiet_to', 'rehearse', 'rehearse_since', 'threshold'],
  ],
  'notices.echo': ['back_at'],
  'notices.invitation': ['made', 'taken_at', 'taken_by'],
  'notices.notice': [
    ...['checked_at', 'checked_by', 'contradicted', 'grade', 'heard', 'late', 'outlet', 'payee'],
    ...['payer', 'received', 'till', 'way', 'weak'],
  ],
  'notices.reader': ['seq'],
  'notices.refund_request': ['answer', 'answered_at', 'answered_by', 'state'],
  'notices.stream': ['seq'],
  'notices.terminal': [
    ...['acked', 'authorised_at', 'battery', 'clock', 'gone_at', 'hears_sms', 'language'],
    ...['muted_until', 'name', 'permission', 'person', 'program', 'secret_hash', 'seen_at'],
    ...['shown_at', 'since', 'speaks', 'state', 'ways', 'zone'],
  ],
  'reconciliation.bill': [
    ...['ask_at', 'here_paid', 'here_payments', 'here_refunded', 'here_refunds', 'matched'],
    ...['problem', 'state', 'take', 'taken_at', 'there_fee', 'there_paid', 'there_payments'],
    ...['there_refunded', 'there_refunds', 'tries'],
  ],
  'reconciliation.break': [
    ...['agreed_fee', 'at_stake', 'currency', 'ended_at', 'found_at', 'here_at', 'here_id'],
    ...['here_minor', 'here_state', 'round', 'state', 'there_at', 'there_fee', 'there_minor'],
  ],
  'reconciliation.platform': ['fee_bps', 'set_at', 'set_by'],
  'reconciliation.proposal': ['answer', 'decided_at', 'decided_by', 'outcome', 'state'],
  'settlement.break': ['currency', 'ended_at', 'found_at', 'minor', 'said', 'serial'],
  'settlement.payout': [
    ...['ask_at', 'attempt', 'closed_at', 'ended_at', 'reason', 'serial', 'state'],
  ],
  'settlement.residue': [
    ...['ask_at', 'attempt', 'closed_at', 'ended_at', 'gateway', 'moved', 'reason'],
    ...['reviewed_by', 'serial', 'state'],
  ],
  'settlement.request': ['reason', 'reviewed_by', 'state'],
}

type Grant = { object: string; right: string }
const granted = (role: string) =>
  db.owner.sql<Grant>`
    select table_schema || '.' || table_name as object, privilege_type as right
    from information_schema.role_table_grants where grantee = ${role} order by 1, 2`

test('the app may read and add; deleting is for the few tables in the list', async () => {
  const rows = await granted('bursar_app')
  assert.ok(rows.length > 0)
  for (const { object, right } of rows) {
    if (right === 'SELECT' || right === 'INSERT') continue
    assert.ok(right === 'DELETE' && object in mayDelete, `${object}: the app may ${right}`)
  }
})

test('the app writes into the ledger through its functions alone', async () => {
  const rows = (await granted('bursar_app')).filter(({ object }) => object.startsWith('ledger.'))
  assert.deepEqual([...new Set(rows.map(({ right }) => right))], ['SELECT'])
  const writers = await db.owner.sql<{ name: string }>`
    select proname as name from pg_proc
    where pronamespace = 'ledger'::regnamespace and provolatile = 'v'
      and has_function_privilege('bursar_app', oid, 'execute') order by 1`
  assert.deepEqual(
    writers.map(({ name }) => name),
    ['append', 'confirm', 'keep_seal', 'lock_book', 'move', 'open_book'],
  )
})

test('the report role reads and nothing else', async () => {
  const rights = new Set((await granted('bursar_report')).map(({ right }) => right))
  assert.deepEqual([...rights], ['SELECT'])
})

test('what the app may change is a fixed list of columns', async () => {
  const rows = await db.owner.sql<{ object: string; columns: string[] }>`
    select table_schema || '.' || table_name as object,
      array_agg(column_name::text order by column_name) as columns
    from information_schema.role_column_grants
    where grantee = 'bursar_app' and privilege_type = 'UPDATE' group by 1`
  assert.deepEqual(
    Object.fromEntries(rows.map(({ object, columns }) => [object, columns])),
    mayUpdate,
  )
})

test('functions that run as the owner have a fixed search path', async () => {
  const loose = await db.owner.sql<{ name: string }>`
    select p.oid::regprocedure::text as name from pg_proc p
    where p.prosecdef and p.pronamespace not in (
        select oid from pg_namespace where nspname ~ '^pg_' or nspname = 'information_schema')
      and not exists (select from unnest(p.proconfig) as set_ (what) where what like 'search_path=%')`
  assert.deepEqual(loose, [])
})

test('nobody but the named roles may run a function or enter the database', async () => {
  const open = await db.owner.sql<{ name: string }>`
    select p.oid::regprocedure::text as name
    from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as given
    where given.grantee = 0 and p.pronamespace not in (
      select oid from pg_namespace where nspname ~ '^pg_' or nspname = 'information_schema')`
  assert.deepEqual(open, [])
})

for (const [what, text] of Object.entries({
  'make a table': 'create table public.mine (id int)',
  'make a schema': 'create schema mine',
  'make a role': 'create role mine',
  'become the owner': 'set role bursar_owner',
  'rewrite an entry': 'update ledger.entry set minor = 1',
  'delete an entry': 'delete from ledger.entry',
  'empty the log': 'truncate ledger.entry',
  'move a book by hand': 'update ledger.book set seq = 0',
  'make itself a demo': 'insert into ledger.demo default values',
  'forget a migration': 'delete from database.migration',
  'drop a trigger': 'drop trigger entry_is_history on ledger.entry',
}))
  test(`the app cannot ${what}`, () => assert.rejects(ask(db.url, text), denied))

test('the app waits for a lock, a statement and a forgotten client only so long', async () => {
  const [row] = await kept(db.url).sql`
    select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
      current_setting('idle_in_transaction_session_timeout') as idle`
  assert.deepEqual(row, { statement: '15s', lock: '5s', idle: '15s' })
})

test('even the owner cannot rewrite history', () =>
  assert.rejects(ask(db.ownerUrl, 'truncate ledger.entry'), denied))
