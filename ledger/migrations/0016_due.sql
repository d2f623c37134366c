-- As before, read by place, whatever the statistics say: where nothing had ended when the table was last analyzed, a
-- batch's endings were sought among all endings of the book, and each batch took longer than the one before.
create or replace function ledger.keep_due(p_book integer, p_after bigint)
returns void language plpgsql set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if exists (
    select from (
      select e.kind, e.at, e.pend, e.pended, e.debit, e.credit
      from ledger.entry e where e.book = p_book and e.seq > p_after offset 0) as e
    left join ledger.entry p
      on p.book = p_book and p.seq = e.pend and p.kind = case when e.kind > 11 then 11 else 2 end
    where e.pend is not null
      and ((p.debit, p.credit, coalesce(p.minor, p.pended)) is distinct from (e.debit, e.credit, e.pended)
        or (e.kind in (5, 13)) <> coalesce(p.expires_at <= e.at, false)))
  then raise exception 'An ending does not match its pend or its bar in book %', p_book using errcode = 'data_exception';
  end if;
  insert into ledger.due (book, expires_at, pend)
  select book, expires_at, seq from ledger.entry
  where book = p_book and seq > p_after and expires_at is not null;
  delete from ledger.due d
  using (
    select p.seq, p.expires_at from (
      select e.pend from ledger.entry e where e.book = p_book and e.seq > p_after offset 0) as e
    join ledger.entry p on p.book = p_book and p.seq = e.pend and p.expires_at is not null offset 0) as ended
  where d.book = p_book and d.expires_at = ended.expires_at and d.pend = ended.seq;
end $$;
