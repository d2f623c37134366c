-- Reading without an index by account: the present stands in ledger.balance, and from any entry of an
-- account `prev` leads to the one before it.

-- The seqs of an account's entries between two seqs (both left out), newest first. It begins at the
-- first milestone at or after p_before, so at most 63 steps are taken in vain. With p_moving only those
-- that move money, posted or settled. A page has some 50: were it thought to have a thousand, joining
-- them would read the whole of a small book, twice.
create function ledger.lines(
  p_book integer, p_account bigint, p_after bigint, p_before bigint default null,
  p_limit integer default null, p_moving boolean default false
) returns setof bigint language plpgsql stable security definer rows 50 set search_path = pg_catalog
set enable_seqscan = off set plan_cache_mode = force_generic_plan set jit = off as $$
declare
  here bigint := coalesce(
    (select min(m.seq) from ledger.milestone m
     where m.book = p_book and m.account = p_account and m.seq >= p_before),
    (select b.last from ledger.balance b where b.book = p_book and b.account = p_account));
  found_ integer := 0;
  kind smallint;
  earlier bigint;
begin
  while here > p_after and (p_limit is null or found_ < p_limit) loop
    select e.kind, case when e.debit = p_account then e.debit_prev else e.credit_prev end
    into kind, earlier from ledger.entry e where e.book = p_book and e.seq = here;
    if (p_before is null or here < p_before) and (not p_moving or kind in (1, 3)) then
      return next here;
      found_ := found_ + 1;
    end if;
    here := earlier;
  end loop;
end $$;

drop function ledger.line_seqs(integer, text, bigint, integer);
drop function ledger.states(integer, text[], bigint);
drop function ledger.tail(integer, bigint);

-- The present states of accounts.
create function ledger.states(p_book integer, p_refs text[])
returns table (ref text, account bigint, last bigint, nth bigint, posted bigint, out_ bigint, in_ bigint,
               floor bigint, ceiling bigint, state smallint)
language sql stable security definer set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  select a.ref, a.account, b.last, b.nth, b.posted, b.out_, b.in_, b.floor, b.ceiling, b.state
  from unnest(p_refs) as wanted (ref)
  join ledger.account a on a.book = p_book and a.ref = wanted.ref
  join ledger.balance b on b.book = p_book and b.account = a.account
$$;

-- The state of an account as of a seq; none when it was not open by then.
create function ledger.state_at(p_book integer, p_ref text, p_seq bigint)
returns table (ref text, account bigint, last bigint, posted bigint, out_ bigint, in_ bigint,
               floor bigint, ceiling bigint, state smallint)
language sql stable security definer set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  select a.ref, a.account, e.seq, s.*
  from ledger.account a
  cross join lateral ledger.lines(p_book, a.account, 0, p_seq + 1, 1) as line (seq)
  join ledger.entry e on e.book = p_book and e.seq = line.seq
  cross join lateral (
    select e.debit_posted, e.debit_out, e.debit_in, e.debit_floor, e.debit_ceiling, e.debit_state
    where e.debit = a.account
    union all
    select e.credit_posted, e.credit_out, e.credit_in, e.credit_floor, e.credit_ceiling, e.credit_state
    where e.credit = a.account) as s
  where a.book = p_book and a.ref = p_ref
$$;

-- What another process did since: the accounts that it moved as they are now, and the pends that it
-- ended (those rows have `ended` and nothing else).
create function ledger.tail(p_book integer, p_after bigint)
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
  from ledger.entry e join ledger.entry p on p.book = e.book and p.seq = e.pend
  where e.book = p_book and e.seq > p_after and e.pend is not null
$$;
