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

-- The same, of what another process did since.
create or replace function ledger.tail(p_book integer, p_after bigint)
returns table (ref text, account bigint, last bigint, nth bigint, posted bigint, out_ bigint, in_ bigint,
               floor bigint, ceiling bigint, state smallint, ended uuid)
language sql stable security definer set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  select a.ref, b.account, b.last, b.nth, b.posted, b.out_, b.in_, b.floor, b.ceiling, b.state, null::uuid
  from (
    select e.debit from ledger.entry e where e.book = p_book and e.seq > p_after and e.debit is not null
    union
    select e.credit from ledger.entry e where e.book = p_book and e.seq > p_after and e.credit is not null
  ) as moved (account)
  join ledger.balance b on b.book = p_book and b.account = moved.account
  join ledger.account a on a.book = p_book and a.account = moved.account
  union all
  select null, null, null, null, null, null, null, null, null, null, p.id
  from (select e.pend from ledger.entry e where e.book = p_book and e.seq > p_after offset 0) as e
  join ledger.entry p on p.book = p_book and p.seq = e.pend
$$;
