-- A batch as numbers. An array of bigint without nulls is read at any place in one step, so that each side
-- of an entry can be held against the side before it without sorting, windows or joins: half of what
-- PostgreSQL did for a transfer was that. DECISIONS.md has the figures.
--
-- n has 28 numbers for a row; a side is known by the place of its first number. `none` stands for null.
--
--    1 kind   2 event (its place in p_events)   3 minor   4 pend   5 pended   6 expires_at (milliseconds since 1970)
--    7 … 17   the debit side      18 … 28   the credit side
--
--   +0 account   +1 prev   +2 from   +3 to   +4 nth   +5 posted   +6 out   +7 in   +8 floor   +9 ceiling   +10 state
--
-- `from` is the side in this batch that left the state which this one takes up; where that is the balance, its
-- place in p_moved, negative. `to` is the side that takes up what this one leaves, 0 when that becomes the balance. An entry with one side
-- (kinds 6 to 9) has in the place of its credit side the account as it was before.

drop function ledger.append(integer, bigint, bytea, timestamptz, ledger.row[]);
drop function ledger.move_balances(integer, bigint, ledger.row[]);
drop function ledger.mark_milestones(integer, bigint, ledger.row[]);
drop function ledger.open_accounts(integer, bigint, ledger.row[]);
drop function ledger.does_not_follow(integer, bigint, bigint);
drop type ledger.row;

-- A page of balances is pruned whenever a new version finds less room on it than fillfactor leaves free:
-- with 50 that is nearly every time, and was a tenth of an append. Now a page is filled, and a balance gives
-- half of its own room back with its first entry.
alter table ledger.balance add column room text;
alter table ledger.balance set (fillfactor = 70);

-- The following are one expression each and without settings, so that the planner puts them in place.

create function ledger.some(number bigint) returns bigint language sql immutable
return nullif(number, -9223372036854775808);

-- What an entry moves from posted to posted, and what it adds to what is pending.
create function ledger.moves(kind bigint, minor bigint) returns bigint language sql immutable
return case when kind = 1 or kind = 3 then minor else 0 end;
create function ledger.reserves(kind bigint, minor bigint, pended bigint) returns bigint language sql immutable
return case kind when 1 then 0 when 2 then minor when 3 then -pended when 4 then -minor when 5 then -minor else 0 end;

-- Whether there is a side at this place: only movements have one in the credit's place.
create function ledger.is_side(n bigint[], place integer) returns boolean language sql immutable
return case place % 28 when 7 then n[place - 6] < 10 when 18 then n[place - 17] < 6 else false end;

-- Whether the side at `here` takes up what its account was: the balance, if it is named in p_moved as its
-- account's first, else what the side that it names has left, and that one names it. The last seven are what
-- it says its account was before.
create function ledger.takes_up(
  n bigint[], p_moved integer[], p_seq bigint, here integer, there integer,
  nth bigint, posted bigint, out_ bigint, in_ bigint, floor bigint, ceiling bigint, state bigint
) returns boolean language sql immutable
return case when there < 0 then p_moved[-there] = here and there % 2 <> 0
  else n[there + 3] = here and n[there] = n[here] and there < here
   and n[here + 1] = p_seq + (there + 21) / 28 and ledger.is_side(n, there)
   and n[there + 4] = nth and n[there + 5] = posted and n[there + 6] = out_ and n[there + 7] = in_
   and n[there + 8] = floor and n[there + 9] = ceiling and n[there + 10] = state end;

-- Compare and append. p_moved has the first and the last side of each account that moves, p_marks the sides
-- of milestones. Answers one of:
--   appended   the entries stand, once this transaction commits
--   stale      the book has moved (or its clock is ahead of p_at); nothing changed; seq says where it is
--   known      an id is there already; nothing changed
--   clock      p_at is more than a second from the database's clock; nothing changed. An empty batch asks
--              too: a "no" may rest on the time, of a pend that has or has not expired
-- It raises only when the caller's arithmetic is wrong, which is a bug and never a "no".
create function ledger.append(
  p_book integer, p_seq bigint, p_before bytea, p_at timestamptz, n bigint[], p_moved integer[], p_marks integer[],
  p_ids uuid[], p_hashes bytea, p_events text[], p_subjects text[], p_refs text[]
) returns table (answer text, seq bigint, clock timestamptz)
language plpgsql security definer set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_material = off
set plan_cache_mode = force_generic_plan set jit = off as $$
#variable_conflict use_column
declare
  added integer := cardinality(p_ids);
  posts integer;
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

  update ledger.book b set seq = p_seq + added, at = p_at, head = substr(p_hashes, 32 * added - 31)
  where b.book = p_book and b.seq = p_seq and b.head = p_before and b.at <= p_at;
  if not found then
    select b.seq into seq from ledger.book b where b.book = p_book;
    answer := 'stale'; return next; return;
  end if;

  -- From [1 on: numbers that begin elsewhere would be read as other rows. Hashes cover milliseconds.
  if array_dims(n) is distinct from '[1:' || 28 * added || ']' or p_at <> date_trunc('milliseconds', p_at)
  then perform ledger.does_not_follow(p_book, p_seq); end if;
  -- Posts, nearly all there is.
  insert into ledger.entry
  select p_book, p_seq + i, p_ids[i], 1, p_at, p_events[n[o + 2]], subject, n[o + 3], null, null, null,
         n[o + 7], n[o + 8], n[o + 12], n[o + 13], n[o + 14], ledger.some(n[o + 15]), ledger.some(n[o + 16]), n[o + 17],
         n[o + 18], n[o + 19], n[o + 23], n[o + 24], n[o + 25], ledger.some(n[o + 26]), ledger.some(n[o + 27]), n[o + 28],
         substr(p_hashes, 32 * i - 31, 32)
  from (select subject, i::integer as i, (28 * (i - 1))::integer as o
        from unnest(p_subjects) with ordinality as line (subject, i) offset 0) as line
  where n[o + 1] = 1 and n[o + 4] = -9223372036854775808 and n[o + 5] = n[o + 4] and n[o + 6] = n[o + 4]
    and ledger.takes_up(n, p_moved, p_seq, o + 7, n[o + 9]::integer, n[o + 11] - 1,
          n[o + 12] + n[o + 3], n[o + 13], n[o + 14], n[o + 15], n[o + 16], n[o + 17])
    and ledger.takes_up(n, p_moved, p_seq, o + 18, n[o + 20]::integer, n[o + 22] - 1,
          n[o + 23] - n[o + 3], n[o + 24], n[o + 25], n[o + 26], n[o + 27], n[o + 28]);
  get diagnostics posts = row_count;
  if posts < added then
    perform ledger.append_others(
      p_book, p_seq, p_at, n, p_moved, p_ids, p_hashes, p_events, p_subjects, p_refs, added - posts);
  end if;
  perform ledger.move_balances(p_book, p_seq, n, p_moved, p_marks);
  seq := p_seq + added; answer := 'appended'; return next;
exception when unique_violation then
  get stacked diagnostics broken = constraint_name;
  if broken <> 'entry_id_once' then raise; end if;
  seq := p_seq; answer := 'known'; return next;
end $$;

-- Takes every balance from what it was before the batch to what its last side says. Each pair of p_moved
-- finds one balance, no balance is found twice, and pairs and sides that take up no other one name each
-- other: so no side is left out, no account has two chains, and nothing moves that no entry moves.
create function ledger.move_balances(p_book integer, p_seq bigint, n bigint[], p_moved integer[], p_marks integer[])
returns void language plpgsql set search_path = pg_catalog as $$
declare
  moved integer;
  marks bigint;
begin
  with moved as (
    update ledger.balance b
    set last = p_seq + (l + 21) / 28, nth = n[l + 4], posted = n[l + 5], out_ = n[l + 6], in_ = n[l + 7],
        floor = ledger.some(n[l + 8]), ceiling = ledger.some(n[l + 9]), state = n[l + 10],
        room = null
    from (
      select k, f, l, debits, case when n[o + 1] > 5 then f + 11 else f end as was,
             ledger.moves(n[o + 1], n[o + 3]) as moves, ledger.reserves(n[o + 1], n[o + 3], n[o + 5]) as reserves
      from (
        select k, p_moved[k] as f, p_moved[k + 1] as l, p_moved[k] % 28 = 7 as debits,
               p_moved[k] - case when p_moved[k] % 28 = 7 then 7 else 18 end as o
        from generate_series(1, cardinality(p_moved), 2) as k offset 0) as pair offset 0) as pair
    where b.book = p_book and b.account = n[l] and n[f] = n[l] and n[f + 2] = -k and n[l + 3] = 0
      and ledger.is_side(n, f) and ledger.is_side(n, l)
      and b.last = greatest(n[f + 1], 0) and b.nth = n[f + 4] - 1
      and b.posted = case when debits then n[f + 5] + moves else n[f + 5] - moves end
      and b.out_ = case when debits then n[f + 6] - reserves else n[f + 6] end
      and b.in_ = case when debits then n[f + 7] else n[f + 7] - reserves end
      and b.floor is not distinct from ledger.some(n[was + 8])
      and b.ceiling is not distinct from ledger.some(n[was + 9]) and b.state = n[was + 10]
    returning n[l + 4] / 64 - (n[f + 4] - 1) / 64 as marks)
  select count(*), coalesce(sum(m.marks), 0) into moved, marks from moved m;
  if 2 * moved <> cardinality(p_moved) or marks <> cardinality(p_marks)
  then perform ledger.does_not_follow(p_book, p_seq); end if;
  if marks > 0 then
    insert into ledger.milestone (book, account, seq, nth)
    select p_book, n[side], p_seq + (side + 21) / 28, n[side + 4]
    from unnest(p_marks) as side where ledger.is_side(n, side);
    get diagnostics moved = row_count;
    if moved <> marks then perform ledger.does_not_follow(p_book, p_seq); end if;
  end if;
end $$;

create function ledger.does_not_follow(p_book integer, p_seq bigint)
returns void language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'The entries do not continue book % at seq %', p_book, p_seq using errcode = 'data_exception';
end $$;

-- What is no post: reservations and their endings; accounts that are opened, limited, frozen or closed; memos.
-- Limits change by a limit alone, the state by a freeze and a close alone; a closed account never.
create function ledger.append_others(
  p_book integer, p_seq bigint, p_at timestamptz, n bigint[], p_moved integer[], p_ids uuid[], p_hashes bytea,
  p_events text[], p_subjects text[], p_refs text[], p_number integer
) returns void language plpgsql set search_path = pg_catalog as $$
declare
  pends integer;
  opened integer;
  named integer;
  others integer;
begin
  insert into ledger.entry
  select p_book, p_seq + i, p_ids[i], n[o + 1], p_at, p_events[n[o + 2]], subject, n[o + 3],
         ledger.some(n[o + 4]), ledger.some(n[o + 5]),
         -- By the hour: PostgreSQL multiplies as float8, which has no milliseconds of the year 9999.
         timestamptz 'epoch' + ledger.some(n[o + 6]) / 3600000 * interval '1 hour'
           + ledger.some(n[o + 6]) % 3600000 * interval '1 millisecond',
         n[o + 7], n[o + 8], n[o + 12], n[o + 13], n[o + 14], ledger.some(n[o + 15]), ledger.some(n[o + 16]), n[o + 17],
         n[o + 18], n[o + 19], n[o + 23], n[o + 24], n[o + 25], ledger.some(n[o + 26]), ledger.some(n[o + 27]), n[o + 28],
         substr(p_hashes, 32 * i - 31, 32)
  from (select subject, i::integer as i, (28 * (i - 1))::integer as o
        from unnest(p_subjects) with ordinality as line (subject, i) offset 0) as line
  where n[o + 1] between 2 and 5 and (n[o + 1] < 4 or n[o + 3] = n[o + 5]) and n[o + 4] < p_seq + i
    and ledger.takes_up(n, p_moved, p_seq, o + 7, n[o + 9]::integer, n[o + 11] - 1,
          n[o + 12] + ledger.moves(n[o + 1], n[o + 3]), n[o + 13] - ledger.reserves(n[o + 1], n[o + 3], n[o + 5]),
          n[o + 14], n[o + 15], n[o + 16], n[o + 17])
    and ledger.takes_up(n, p_moved, p_seq, o + 18, n[o + 20]::integer, n[o + 22] - 1,
          n[o + 23] - ledger.moves(n[o + 1], n[o + 3]), n[o + 24],
          n[o + 25] - ledger.reserves(n[o + 1], n[o + 3], n[o + 5]), n[o + 26], n[o + 27], n[o + 28]);
  get diagnostics pends = row_count;
  if pends > 0 then perform ledger.keep_due(p_book, p_seq); end if;
  if pends = p_number then return; end if;

  insert into ledger.account (book, account, ref)
  select p_book, p_seq + i, ref from unnest(p_refs) with ordinality as line (ref, i)
  where n[(28 * (i - 1) + 1)::integer] = 6;
  get diagnostics named = row_count;
  insert into ledger.balance (book, account, last, nth, posted, out_, in_, floor, ceiling, state, room)
  select p_book, p_seq + o / 28 + 1, 0, 0, 0, 0, 0, ledger.some(n[o + 15]), ledger.some(n[o + 16]), 0, repeat(' ', 150)
  from generate_series(0, cardinality(n) - 1, 28) as o where n[o + 1] = 6;
  get diagnostics opened = row_count;
  if named <> opened then perform ledger.does_not_follow(p_book, p_seq); end if;

  insert into ledger.entry (book, seq, id, kind, at, event, subject, debit, debit_prev, debit_posted, debit_out,
    debit_in, debit_floor, debit_ceiling, debit_state, hash)
  select p_book, p_seq + i, p_ids[i], n[o + 1], p_at, p_events[n[o + 2]], subject,
         ledger.some(n[o + 7]), ledger.some(n[o + 8]), ledger.some(n[o + 12]), ledger.some(n[o + 13]),
         ledger.some(n[o + 14]), ledger.some(n[o + 15]), ledger.some(n[o + 16]), ledger.some(n[o + 17]),
         substr(p_hashes, 32 * i - 31, 32)
  from (select subject, i::integer as i, (28 * (i - 1))::integer as o
        from unnest(p_subjects) with ordinality as line (subject, i) offset 0) as line
  where n[o + 1] > 5 and n[o + 3] = -9223372036854775808 and n[o + 4] = n[o + 3] and n[o + 5] = n[o + 3]
    and case n[o + 1]
          when 10 then n[o + 7:o + 17] = array_fill(n[o + 3], array[11])
          when 6 then n[o + 7] = p_seq + i and n[o + 8] = n[o + 3] and n[o + 9] < 0 and n[o + 17] = 0
          else n[o + 8] > 0 and n[o + 28] between 0 and 3 end
    and case when n[o + 1] in (8, 9) then n[o + 26] = n[o + 15] and n[o + 27] = n[o + 16] else true end
    and case n[o + 1] when 7 then n[o + 17] = n[o + 28] when 8 then n[o + 17] between 0 and 3
                      when 9 then n[o + 17] = 4 else true end
    and (n[o + 1] = 10 or ledger.takes_up(n, p_moved, p_seq, o + 7, n[o + 9]::integer, n[o + 11] - 1,
          n[o + 12], n[o + 13], n[o + 14], n[o + 26], n[o + 27], n[o + 28]));
  get diagnostics others = row_count;
  if pends + others <> p_number then perform ledger.does_not_follow(p_book, p_seq); end if;
end $$;

-- One account after the other by its key: as a join this was planned, on young tables, as a walk through
-- all accounts for each that was asked for.
create or replace function ledger.states(p_book integer, p_refs text[])
returns table (ref text, account bigint, last bigint, nth bigint, posted bigint, out_ bigint, in_ bigint,
               floor bigint, ceiling bigint, state smallint)
language sql stable security definer set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  select wanted.ref, a.account, b.last, b.nth, b.posted, b.out_, b.in_, b.floor, b.ceiling, b.state
  from unnest(p_refs) as wanted (ref)
  cross join lateral (
    select a.account from ledger.account a where a.book = p_book and a.ref = wanted.ref offset 0) as a
  cross join lateral (
    select b.* from ledger.balance b where b.book = p_book and b.account = a.account offset 0) as b
$$;
