-- Compare and append, as before; but the time of an empty batch is compared as well. A "no" may rest on
-- the time: a server whose clock was ahead refused to settle a pend that still stood, and one whose clock
-- was behind never ended those that were due.
create or replace function ledger.append(
  p_book integer, p_seq bigint, p_before bytea, p_at timestamptz, p_head bytea, p_rows ledger.row[]
) returns table (answer text, seq bigint, clock timestamptz)
language plpgsql security definer set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan set jit = off as $$
#variable_conflict use_column
declare
  added bigint := cardinality(p_rows);
  opens boolean;
  marks boolean;
  pends boolean;
  broken text;
begin
  clock := clock_timestamp();
  if abs(extract(epoch from p_at - clock)) > 1 and not exists (select from ledger.demo) then
    answer := 'clock'; seq := p_seq; return next; return;
  end if;
  if added = 0 then
    select b.seq, case when b.seq = p_seq and b.head = p_before then 'appended' else 'stale' end
    into seq, answer from ledger.book b where b.book = p_book;
    return next; return;
  end if;

  update ledger.book b set seq = p_seq + added, at = p_at, head = p_head
  where b.book = p_book and b.seq = p_seq and b.head = p_before and b.at <= p_at;
  if not found then
    select b.seq into seq from ledger.book b where b.book = p_book;
    answer := 'stale'; return next; return;
  end if;

  select bool_or(kind = 6), bool_or(debit_nth % 64 = 0 or credit_nth % 64 = 0), bool_or(kind between 2 and 5)
  into opens, marks, pends from unnest(p_rows);
  if opens then perform ledger.open_accounts(p_book, p_seq, p_rows); end if;

  insert into ledger.entry
  select p_book, p_seq + ordinality, id, kind, p_at, event, subject, minor, pend, pended, expires_at,
         debit, debit_prev, debit_posted, debit_out, debit_in, debit_floor, debit_ceiling, debit_state,
         credit, credit_prev, credit_posted, credit_out, credit_in, credit_floor, credit_ceiling,
         credit_state, hash
  from unnest(p_rows) with ordinality;

  perform ledger.move_balances(p_book, p_seq, p_rows);
  if marks then perform ledger.mark_milestones(p_book, p_seq, p_rows); end if;
  if pends then perform ledger.keep_due(p_book, p_seq); end if;
  seq := p_seq + added; answer := 'appended'; return next;
exception when unique_violation then
  get stacked diagnostics broken = constraint_name;
  if broken <> 'entry_id_once' then raise; end if;
  seq := p_seq; answer := 'known'; return next;
end $$;
