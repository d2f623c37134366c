-- Every grant of the house, on one page. Applied after the migrations, at every start, in one transaction;
-- so what is not written here is not granted.
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

-- ledger: the app reads, and writes through three functions alone
grant select on all tables in schema ledger to bursar_app, bursar_report;
grant execute on function ledger.open_book, ledger.lock_book, ledger.append to bursar_app;
grant execute on function ledger.seq_at, ledger.states, ledger.line_seqs, ledger.tail
  to bursar_app, bursar_report;
