-- Whether a "no" may be told: the book still stands where it was decided. It waits for whoever holds the book's row, and
-- the book's clock goes on to the time of the "no". So what was decided before it and is still under way (its connection
-- broke, and PostgreSQL gets to it later) is stale when it comes: nobody hears a "no" to what is done afterwards.
-- Not for a transaction that has written: its commit does not wait for the disk. After a crash nothing is under way.
create function ledger.confirm(p_book integer, p_seq bigint, p_before bytea, p_at timestamptz)
returns table (answer text, seq bigint, clock timestamptz)
language plpgsql security definer set search_path = pg_catalog as $$
#variable_conflict use_column
begin
  clock := clock_timestamp();
  if abs(extract(epoch from p_at - clock)) > 1 and not exists (select from ledger.demo) then
    answer := 'clock'; seq := p_seq; return next; return;
  end if;
  -- As in an entry, so that the verifier sees it changed.
  if p_at <> date_trunc('milliseconds', p_at) then perform ledger.does_not_follow(p_book, p_seq); end if;
  perform set_config('synchronous_commit', 'off', true);
  update ledger.book b set at = p_at
  where b.book = p_book and b.seq = p_seq and b.head = p_before and b.at <= p_at;
  answer := case when found then 'appended' else 'stale' end;
  select b.seq into seq from ledger.book b where b.book = p_book;
  return next;
end $$;
