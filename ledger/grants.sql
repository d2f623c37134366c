-- Who may do what in the ledger. The writer reads, and writes through these functions alone; the reader
-- reads. Applied after the migrations, in their own transaction; PostgreSQL lets everybody execute a new
-- function, which is taken back first. migrate.ts puts the names of the two roles in.
revoke all on schema ledger from public, $writer, $reader;
revoke all on all tables in schema ledger from public, $writer, $reader;
revoke all on all routines in schema ledger from public, $writer, $reader;

grant usage on schema ledger to $writer, $reader;
grant select on all tables in schema ledger to $writer, $reader;
grant execute on function ledger.open_book, ledger.lock_book, ledger.append, ledger.move, ledger.confirm to $writer;
grant execute on function ledger.unsealed, ledger.keep_seal to $writer;
grant execute on function ledger.seq_at, ledger.lines, ledger.states, ledger.state_at, ledger.tail, ledger.bars
  to $writer, $reader;
