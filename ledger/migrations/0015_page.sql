-- What is read of entries, as plain columns: making jsonb of both sides was a third of a statement's page.
drop view ledger.recalled;
drop view ledger.readable;

-- Entries with the names of their accounts.
create view ledger.readable with (security_invoker = true) as
select e.book, e.seq, e.id, e.kind, e.at, e.event, e.subject, e.minor, e.pended, p.id as pend_id, b.currency,
  d.ref as debit, e.debit_posted, e.debit_out, e.debit_in, e.debit_floor, e.debit_ceiling, e.debit_state,
  c.ref as credit, e.credit_posted, e.credit_out, e.credit_in, e.credit_floor, e.credit_ceiling, e.credit_state,
  e.hash
from ledger.entry e
join ledger.book b on b.book = e.book
left join ledger.account d on d.book = e.book and d.account = e.debit
left join ledger.account c on c.book = e.book and c.account = e.credit
left join ledger.entry p on p.book = e.book and p.seq = e.pend;

-- The same; and of what was archived the id and the seq alone.
create view ledger.recalled with (security_invoker = true) as
select r.book, r.seq, r.id, r.kind, r.at, r.event, r.subject, r.minor, r.pended, r.pend_id, r.currency,
  r.debit, r.debit_posted, r.debit_out, r.debit_in, r.debit_floor, r.debit_ceiling, r.debit_state,
  r.credit, r.credit_posted, r.credit_out, r.credit_in, r.credit_floor, r.credit_ceiling, r.credit_state
from ledger.readable r
union all
select a.book, a.seq, a.id, null, null, null, null, null, null, null, null,
  null, null, null, null, null, null, null, null, null, null, null, null, null, null
from ledger.archived a
where not exists (select from ledger.entry e where e.book = a.book and e.id = a.id);

-- As before, as one query in place of one for each line.
create or replace function ledger.lines(
  p_book integer, p_account bigint, p_after bigint, p_before bigint default null,
  p_limit integer default null, p_moving boolean default false
) returns setof bigint language sql stable security definer rows 50 set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
  with recursive line (seq, kind, earlier) as (
    select e.seq, e.kind, case when e.debit = p_account then e.debit_prev else e.credit_prev end
    from ledger.entry e
    where e.book = p_book and e.seq > p_after and e.seq = coalesce(
      (select min(m.seq) from ledger.milestone m
       where m.book = p_book and m.account = p_account and m.seq >= p_before),
      (select b.last from ledger.balance b where b.book = p_book and b.account = p_account))
    union all
    select e.seq, e.kind, case when e.debit = p_account then e.debit_prev else e.credit_prev end
    from line join ledger.entry e on e.book = p_book and e.seq = line.earlier
    where line.earlier > p_after
  )
  select line.seq from line
  where (p_before is null or line.seq < p_before) and (not p_moving or line.kind in (1, 3))
  limit p_limit
$$;
