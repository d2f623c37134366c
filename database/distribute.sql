-- Turns a migrated database into one on a Citus cluster (12 or newer). Run once, as the owner, on the
-- coordinator, when the extension is there, the workers are known, and nobody writes:
--
--   psql "$DATABASE_OWNER_URL" -v ON_ERROR_STOP=1 --single-transaction -f database/distribute.sql
--
-- A book lives on one shard: everything of it that the hot path touches is distributed by `book`, and
-- what is told of the same book lies together. What a book's rows are looked up with stands whole on every
-- node. What only the servers' own household needs stays at the coordinator. A test holds that every
-- table is named here once, in an order that its references allow, and that no key, reference or unique
-- index of a distributed table lacks `book`.

-- Citus lets triggers onto shards only when told that they look at their own shard alone. Ours do: they
-- refuse, or look at the row's own book and at tables that stand on every node.
set citus.enable_unsafe_triggers to on;

-- On every node, the referenced before those that refer to them.
select create_reference_table('ledger.demo');
select create_reference_table('parties.person');
select create_reference_table('parties.institution');
select create_reference_table('parties.merchant');
select create_reference_table('parties.merchant_step');
select create_reference_table('parties.outlet');
select create_reference_table('parties.till');
select create_reference_table('parties.till_name');
select create_reference_table('parties.seat');
select create_reference_table('parties.nomination');
select create_reference_table('parties.operator_licence');
select create_reference_table('parties.set_up');
select create_reference_table('parties.api_key');
select create_reference_table('parties.api_key_secret');
select create_reference_table('custody.pool');
select create_reference_table('custody.platform');
select create_reference_table('custody.merchant');
select create_reference_table('custody.merchant_code');
select create_reference_table('custody.prepayments_step');
select create_reference_table('custody.purse');
select create_reference_table('custody.suspense');
select create_reference_table('custody.proposal');
select create_reference_table('custody.proposal_step');
select create_reference_table('custody.top_up');
select create_reference_table('custody.payment');
select create_reference_table('custody.payer');
select create_reference_table('custody.withdrawal');
select create_reference_table('custody.part');
select create_reference_table('custody.inbox');
select create_reference_table('cashier.outlet');
select create_reference_table('cashier.category');
select create_reference_table('cashier.item');
select create_reference_table('cashier.modifier');
select create_reference_table('cashier.picture');
select create_reference_table('cashier.plan');
select create_reference_table('cashier.place');
select create_reference_table('cashier.visit');
select create_reference_table('cashier.binding');
select create_reference_table('cashier.unbinding');
select create_reference_table('cashier.tab');
select create_reference_table('cashier.goods_order');
select create_reference_table('cashier.line');
select create_reference_table('cashier.hold');
select create_reference_table('cashier.timer');
select create_reference_table('cashier.step');
select create_reference_table('cashier.series');
select create_reference_table('cashier.docket');
select create_reference_table('cashier.shift');
select create_reference_table('cashier.shift_count');
select create_reference_table('cashier.z_report');
select create_reference_table('reconciliation.platform');
select create_reference_table('reconciliation.bill');
select create_reference_table('reconciliation.line');
select create_reference_table('reconciliation.break');
select create_reference_table('reconciliation.proposal');
select create_reference_table('settlement.request');
select create_reference_table('settlement.step');
select create_reference_table('settlement.payout');
select create_reference_table('settlement.inbox');
select create_reference_table('settlement.residue');
select create_reference_table('settlement.break');
select create_reference_table('settlement.residue_step');
select create_reference_table('integrators.shop_order');
select create_reference_table('notices.counter');

-- At the coordinator.
select citus_add_local_table_to_metadata('database.migration');
select citus_add_local_table_to_metadata('custody.hitch');
select citus_add_local_table_to_metadata('parties.session');
select citus_add_local_table_to_metadata('parties.wrong_try');
select citus_add_local_table_to_metadata('integrators.endpoint');
select citus_add_local_table_to_metadata('integrators.secret');
select citus_add_local_table_to_metadata('integrators.event');
select citus_add_local_table_to_metadata('integrators.delivery');
select citus_add_local_table_to_metadata('integrators.attempt');
select citus_add_local_table_to_metadata('integrators.reader');
select citus_add_local_table_to_metadata('notices.stream');
select citus_add_local_table_to_metadata('notices.notice');
select citus_add_local_table_to_metadata('notices.order_id');
select citus_add_local_table_to_metadata('notices.evidence');
select citus_add_local_table_to_metadata('notices.prompt');
select citus_add_local_table_to_metadata('notices.terminal');
select citus_add_local_table_to_metadata('notices.terminal_step');
select citus_add_local_table_to_metadata('notices.invitation');
select citus_add_local_table_to_metadata('notices.refund_request');
select citus_add_local_table_to_metadata('notices.reader');
select citus_add_local_table_to_metadata('notices.aside');
select citus_add_local_table_to_metadata('notices.bill');
select citus_add_local_table_to_metadata('notices.night');
select citus_add_local_table_to_metadata('notices.difference');
select citus_add_local_table_to_metadata('notices.rehearsal');
select citus_add_local_table_to_metadata('notices.echo');

-- By book.
select create_distributed_table('ledger.book', 'book');
select create_distributed_table('ledger.account', 'book', colocate_with => 'ledger.book');
select create_distributed_table('ledger.entry', 'book', colocate_with => 'ledger.book');
select create_distributed_table('ledger.balance', 'book', colocate_with => 'ledger.book');
select create_distributed_table('ledger.milestone', 'book', colocate_with => 'ledger.book');
select create_distributed_table('ledger.due', 'book', colocate_with => 'ledger.book');
select create_distributed_table('ledger.seal', 'book', colocate_with => 'ledger.book');
select create_distributed_table('ledger.archive', 'book', colocate_with => 'ledger.book');
select create_distributed_table('ledger.archived', 'book', colocate_with => 'ledger.book');
select create_distributed_table('ledger.opening', 'book', colocate_with => 'ledger.book');
select create_distributed_table('custody.spend', 'book', colocate_with => 'ledger.book');
select create_distributed_table('custody.code', 'book', colocate_with => 'ledger.book');
select create_distributed_table('custody.refund', 'book', colocate_with => 'ledger.book');

-- A batch is one round trip that runs on the book's own node. By name alone: there is one of each name.
select create_distributed_function(name::regproc::oid::regprocedure, 'p_book', colocate_with => 'ledger.book')
from unnest(array[
  'ledger.open_book', 'ledger.lock_book', 'ledger.append', 'ledger.move', 'ledger.confirm', 'ledger.keep_seal', 'ledger.seq_at',
  'ledger.lines', 'ledger.states', 'ledger.state_at', 'ledger.tail',
  'ledger.bars']) as ours (name);
