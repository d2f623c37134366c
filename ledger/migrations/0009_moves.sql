-- Batches of movements alone (kinds 1 to 5), nearly all there are. What an account was and becomes stands once
-- in a batch, in its place in the account's row of states, and an entry names two of these: half the numbers
-- of 0008, a third of what PostgreSQL looks up, and no milestone to be told. Other batches go the old way.
--
-- A state of an account is a slot. An account's slots follow one another: first what it was before the batch
-- (its base), then what each of its entries leaves. N entries that move C accounts have S = 2 N + C slots.
--
--   m   entry i, from 5 i − 4:            kind, event (its place in p_events), the slots of its debit and its
--                                         credit, and the place in n of what else it has, or 0
--       slot k, at 5 N + k:               the number of its account in this batch, from 1
--       account c, at 5 N + S + 1 + c:    its last slot; before the first account's a 0
--   n   slot k, from 4 k − 3:             seq of the entry that left it, posted, out, in
--       account c, from 4 S + 5 c − 4:    account, how many entries it had, floor, ceiling, state
--       entry i, at 4 S + 5 C + i:        minor
--       then, where m says so:            pend, pended, expires_at (milliseconds since 1970)
--
-- Why nothing is left out and nothing counts twice: an entry takes two slots that bear its own seq, so no two
-- entries take one, and N entries take 2 N; a base bears an older seq and is taken by none. So every slot is a
-- base or taken. A taken slot has the account of the slot before it, so each run of slots begins with its
-- account's base, and that one is compared with the balance, which becomes what the run's last slot says.
-- Two runs of one account would find its balance once, and be one short. Without p_marks no account may pass
-- a milestone, and one statement fewer is begun.

create function ledger.move(
  p_book integer, p_seq bigint, p_before bytea, p_at timestamptz, p_accounts integer, p_marks boolean,
  m integer[], n bigint[], p_ids uuid[], p_hashes bytea, p_events text[], p_subjects text[]
) returns table (answer text, seq bigint, clock timestamptz)
language plpgsql security definer set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_material = off
set plan_cache_mode = force_generic_plan set jit = off as $$
#variable_conflict use_column
declare
  added integer := cardinality(p_ids);
  slots integer := 2 * added + p_accounts;
  -- Before the first slot's account, the first account's last slot, its numbers; before the first minor.
  owners integer := 5 * added;
  lasts integer := 5 * added + slots + 1;
  accounts integer := 4 * slots - 4;
  minors integer := 4 * slots + 5 * p_accounts;
  done integer;
  broken text;
begin
  clock := clock_timestamp();
  -- Alone, without the query, so that it is one expression and no statement.
  if p_at not between clock - interval '1 second' and clock + interval '1 second' then
    if not exists (select from ledger.demo) then
      answer := 'clock'; seq := p_seq; return next; return;
    end if;
  end if;
  update ledger.book b set seq = p_seq + added, at = p_at, head = substr(p_hashes, 32 * added - 31)
  where b.book = p_book and b.seq = p_seq and b.head = p_before and b.at <= p_at;
  if not found then
    select b.seq into seq from ledger.book b where b.book = p_book;
    answer := 'stale'; return next; return;
  end if;
  -- Hashes cover milliseconds.
  if (added > 0 and cardinality(p_subjects) = added and m[lasts] = 0 and m[lasts + p_accounts] = slots
    and p_at = date_trunc('milliseconds', p_at)) is not true
  then perform ledger.does_not_follow(p_book, p_seq); end if;

  insert into ledger.entry
  select p_book, seq, p_ids[i], 1, p_at, p_events[m[5 * i - 3]], subject, minor, null, null, null,
         n[debit], n[d - 4], n[d + 1], n[d + 2], n[d + 3], ledger.some(n[debit + 2]), ledger.some(n[debit + 3]), n[debit + 4],
         n[credit], n[c - 4], n[c + 1], n[c + 2], n[c + 3], ledger.some(n[credit + 2]), ledger.some(n[credit + 3]), n[credit + 4],
         substr(p_hashes, 32 * i - 31, 32)
  from (
    select subject, i, p_seq + i as seq, n[minors + i] as minor, 4 * debit - 3 as d, 4 * credit - 3 as c,
           accounts + 5 * m[owners + debit] as debit, accounts + 5 * m[owners + credit] as credit
    from (select subject, i::integer as i, m[5 * i::integer - 2] as debit, m[5 * i::integer - 1] as credit
          from unnest(p_subjects) with ordinality as line (subject, i) offset 0) as line
    where m[5 * i - 4] = 1 and m[5 * i] = 0
      and debit between 2 and slots and m[owners + debit] = m[owners + debit - 1]
      and credit between 2 and slots and m[owners + credit] = m[owners + credit - 1] offset 0) as line
  where n[d] = seq and n[d - 4] < seq and n[d + 1] = n[d - 3] - minor and n[d + 2] = n[d - 2] and n[d + 3] = n[d - 1]
    and n[c] = seq and n[c - 4] < seq and n[c + 1] = n[c - 3] + minor and n[c + 2] = n[c - 2] and n[c + 3] = n[c - 1];
  get diagnostics done = row_count;
  if done < added then
    perform ledger.move_others(
      p_book, p_seq, p_at, p_accounts, m, n, p_ids, p_hashes, p_events, p_subjects, added - done);
  end if;

  update ledger.balance b
  set last = n[4 * l - 3], nth = n[a + 1] + l - f, posted = n[4 * l - 2], out_ = n[4 * l - 1], in_ = n[4 * l], room = null
  from (select c, accounts + 5 * c as a, m[lasts + c - 1] + 1 as f, m[lasts + c] as l
        from generate_series(1, p_accounts) as c offset 0) as moved
  where b.book = p_book and b.account = n[a] and m[owners + f] = c and m[owners + l] = c
    and b.last = n[4 * f - 3] and b.nth = n[a + 1]
    and b.posted = n[4 * f - 2] and b.out_ = n[4 * f - 1] and b.in_ = n[4 * f]
    and b.floor is not distinct from ledger.some(n[a + 2])
    and b.ceiling is not distinct from ledger.some(n[a + 3]) and b.state = n[a + 4]
    and (p_marks or n[a + 1] / 64 = (n[a + 1] + l - f) / 64);
  get diagnostics done = row_count;
  if done <> p_accounts then perform ledger.does_not_follow(p_book, p_seq); end if;

  if p_marks then
    insert into ledger.milestone (book, account, seq, nth)
    select p_book, account, n[4 * k - 3], nth + k - f
    from (select n[accounts + 5 * c] as account, n[accounts + 5 * c + 1] as nth, m[lasts + c - 1] + 1 as f, m[lasts + c] as l
          from generate_series(1, p_accounts) as c
          where n[accounts + 5 * c + 1] / 64 < (n[accounts + 5 * c + 1] + m[lasts + c] - m[lasts + c - 1] - 1) / 64
          offset 0) as moved,
         generate_series(f + 64 - (nth % 64)::integer, l, 64) as k;
  end if;
  seq := p_seq + added; answer := 'appended'; return next;
exception when unique_violation then
  get stacked diagnostics broken = constraint_name;
  if broken <> 'entry_id_once' then raise; end if;
  seq := p_seq; answer := 'known'; return next;
end $$;

-- Reservations and their endings. A void and an expiry release the whole pend.
create function ledger.move_others(
  p_book integer, p_seq bigint, p_at timestamptz, p_accounts integer, m integer[], n bigint[],
  p_ids uuid[], p_hashes bytea, p_events text[], p_subjects text[], p_number integer
) returns void language plpgsql set search_path = pg_catalog as $$
declare
  added integer := cardinality(p_ids);
  slots integer := 2 * added + p_accounts;
  owners integer := 5 * added;
  accounts integer := 4 * slots - 4;
  minors integer := 4 * slots + 5 * p_accounts;
  done integer;
begin
  insert into ledger.entry
  select p_book, seq, p_ids[i], kind, p_at, p_events[m[5 * i - 3]], subject, minor, pend, pended,
         -- By the hour: PostgreSQL multiplies as float8, which has no milliseconds of the year 9999.
         timestamptz 'epoch' + expires / 3600000 * interval '1 hour' + expires % 3600000 * interval '1 millisecond',
         n[debit], n[d - 4], n[d + 1], n[d + 2], n[d + 3], ledger.some(n[debit + 2]), ledger.some(n[debit + 3]), n[debit + 4],
         n[credit], n[c - 4], n[c + 1], n[c + 2], n[c + 3], ledger.some(n[credit + 2]), ledger.some(n[credit + 3]), n[credit + 4],
         substr(p_hashes, 32 * i - 31, 32)
  from (
    select line.*, ledger.moves(kind, minor) as moves, ledger.reserves(kind, minor, pended) as reserves
    from (
      select subject, i, m[5 * i - 4] as kind, p_seq + i as seq, n[minors + i] as minor, 4 * debit - 3 as d, 4 * credit - 3 as c,
             accounts + 5 * m[owners + debit] as debit, accounts + 5 * m[owners + credit] as credit,
             ledger.some(n[more]) as pend, ledger.some(n[more + 1]) as pended, ledger.some(n[more + 2]) as expires
      from (select subject, i::integer as i, m[5 * i::integer - 2] as debit, m[5 * i::integer - 1] as credit,
                   m[5 * i::integer] as more
            from unnest(p_subjects) with ordinality as line (subject, i) offset 0) as line
      where m[5 * i - 4] between 2 and 5 and more > minors
        and debit between 2 and slots and m[owners + debit] = m[owners + debit - 1]
        and credit between 2 and slots and m[owners + credit] = m[owners + credit - 1] offset 0) as line offset 0) as line
  where n[d] = seq and n[d - 4] < seq and n[d + 1] = n[d - 3] - moves and n[d + 2] = n[d - 2] + reserves and n[d + 3] = n[d - 1]
    and n[c] = seq and n[c - 4] < seq and n[c + 1] = n[c - 3] + moves and n[c + 2] = n[c - 2] and n[c + 3] = n[c - 1] + reserves
    and (kind < 4 or minor = pended) and (kind = 2 or pend < seq);
  get diagnostics done = row_count;
  if done <> p_number then perform ledger.does_not_follow(p_book, p_seq); end if;
  perform ledger.keep_due(p_book, p_seq);
end $$;
