-- A server of the old release may have been appending while this one began, and an entry without its
-- balance would be lost to it for ever. 0004 has taken its function away; who was inside has a second to
-- reach the book row, and the lock waits until all of them are done.
select pg_sleep(1) where exists (select from ledger.entry);
lock table ledger.book in exclusive mode;

with side as (
  select book, debit as account, seq, debit_posted as posted, debit_out as out_, debit_in as in_,
         debit_floor as floor, debit_ceiling as ceiling, debit_state as state
  from ledger.entry where debit is not null
  union all
  select book, credit, seq, credit_posted, credit_out, credit_in, credit_floor, credit_ceiling, credit_state
  from ledger.entry where credit is not null
), counted as (
  select *, row_number() over (partition by book, account order by seq) as nth,
         lead(seq) over (partition by book, account order by seq) is null as newest
  from side
), milestones as (
  insert into ledger.milestone (book, account, seq, nth)
  select book, account, seq, nth from counted where nth % 64 = 0
)
insert into ledger.balance (book, account, last, nth, posted, out_, in_, floor, ceiling, state)
select book, account, seq, nth, posted, out_, in_, floor, ceiling, state from counted where newest;

drop index ledger.entry_debit, ledger.entry_credit;

-- Compare and append. Answers one of:
--   appended   the entries stand, once this transaction commits
--   stale      the book has moved (or its clock is ahead of p_at); nothing changed; seq says where it is
--   known      an id is there already; nothing changed
--   clock      p_at is more than a second from the database's clock; nothing changed. An empty batch asks
--              too: a "no" may rest on the time, of a pend that has or has not expired
-- It raises only when the caller's arithmetic is wrong, which is a bug and never a "no".
create function ledger.append(
  p_book integer, p_seq bigint, p_before bytea, p_at timestamptz, p_rows ledger.row[]
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

  update ledger.book b set seq = p_seq + added, at = p_at, head = (p_rows[added]).hash
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

-- Numbers and names the accounts that these rows open. Their balances stand as before their first entry.
create function ledger.open_accounts(p_book integer, p_seq bigint, p_rows ledger.row[])
returns void language plpgsql set search_path = pg_catalog as $$
begin
  insert into ledger.account (book, account, ref)
  select p_book, p_seq + ordinality, ref from unnest(p_rows) with ordinality where kind = 6;
  insert into ledger.balance (book, account, last, nth, posted, out_, in_, floor, ceiling, state)
  select p_book, p_seq + ordinality, 0, 0, 0, 0, 0, debit_floor, debit_ceiling, 0
  from unnest(p_rows) with ordinality where kind = 6;
end $$;

-- Takes every balance from what it was before the batch to what its last row says. A state is an array:
-- seq of the newest entry, number of entries, posted, out, in, floor, ceiling, state. Each side says
-- its account's state after the entry, and its kind and amount tell what it must have been before: that
-- is what the account's side before left, and for the first side in the batch what the balance says.
create function ledger.move_balances(p_book integer, p_seq bigint, p_rows ledger.row[])
returns void language plpgsql set search_path = pg_catalog as $$
begin
  with side as (
    select debit as account, p_seq + ordinality as seq,
           array[p_seq + ordinality, debit_nth, debit_posted, debit_out, debit_in,
                 debit_floor, debit_ceiling, debit_state] as after,
           array[coalesce(debit_prev, 0), debit_nth - 1,
                 case when kind in (1, 3) then debit_posted + minor else debit_posted end,
                 case kind when 2 then debit_out - minor when 3 then debit_out + pended
                           when 4 then debit_out + minor when 5 then debit_out + minor else debit_out end,
                 debit_in,
                 case when was is null then debit_floor else was[1] end,
                 case when was is null then debit_ceiling else was[2] end,
                 case when was is null then debit_state else was[3] end] as before,
           -- Limits change by a limit alone, the state by a freeze and a close alone; a closed account
           -- never. What is neither true nor false here is refused as well.
           case when kind = 6 then debit_prev is null and debit = p_seq + ordinality and debit_state = 0
                when kind < 6 then debit_prev is not null and was is null
                                   and (kind < 4 or minor = pended)
                else debit_prev is not null and was[3] <> 4
                 and (kind = 7 or (was[1], was[2]) is not distinct from (debit_floor, debit_ceiling))
                 and case kind when 7 then debit_state = was[3]
                               when 8 then debit_state between 0 and 3 else debit_state = 4 end end as sound
    from unnest(p_rows) with ordinality where debit is not null
    union all
    select credit, p_seq + ordinality,
           array[p_seq + ordinality, credit_nth, credit_posted, credit_out, credit_in,
                 credit_floor, credit_ceiling, credit_state],
           array[credit_prev, credit_nth - 1,
                 case when kind in (1, 3) then credit_posted - minor else credit_posted end,
                 credit_out,
                 case kind when 1 then credit_in when 2 then credit_in - minor when 3 then credit_in + pended
                           else credit_in + minor end,
                 credit_floor, credit_ceiling, credit_state],
           true
    from unnest(p_rows) with ordinality where credit is not null
  ),
  step as (
    select account, seq, after, before, sound,
           lag(after) over each as previous,
           first_value(before) over each as first,
           lead(account) over each is null as newest
    from side window each as (partition by account order by seq)
  )
  update ledger.balance b
  set last = after[1], nth = after[2], posted = after[3], out_ = after[4], in_ = after[5],
      floor = after[6], ceiling = after[7], state = after[8]
  from (
    -- Found by its place: a join on the account would be planned, while the table is empty, as a walk
    -- through all of it.
    select s.after,
           case when sound is not true or before is distinct from coalesce(previous, before)
                then ledger.does_not_follow(p_book, account, seq)
                when newest
                then coalesce(present.place, ledger.does_not_follow(p_book, account, seq)) end as place
    from step s
    left join lateral (
      select b.ctid as place from ledger.balance b
      where b.book = p_book and b.account = s.account
        and array[b.last, b.nth, b.posted, b.out_, b.in_, b.floor, b.ceiling, b.state] = s.first
      offset 0) as present on s.newest
  ) as moved
  where b.ctid = moved.place;
end $$;

create function ledger.does_not_follow(p_book integer, p_account bigint, p_seq bigint)
returns tid language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'The entries do not continue book %: account % at seq %', p_book, p_account, p_seq
    using errcode = 'data_exception';
end $$;

create function ledger.mark_milestones(p_book integer, p_seq bigint, p_rows ledger.row[])
returns void language plpgsql set search_path = pg_catalog as $$
begin
  insert into ledger.milestone (book, account, seq, nth)
  select p_book, debit, p_seq + ordinality, debit_nth
  from unnest(p_rows) with ordinality where debit_nth % 64 = 0
  union all
  select p_book, credit, p_seq + ordinality, credit_nth
  from unnest(p_rows) with ordinality where credit_nth % 64 = 0;
end $$;

-- As before; and whether a pend is settled or expires is decided by its time.
create or replace function ledger.keep_due(p_book integer, p_after bigint)
returns void language plpgsql set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if exists (
    select from ledger.entry e
    left join ledger.entry p on p.book = e.book and p.seq = e.pend and p.kind = 2
    where e.book = p_book and e.seq > p_after and e.pend is not null
      and ((p.debit, p.credit, p.minor) is distinct from (e.debit, e.credit, e.pended)
        or (e.kind = 5) <> coalesce(p.expires_at <= e.at, false)))
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
