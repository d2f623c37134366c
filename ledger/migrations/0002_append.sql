-- The only way into the books. All of these run as the owner, with a fixed search path; the settings
-- keep the plan on the indexes even when it was made while the tables were empty.

create function ledger.open_book(p_book integer, p_currency text, p_head bytea, p_at timestamptz)
returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into ledger.book (book, currency, seq, at, head)
  values (p_book, p_currency, 0, p_at, p_head) on conflict do nothing;
  if not exists (select from ledger.book where book = p_book and currency = p_currency) then
    raise exception 'Book % is kept in another currency', p_book using errcode = 'check_violation';
  end if;
end $$;

-- Holds the book still until the transaction ends, and says where it stands.
create function ledger.lock_book(p_book integer)
returns table (currency text, seq bigint, at timestamptz, head bytea, clock timestamptz)
language sql security definer set search_path = pg_catalog as $$
  select currency, seq, at, head, clock_timestamp() from ledger.book where book = p_book for update
$$;

-- The last seq at or before a moment. `at` never falls along a gap-free seq: halving finds it.
create function ledger.seq_at(p_book integer, p_at timestamptz)
returns bigint language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  low bigint := 0;
  high bigint := (select seq from ledger.book where book = p_book);
  middle bigint;
begin
  while low < high loop
    middle := (low + high + 1) / 2;
    if (select e.at from ledger.entry e where e.book = p_book and e.seq = middle) <= p_at
    then low := middle; else high := middle - 1; end if;
  end loop;
  return low;
end $$;

-- Look-ups by account compare (debit, seq) as a row, between two bounds, and order by both: only the
-- index that begins with the account can do that. With `debit = x order by seq desc` a plan that was
-- made while the tables were small may walk the whole book backwards, and a batch took minutes.

-- The states of accounts as of a seq (null: now). An account without an entry by then is left out.
create function ledger.states(p_book integer, p_refs text[], p_seq bigint default null)
returns table (ref text, account bigint, last bigint, posted bigint, out_ bigint, in_ bigint,
               floor bigint, ceiling bigint, state smallint)
language sql stable security definer set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  select a.ref, a.account, newest.seq, newest.posted, newest.out_, newest.in_,
         newest.floor, newest.ceiling, newest.state
  from unnest(p_refs) as wanted (ref)
  join ledger.account a on a.book = p_book and a.ref = wanted.ref
  cross join lateral (select * from (
    (select e.seq, e.debit_posted as posted, e.debit_out as out_, e.debit_in as in_,
            e.debit_floor as floor, e.debit_ceiling as ceiling, e.debit_state as state
     from ledger.entry e
     where e.book = p_book and (e.debit, e.seq) > (a.account, 0)
       and (e.debit, e.seq) <= (a.account, coalesce(p_seq, 9223372036854775807))
     order by e.debit desc, e.seq desc limit 1)
    union all
    (select e.seq, e.credit_posted, e.credit_out, e.credit_in,
            e.credit_floor, e.credit_ceiling, e.credit_state
     from ledger.entry e
     where e.book = p_book and (e.credit, e.seq) > (a.account, 0)
       and (e.credit, e.seq) <= (a.account, coalesce(p_seq, 9223372036854775807))
     order by e.credit desc, e.seq desc limit 1)
  ) as sides order by sides.seq desc limit 1) as newest
$$;

-- Compare and append. Answers one of:
--   appended   the entries stand, once this transaction commits
--   stale      the book has moved (or its clock is ahead of p_at); nothing changed; seq says where it is
--   known      an id is there already; nothing changed
--   clock      p_at is more than a second from the database's clock; nothing changed
-- It raises only when the caller's arithmetic is wrong, which is a bug and never a "no".
create function ledger.append(
  p_book integer, p_seq bigint, p_before bytea, p_at timestamptz, p_head bytea,
  p_ids uuid[], p_kinds smallint[], p_events text[], p_subjects text[], p_refs text[],
  p_minors bigint[], p_pends bigint[], p_pendeds bigint[], p_expiries timestamptz[],
  p_debits bigint[], p_debit_prevs bigint[], p_debit_posteds bigint[], p_debit_outs bigint[],
  p_debit_ins bigint[], p_debit_floors bigint[], p_debit_ceilings bigint[], p_debit_states smallint[],
  p_credits bigint[], p_credit_prevs bigint[], p_credit_posteds bigint[], p_credit_outs bigint[],
  p_credit_ins bigint[], p_credit_floors bigint[], p_credit_ceilings bigint[], p_credit_states smallint[],
  p_hashes bytea[]
) returns table (answer text, seq bigint, clock timestamptz)
language plpgsql security definer set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan set jit = off as $$
#variable_conflict use_column
declare
  added bigint := cardinality(p_ids);
  broken text;
begin
  clock := clock_timestamp();
  if added = 0 then
    select b.seq, case when b.seq = p_seq and b.head = p_before then 'appended' else 'stale' end
    into seq, answer from ledger.book b where b.book = p_book;
    return next; return;
  end if;
  if abs(extract(epoch from p_at - clock)) > 1 and not exists (select from ledger.demo) then
    answer := 'clock'; seq := p_seq; return next; return;
  end if;

  update ledger.book b set seq = p_seq + added, at = p_at, head = p_head
  where b.book = p_book and b.seq = p_seq and b.head = p_before and b.at <= p_at;
  if not found then
    select b.seq into seq from ledger.book b where b.book = p_book;
    answer := 'stale'; return next; return;
  end if;

  if exists (select from unnest(p_refs) as r (ref) where r.ref is not null) then
    insert into ledger.account (book, account, ref)
    select p_book, p_seq + r.place, r.ref
    from unnest(p_refs) with ordinality as r (ref, place) where r.ref is not null;
  end if;

  with added as (
    insert into ledger.entry
    select p_book, p_seq + place, id, kind, p_at, event, subject, minor, pend, pended, expires_at,
           debit, debit_prev, debit_posted, debit_out, debit_in, debit_floor, debit_ceiling, debit_state,
           credit, credit_prev, credit_posted, credit_out, credit_in, credit_floor, credit_ceiling,
           credit_state, hash
    from unnest(p_ids, p_kinds, p_events, p_subjects, p_minors, p_pends, p_pendeds, p_expiries,
                p_debits, p_debit_prevs, p_debit_posteds, p_debit_outs, p_debit_ins, p_debit_floors,
                p_debit_ceilings, p_debit_states, p_credits, p_credit_prevs, p_credit_posteds,
                p_credit_outs, p_credit_ins, p_credit_floors, p_credit_ceilings, p_credit_states,
                p_hashes) with ordinality
      as new (id, kind, event, subject, minor, pend, pended, expires_at,
              debit, debit_prev, debit_posted, debit_out, debit_in, debit_floor, debit_ceiling,
              debit_state, credit, credit_prev, credit_posted, credit_out, credit_in, credit_floor,
              credit_ceiling, credit_state, hash, place)
    returning *
  ),
  -- What each side should have changed, by its kind.
  side as (
    select seq, kind, debit as account, debit_prev as prev,
           debit_posted as posted, debit_out as out_, debit_in as in_,
           debit_floor as floor, debit_ceiling as ceiling, debit_state as state,
           case when kind in (1, 3) then -minor else 0 end as posted_change,
           case kind when 2 then minor when 3 then -pended when 4 then -minor when 5 then -minor else 0 end as out_change,
           0::bigint as in_change
    from added where debit is not null
    union all
    select seq, kind, credit, credit_prev, credit_posted, credit_out, credit_in,
           credit_floor, credit_ceiling, credit_state,
           case when kind in (1, 3) then minor else 0 end,
           0,
           case kind when 2 then minor when 3 then -pended when 4 then -minor when 5 then -minor else 0 end
    from added where credit is not null
  ),
  chain as (
    select *, lag(seq) over each as l_seq, lag(posted) over each as l_posted,
           lag(out_) over each as l_out, lag(in_) over each as l_in, lag(floor) over each as l_floor,
           lag(ceiling) over each as l_ceiling, lag(state) over each as l_state
    from side window each as (partition by account order by seq)
  )
  select format('account %s at seq %s', c.account, c.seq) into broken
  from chain c
  -- The account's last row before the batch, from the one it claims to continue up to the book's end:
  -- nothing there, or something after it, and the claim is wrong.
  left join lateral (select * from (
    (select e.seq, e.debit_posted as posted, e.debit_out as out_, e.debit_in as in_,
            e.debit_floor as floor, e.debit_ceiling as ceiling, e.debit_state as state
     from ledger.entry e where c.l_seq is null
       and e.book = p_book and (e.debit, e.seq) >= (c.account, c.prev)
       and (e.debit, e.seq) <= (c.account, p_seq)
     order by e.debit desc, e.seq desc limit 1)
    union all
    (select e.seq, e.credit_posted, e.credit_out, e.credit_in,
            e.credit_floor, e.credit_ceiling, e.credit_state
     from ledger.entry e where c.l_seq is null
       and e.book = p_book and (e.credit, e.seq) >= (c.account, c.prev)
       and (e.credit, e.seq) <= (c.account, p_seq)
     order by e.credit desc, e.seq desc limit 1)
  ) as sides order by sides.seq desc limit 1) as last on true
  where c.prev is distinct from coalesce(c.l_seq, last.seq)
     or (c.prev is null) <> (c.kind = 6)
     or (c.kind = 6 and c.account <> c.seq)
     or c.posted <> coalesce(c.l_posted, last.posted, 0) + c.posted_change
     or c.out_ <> coalesce(c.l_out, last.out_, 0) + c.out_change
     or c.in_ <> coalesce(c.l_in, last.in_, 0) + c.in_change
     or (c.kind not in (6, 7) and (
          c.floor is distinct from case when c.l_seq is null then last.floor else c.l_floor end
       or c.ceiling is distinct from case when c.l_seq is null then last.ceiling else c.l_ceiling end))
     or (c.kind not in (6, 8, 9)
         and c.state is distinct from case when c.l_seq is null then last.state else c.l_state end)
  limit 1;
  if broken is not null then
    raise exception 'The entries do not continue book %: %', p_book, broken using errcode = 'data_exception';
  end if;

  perform ledger.keep_due(p_book, p_seq) from unnest(p_kinds) as k (kind) where k.kind between 2 and 5 limit 1;
  seq := p_seq + added; answer := 'appended'; return next;
exception when unique_violation then
  get stacked diagnostics broken = constraint_name;
  if broken <> 'entry_id_once' then raise; end if;
  seq := p_seq; answer := 'known'; return next;
end $$;

-- Pends that can expire come in; those that ended go out; and an ending must match its pend.
create function ledger.keep_due(p_book integer, p_after bigint)
returns void language plpgsql set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if exists (
    select from ledger.entry e
    left join ledger.entry p on p.book = e.book and p.seq = e.pend and p.kind = 2
    where e.book = p_book and e.seq > p_after and e.pend is not null
      and (p.debit, p.credit, p.minor) is distinct from (e.debit, e.credit, e.pended))
  then raise exception 'An ending does not match its pend in book %', p_book using errcode = 'data_exception';
  end if;
  insert into ledger.due (book, expires_at, pend)
  select book, expires_at, seq from ledger.entry
  where book = p_book and seq > p_after and expires_at is not null;
  delete from ledger.due d using ledger.entry e, ledger.entry p
  where e.book = p_book and e.seq > p_after and e.pend is not null
    and p.book = p_book and p.seq = e.pend and p.expires_at is not null
    and d.book = p_book and d.expires_at = p.expires_at and d.pend = p.seq;
end $$;

