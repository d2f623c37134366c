-- Bars: an account is barred by whoever may, under an id of its own, for a while or until that bar is lifted.
-- Several may stand on one account; each is lifted or lapses for itself. A bar is kept as a pend is: an entry
-- that a later one ends, once, with a time for the sweeper.
--
--   11 bar     lays it; expires_at is its own end
--   12 lift    ends it
--   13 lapse   ends it when its time has come
--
-- What is barred stands in `pended`: a number above 0 is an amount, by which the floor rises, covered or not:
-- so what is there is kept and what comes in is, up to the amount. 0 and below is a kind of movement: 0 closing
-- alone, -1 debits, -2 credits, -3 both. Whatever it bars, the account cannot be closed, nor its limits changed.
--
-- `state` counts what stands, so that it follows from the entry before by adding: bits 1 and 2 are what a
-- freeze bars (debits, credits), 4 is closed, then three counters of four bits: bars of debits (from 8),
-- of credits (from 128), all (from 2048). States that were written before are what they were.

create function ledger.bars_state(pended bigint) returns bigint language sql immutable
return 2048 + case when pended < 0 then (-pended & 1) * 8 + (-pended & 2) * 64 else 0 end;

alter table ledger.entry
  drop constraint entry_kind_check,
  add constraint entry_kind_check check (kind between 1 and 13),
  drop constraint an_ending_names_its_pend,
  add constraint an_ending_names_its_pend
    check ((kind in (3, 4, 5, 12, 13)) = (pend is not null) and (kind = 11 or pend is not null) = (pended is not null)),
  drop constraint only_a_pend_expires,
  add constraint only_a_pend_or_a_bar_expires check (expires_at is null or kind in (2, 11)),
  add constraint a_bar_bars_something check (kind < 11 or pended between -3 and 1000000000000000),
  add constraint limits_stay_while_a_bar_stands check (kind <> 7 or debit_state < 8),
  -- What lowers posted - out is held against the floor; a bar of an amount raises the floor above what is there.
  drop constraint debit_available,
  add constraint debit_available
    check (kind in (3, 4, 5) or kind > 7 or debit_posted - debit_out >= debit_floor),
  drop constraint credit_available,
  drop constraint nothing_moves_out_of_a_barred_account,
  add constraint nothing_moves_out_of_a_barred_account check (kind > 3 or debit_state & 125 = 0),
  drop constraint nothing_moves_into_a_barred_account,
  add constraint nothing_moves_into_a_barred_account check (kind > 3 or credit_state & 1926 = 0);

-- What stands on an account.
create index entry_bar on ledger.entry (book, debit, seq) where kind = 11;

create or replace function ledger.is_side(n bigint[], place integer) returns boolean language sql immutable
return case place % 28 when 7 then n[place - 6] <> 10 when 18 then n[place - 17] < 6 else false end;

-- Bars, lifts and lapses of a batch; answers how many. A counter never runs over: no more than 15 stand.
create function ledger.append_bars(
  p_book integer, p_seq bigint, p_at timestamptz, n bigint[], p_moved integer[], p_ids uuid[], p_hashes bytea,
  p_events text[], p_subjects text[]
) returns integer language plpgsql set search_path = pg_catalog as $$
declare
  bars integer;
begin
  insert into ledger.entry (book, seq, id, kind, at, event, subject, pend, pended, expires_at, debit, debit_prev,
    debit_posted, debit_out, debit_in, debit_floor, debit_ceiling, debit_state, hash)
  select p_book, p_seq + i, p_ids[i], n[o + 1], p_at, p_events[n[o + 2]], subject,
         ledger.some(n[o + 4]), n[o + 5],
         timestamptz 'epoch' + ledger.some(n[o + 6]) / 3600000 * interval '1 hour'
           + ledger.some(n[o + 6]) % 3600000 * interval '1 millisecond',
         ledger.some(n[o + 7]), ledger.some(n[o + 8]), ledger.some(n[o + 12]), ledger.some(n[o + 13]),
         ledger.some(n[o + 14]), ledger.some(n[o + 15]), ledger.some(n[o + 16]), ledger.some(n[o + 17]),
         substr(p_hashes, 32 * i - 31, 32)
  from (select subject, i::integer as i, (28 * (i - 1))::integer as o
        from unnest(p_subjects) with ordinality as line (subject, i) offset 0) as line
  where n[o + 1] between 11 and 13 and n[o + 3] = -9223372036854775808 and n[o + 8] > 0
    and n[o + 28] between 0 and 32767 and n[o + 28] & 4 = 0 and n[o + 16] = n[o + 27]
    and (n[o + 5] <= 0 or n[o + 26] <> -9223372036854775808)
    and case n[o + 1]
          when 11 then n[o + 4] = n[o + 3] and n[o + 28] < 30720 and n[o + 17] = n[o + 28] + ledger.bars_state(n[o + 5])
            and n[o + 15] = n[o + 26] + greatest(n[o + 5], 0)
          else n[o + 4] > 0 and n[o + 4] < p_seq + i and n[o + 17] = n[o + 28] - ledger.bars_state(n[o + 5])
            and n[o + 15] = n[o + 26] - greatest(n[o + 5], 0) end
    and ledger.takes_up(n, p_moved, p_seq, o + 7, n[o + 9]::integer, n[o + 11] - 1,
          n[o + 12], n[o + 13], n[o + 14], n[o + 26], n[o + 27], n[o + 28]);
  get diagnostics bars = row_count;
  return bars;
end $$;

-- As before; and bars, and a freeze that leaves them as they are.
create or replace function ledger.append_others(
  p_book integer, p_seq bigint, p_at timestamptz, n bigint[], p_moved integer[], p_ids uuid[], p_hashes bytea,
  p_events text[], p_subjects text[], p_refs text[], p_number integer
) returns void language plpgsql set search_path = pg_catalog as $$
declare
  pends integer;
  opened integer;
  named integer;
  others integer;
  bars integer;
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
  if pends = p_number then perform ledger.keep_due(p_book, p_seq); return; end if;

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
  where n[o + 1] between 6 and 10 and n[o + 3] = -9223372036854775808 and n[o + 4] = n[o + 3] and n[o + 5] = n[o + 3]
    and case n[o + 1]
          when 10 then n[o + 7:o + 17] = array_fill(n[o + 3], array[11])
          when 6 then n[o + 7] = p_seq + i and n[o + 8] = n[o + 3] and n[o + 9] < 0 and n[o + 17] = 0
          else n[o + 8] > 0 and n[o + 28] between 0 and 32767 and n[o + 28] & 4 = 0 end
    and case when n[o + 1] in (8, 9) then n[o + 26] = n[o + 15] and n[o + 27] = n[o + 16] else true end
    and case n[o + 1] when 7 then n[o + 28] < 8 and n[o + 17] = n[o + 28]
                      when 8 then n[o + 17] between 0 and 32767 and n[o + 17] & -4 = n[o + 28] & -4
                      when 9 then n[o + 28] < 8 and n[o + 17] = 4 else true end
    and (n[o + 1] = 10 or ledger.takes_up(n, p_moved, p_seq, o + 7, n[o + 9]::integer, n[o + 11] - 1,
          n[o + 12], n[o + 13], n[o + 14], n[o + 26], n[o + 27], n[o + 28]));
  get diagnostics others = row_count;
  bars := ledger.append_bars(p_book, p_seq, p_at, n, p_moved, p_ids, p_hashes, p_events, p_subjects);
  if pends + bars > 0 then perform ledger.keep_due(p_book, p_seq); end if;
  if pends + others + bars <> p_number then perform ledger.does_not_follow(p_book, p_seq); end if;
end $$;

-- As before; and a bar is ended by a lift or a lapse of just what it bars.
create or replace function ledger.keep_due(p_book integer, p_after bigint)
returns void language plpgsql set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if exists (
    select from ledger.entry e
    left join ledger.entry p
      on p.book = e.book and p.seq = e.pend and p.kind = case when e.kind > 11 then 11 else 2 end
    where e.book = p_book and e.seq > p_after and e.pend is not null
      and ((p.debit, p.credit, coalesce(p.minor, p.pended)) is distinct from (e.debit, e.credit, e.pended)
        or (e.kind in (5, 13)) <> coalesce(p.expires_at <= e.at, false)))
  then raise exception 'An ending does not match its pend or its bar in book %', p_book using errcode = 'data_exception';
  end if;
  insert into ledger.due (book, expires_at, pend)
  select book, expires_at, seq from ledger.entry
  where book = p_book and seq > p_after and expires_at is not null;
  delete from ledger.due d using ledger.entry e, ledger.entry p
  where e.book = p_book and e.seq > p_after and e.pend is not null
    and p.book = p_book and p.seq = e.pend and p.expires_at is not null
    and d.book = p_book and d.expires_at = p.expires_at and d.pend = p.seq;
end $$;

-- What stands on an account now, in the order in which it was laid.
create function ledger.bars(p_book integer, p_ref text)
returns table (seq bigint, id uuid, pended bigint, event text, subject text, at timestamptz, expires_at timestamptz)
language sql stable security definer set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  select e.seq, e.id, e.pended, e.event, e.subject, e.at, e.expires_at
  from ledger.account a
  join ledger.entry e on e.book = a.book and e.debit = a.account and e.kind = 11
  where a.book = p_book and a.ref = p_ref
    and not exists (select from ledger.entry l where l.book = e.book and l.pend = e.seq)
  order by e.seq
$$;
