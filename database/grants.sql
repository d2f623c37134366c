-- Every grant of the house, on one page; the ledger's own are on its. Applied after the migrations, at
-- every start, in one transaction; so what is not written here is not granted.
--
-- A promise's block: `select, insert` for the app by default; `update (columns …)` only for columns of
-- state; `delete` only for what may be forgotten (sessions, codes that ran out). History is never updated.

-- Everything is taken back first. PostgreSQL lets everybody execute a new function: that too.
do $$
declare
  ours text;
begin
  for ours in
    select nspname from pg_namespace
    where nspname !~ '^pg_' and nspname <> 'information_schema' and pg_has_role(nspowner, 'member')
  loop
    execute format('revoke all on schema %I from public, bursar_app, bursar_report', ours);
    execute format('revoke all on all tables in schema %I from public, bursar_app, bursar_report', ours);
    execute format('revoke all on all sequences in schema %I from public, bursar_app, bursar_report', ours);
    execute format('revoke all on all routines in schema %I from public, bursar_app, bursar_report', ours);
    execute format('grant usage on schema %I to bursar_app, bursar_report', ours);
  end loop;
end $$;

-- database: so that the server can see what is not applied yet
grant select on database.migration to bursar_app, bursar_report;

-- ledger: ledger/grants.sql follows this page, with the app as its writer and the report as its reader

-- parties: a merchant's state and settings, a seat's end, a password; what ran out is forgotten
grant select on all tables in schema parties to bursar_app;
grant insert on all tables in schema parties to bursar_app;
grant update (password) on parties.person to bursar_app;
grant update (seen_at) on parties.session to bursar_app;
grant delete on parties.session, parties.wrong_try to bursar_app;
grant update (tries, since, locked_until) on parties.wrong_try to bursar_app;
grant update (state, confirms_spends, address) on parties.merchant to bursar_app;
grant update (ended_at, ended_by) on parties.seat to bursar_app;
grant update (name, closed_at) on parties.till to bursar_app;
grant update (state, ended_by, ended_at) on parties.nomination to bursar_app;
grant update (state, decided_by, decided_at, revoked_by, revoked_at, reason) on parties.operator_licence to bursar_app;
grant update (used_at, ended_by, ended_at) on parties.api_key to bursar_app;
grant update (ends_at) on parties.api_key_secret to bursar_app;
grant execute on function parties.platform_scope_is_lawful to bursar_app, bursar_report;
grant execute on function parties.is_unseen to bursar_app;
-- the report reads everything but the means of signing in
grant select on parties.merchant, parties.merchant_step, parties.outlet, parties.till, parties.till_name, parties.institution,
  parties.seat, parties.nomination, parties.operator_licence, parties.set_up, parties.api_key to bursar_report;
grant select (id, name, phone, email, locale, registered_at) on parties.person to bursar_report;

-- custody: states, what was refunded or sent back, an offer; codes that ran out are forgotten
grant select, insert on all tables in schema custody to bursar_app;
grant update (takes_top_ups, scope, widened_by, widened_at) on custody.merchant to bursar_app;
grant update (turn) on custody.purse to bursar_app;
grant update (state, offer, trade_no, notice, ended_at, returned) on custody.top_up to bursar_app;
grant update (state, reason) on custody.suspense to bursar_app;
grant update (state, decided_by) on custody.proposal to bursar_app;
grant update (ended_at, ended_by) on custody.platform to bursar_app;
grant update (state, refunded, answered_by, answered_at) on custody.spend to bursar_app;
grant update (used_by), delete on custody.code to bursar_app;
grant update (closed_at) on custody.merchant_code to bursar_app;
grant update (state, reason, ended_at, tries, tried_at) on custody.part to bursar_app;
grant update (payer, licensed), delete on custody.payer to bursar_app;
grant update (failures, error, next_at), delete on custody.hitch to bursar_app;
-- the report reads all but the codes, and the notices as they came
grant select on custody.pool, custody.merchant, custody.purse, custody.top_up, custody.suspense,
  custody.spend, custody.merchant_code, custody.refund, custody.withdrawal, custody.part,
  custody.prepayments_step, custody.platform, custody.proposal, custody.proposal_step, custody.payment,
  custody.hitch
  to bursar_report;
grant select (gateway, event, received_at, outcome, about) on custody.inbox to bursar_report;

-- cashier: what is sold and where one sits may change; a tab, its orders, holds and time go on; a series counts
grant select, insert on all tables in schema cashier to bursar_app;
grant update (cut_off, service_bps, tax_bps) on cashier.outlet to bursar_app;
grant update (name, rank, offered) on cashier.category to bursar_app;
grant update (category, name, station, minor, happy_minor, happy_off, happy_from, happy_to, stock, sold_out, offered, rank)
  on cashier.item to bursar_app;
grant update (minor, rank, offered) on cashier.modifier to bursar_app;
grant update (name, base_minor, base_minutes, step_minor, step_minutes, night_from, night_to, pausable, offered)
  on cashier.plan to bursar_app;
grant update (kind, name, open) on cashier.place to bursar_app;
grant delete on cashier.picture to bursar_app;
grant update (used_at), delete on cashier.visit to bursar_app;
grant update (ended_at, proved_at) on cashier.binding to bursar_app;
grant update (place, state, served_by, discount, discount_reason, tip, total, spend, ended, closed_by, closed_at)
  on cashier.tab to bursar_app;
grant update (tab, state, goods, service, tax, total, reason, answered_by, answered_at, ended_by, ended_at)
  on cashier.goods_order to bursar_app;
grant update (state) on cashier.hold to bursar_app;
grant update (state, paused_at, paused, minutes, ends_at, short, stopped_at) on cashier.timer to bursar_app;
grant update (last) on cashier.series to bursar_app;
grant update (state, counted_at, counts, offered_to, ended_at, ended_by, note, tabs, held) on cashier.shift to bursar_app;
grant execute on function cashier.day_of, cashier.day_ends, cashier.number_of, cashier.taken to bursar_app, bursar_report;
grant execute on function cashier.write_dockets to bursar_app;
-- the report reads all but the authorisations under way, and whose account at a platform it is
grant select on cashier.outlet, cashier.category, cashier.item, cashier.modifier, cashier.plan, cashier.place,
  cashier.picture, cashier.tab, cashier.goods_order, cashier.line, cashier.hold, cashier.timer, cashier.step, cashier.series,
  cashier.docket, cashier.shift, cashier.shift_count, cashier.z_report, cashier.shown_order, cashier.shown_tab, cashier.shown_docket to bursar_report;
grant select (id, person, merchant, gateway, bound_at, ended_at) on cashier.binding to bursar_report;

-- reconciliation: how far a bill is, what a break has become, an agreed fee; rows of a try that did not count, and old ones, are forgotten
grant select, insert on all tables in schema reconciliation to bursar_app;
grant update (fee_bps, set_by, set_at) on reconciliation.platform to bursar_app;
grant update (state, ask_at, tries, problem, take, taken_at, there_payments, there_paid, there_refunds, there_refunded,
  there_fee, here_payments, here_paid, here_refunds, here_refunded, matched) on reconciliation.bill to bursar_app;
grant update (state, found_at, ended_at, there_minor, there_fee, there_at, here_id, here_minor, here_state, here_at,
  agreed_fee, at_stake, currency, round) on reconciliation.break to bursar_app;
grant update (state, decided_by, decided_at, answer, outcome) on reconciliation.proposal to bursar_app;
grant delete on reconciliation.line to bursar_app;
grant execute on function reconciliation.alone_on to bursar_app;
grant select on all tables in schema reconciliation to bursar_report;

-- settlement: a request's state and review, a payout's state and when the bank is asked again
grant select, insert on all tables in schema settlement to bursar_app;
grant update (state, reviewed_by, reason) on settlement.request to bursar_app;
grant update (state, attempt, ask_at, ended_at, reason, serial, closed_at) on settlement.payout to bursar_app;
grant update (said, minor, currency, serial, found_at, ended_at) on settlement.break to bursar_app;
grant update (state, reviewed_by, reason, gateway, attempt, ask_at, serial, moved, closed_at, ended_at)
  on settlement.residue to bursar_app;
-- the report reads all but the notices as they came, and guests' own accounts at banks
grant select on settlement.request, settlement.step, settlement.payout, settlement.break,
  settlement.residue_step to bursar_report;
grant select (id, book, part, purse, minor, currency, bank, state, asked_by, asked_at, reviewed_by, reason, gateway,
  attempt, ask_at, serial, hold, moved, closed_at, ended_at) on settlement.residue to bursar_report;
grant select (gateway, event, received_at, outcome, payout) on settlement.inbox to bursar_report;

-- integrators: an order's end, an endpoint's settings, a secret's end, how a delivery stands; events of 90 days are forgotten
grant select, insert on all tables in schema integrators to bursar_app;
grant update (closed_at, closed_why) on integrators.shop_order to bursar_app;
grant update (url, events, state, why, since, failing_since) on integrators.endpoint to bursar_app;
grant update (ends_at) on integrators.secret to bursar_app;
grant update (state, due_at, tries, sent) on integrators.delivery to bursar_app;
grant update (ended_at, status, error, answer) on integrators.attempt to bursar_app;
grant update (seq) on integrators.reader to bursar_app;
grant delete on integrators.event to bursar_app;
-- the report reads all but what receivers answered
grant select on integrators.shop_order, integrators.order_now, integrators.endpoint, integrators.event,
  integrators.delivery, integrators.reader to bursar_report;

-- notices: a counter's settings, what is told of a notice (never its sum as first told), a terminal's state and what it may
grant select, insert on all tables in schema notices to bursar_app;
grant update (name, threshold, patience, late_spoken, large, currency, quiet_from, quiet_to, open, opened_at, rehearse, rehearse_since) on notices.counter to bursar_app;
grant update (seq) on notices.stream to bursar_app;
grant update (received, payer, payee, way, outlet, heard, grade, weak, contradicted, late, checked_at, checked_by, till) on notices.notice to bursar_app;
grant update (name, state, person, secret_hash, permission, ways, language, clock, zone, speaks, hears_sms, muted_until, since, acked, battery, seen_at, authorised_at,
  gone_at, program, shown_at) on notices.terminal to bursar_app;
grant update (back_at) on notices.echo to bursar_app;
grant delete on notices.echo to bursar_app;
grant update (taken_by, taken_at, made) on notices.invitation to bursar_app;
grant update (state, answered_by, answered_at, answer) on notices.refund_request to bursar_app;
grant update (seq) on notices.reader to bursar_app;
grant update (line, done) on notices.bill to bursar_app;
grant execute on function notices.alike, notices.named, notices.heard, notices.is_within to bursar_app;
-- the report reads all but what lets a terminal in, what its voice is known by, and the words of people's phones
grant select (id, merchant, outlet, name, threshold, patience, late_spoken, large, currency, quiet_from, quiet_to, open, opened_at, rehearse, rehearse_since)
  on notices.counter to bursar_report;
grant select on notices.stream, notices.notice, notices.order_id, notices.prompt, notices.terminal_step,
  notices.refund_request, notices.reader, notices.bill, notices.aside, notices.night, notices.difference, notices.rehearsal, notices.echo to bursar_report;
grant select (merchant, terminal, source, id, no, notice, outcome, grade, kind, platform, orders, minor, currency, way, outlet, till, at, heard_at)
  on notices.evidence to bursar_report;
grant select (id, merchant, kind, name, state, person, permission, ways, zone, speaks, since, acked, battery, seen_at, authorised_at, gone_at,
  program, shown_at) on notices.terminal to bursar_report;
