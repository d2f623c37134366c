-- Old entries leave the table for a file, and what they came to stays, signed: README.md, "Archived".
-- Of a book's entries up to the archive's last there stay
--
--   the newest of each account, which says what the account was then: its opening
--   pends and bars that had not ended by then, since an ending is held against them
--   the archive's last entry itself, whose hash the next entry's covers
--
-- and the id of every entry that went: it means the same for ever.

create table ledger.archive (
  book      integer     not null,
  seq       bigint      not null check (seq > 0),            -- of the last entry that went or could have gone
  at        timestamptz not null,                            -- of that entry
  head      bytea       not null check (length(head) = 32),  -- its hash
  kept      bigint      not null check (kept > 0),           -- how many entries up to seq stay
  digest    bytea       not null check (length(digest) = 32), -- of those: opening.ts says of which bytes
  key       bytea       not null check (length(key) = 32),   -- the signer's public key, Ed25519
  signature bytea       not null check (length(signature) = 64),
  primary key (book, seq)
);
create trigger archive_is_history before update or delete or truncate on ledger.archive
  execute function ledger.refuse_to_rewrite_history();

create table ledger.archived (
  book integer not null,
  id   uuid    not null,
  seq  bigint  not null,
  primary key (book, id)
);
create trigger archived_is_history before update or delete or truncate on ledger.archived
  execute function ledger.refuse_to_rewrite_history();

-- How far the book is archived. In its row, which every append has in its hands anyway.
alter table ledger.book
  add column archived bigint not null default 0,
  add constraint archived_within_the_book check (archived between 0 and seq);

-- What an account was at the end of the newest archive: the entry that says so, and how many it had by then.
create table ledger.opening (
  book    integer not null,
  account bigint  not null,
  archive bigint  not null,  -- seq of that archive
  seq     bigint  not null check (seq <= archive),
  nth     bigint  not null check (nth > 0),
  primary key (book, account)
);

-- An entry goes when an archive has it and its id is kept, a milestone when an archive has its entry, an opening
-- when there is a newer archive; else never.
create function ledger.refuse_unless_archived() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  may boolean;
begin
  if tg_table_name = 'opening' then
    may := exists (select from ledger.archive a where a.book = old.book and a.seq > old.archive);
  else
    may := exists (select from ledger.archive a where a.book = old.book and a.seq >= old.seq);
    if tg_table_name = 'entry' then
      may := may and exists (select from ledger.archived a where a.book = old.book and a.id = old.id and a.seq = old.seq);
    end if;
  end if;
  if may then return old; end if;
  raise exception 'History is only added to, never changed: %.%', tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;
create trigger opening_is_history before update or truncate on ledger.opening
  execute function ledger.refuse_to_rewrite_history();
create trigger opening_goes_when_archived before delete on ledger.opening
  for each row execute function ledger.refuse_unless_archived();
drop trigger entry_is_history on ledger.entry;
create trigger entry_is_history before update or truncate on ledger.entry
  execute function ledger.refuse_to_rewrite_history();
create trigger entry_goes_when_archived before delete on ledger.entry
  for each row execute function ledger.refuse_unless_archived();
drop trigger milestone_is_history on ledger.milestone;
create trigger milestone_is_history before update or truncate on ledger.milestone
  execute function ledger.refuse_to_rewrite_history();
create trigger milestone_goes_when_archived before delete on ledger.milestone
  for each row execute function ledger.refuse_unless_archived();

-- What stays of the entries up to p_seq. Once for each account whose opening an entry is, with its number among
-- that account's entries; without an account for what stays for another reason. Each seq may come more than once.
create function ledger.openings(p_book integer, p_seq bigint)
returns table (seq bigint, account bigint, nth bigint)
language sql stable set search_path = pg_catalog as $$
  with later as (
    select side.account, count(*) as entries, max(side.prev) filter (where side.prev <= p_seq) as opening
    from (
      select e.debit, e.debit_prev from ledger.entry e where e.book = p_book and e.seq > p_seq and e.debit is not null
      union all
      select e.credit, e.credit_prev from ledger.entry e where e.book = p_book and e.seq > p_seq and e.credit is not null
    ) as side (account, prev) group by side.account
  )
  select case when l.account is null then b.last else l.opening end, b.account, b.nth - coalesce(l.entries, 0)
  from ledger.balance b left join later l on l.account = b.account
  where b.book = p_book and (l.account is null or l.opening is not null)
  union all
  select p.seq, null, null from ledger.entry p
  where p.book = p_book and p.seq <= p_seq and p.kind in (2, 11)
    and not exists (select from ledger.entry e where e.book = p.book and e.pend = p.seq and e.seq <= p_seq)
  union all
  select p_seq, null, null
$$;

-- Lets the entries go that a file has by now, up to a sealed one; answers how many go. The owner's alone. The
-- appends go on meanwhile: what they change of `openings` is newer than p_seq. From its end on the ids are known
-- by ledger.archived; only then `clear_archived` takes the entries themselves out. Were both one transaction, an
-- append that meets the id of an entry that is just going would hold the book's row and wait for it, for as long as
-- the deletes take, and then be one of a deadlock's two.
create function ledger.let_go(
  p_book integer, p_seq bigint, p_kept bigint, p_digest bytea, p_key bytea, p_signature bytea
) returns bigint language plpgsql set search_path = pg_catalog as $$
declare
  last ledger.entry;
  went bigint;
begin
  lock table ledger.archive in share row exclusive mode;
  select e.* into last from ledger.entry e
  join ledger.seal s on s.book = e.book and s.seq = e.seq and s.head = e.hash
  where e.book = p_book and e.seq = p_seq;
  if not found or p_seq <= (select archived from ledger.book b where b.book = p_book) then
    raise exception 'Book % has no sealed entry % to be archived to', p_book, p_seq using errcode = 'data_exception';
  end if;
  -- What reads a book on and on has long been there.
  if last.at > clock_timestamp() - interval '30 days' and not exists (select from ledger.demo) then
    raise exception 'Entry % of book % is not 30 days old', p_seq, p_book using errcode = 'data_exception';
  end if;
  create temporary table kept on commit drop as select * from ledger.openings(p_book, p_seq);
  analyze pg_temp.kept;
  if p_kept <> (select count(distinct k.seq) from pg_temp.kept k) then
    raise exception 'Of book % other entries up to % stay than were signed', p_book, p_seq using errcode = 'data_exception';
  end if;
  insert into ledger.archive (book, seq, at, head, kept, digest, key, signature)
  values (p_book, p_seq, last.at, last.hash, p_kept, p_digest, p_key, p_signature);
  insert into ledger.archived (book, id, seq)
  select e.book, e.id, e.seq from ledger.entry e
  where e.book = p_book and e.seq <= p_seq and not exists (select from pg_temp.kept k where k.seq = e.seq);
  get diagnostics went = row_count;
  delete from ledger.milestone m where m.book = p_book and m.seq <= p_seq;
  delete from ledger.opening o where o.book = p_book;
  insert into ledger.opening (book, account, archive, seq, nth)
  select p_book, k.account, p_seq, k.seq, k.nth from pg_temp.kept k where k.account is not null;
  drop table pg_temp.kept;
  update ledger.book b set archived = p_seq where b.book = p_book;
  return went;
end $$;

-- Takes archived entries out of the table, those after one seq and up to another.
create function ledger.clear_archived(p_book integer, p_after bigint, p_to bigint) returns void
language sql set search_path = pg_catalog as $$
  delete from ledger.entry e using ledger.archived a
  where e.book = p_book and e.seq > p_after and e.seq <= p_to and a.book = e.book and a.id = e.id and a.seq = e.seq
$$;

-- As an id that stands in the table would: the batch is `known`.
create function ledger.refuse_archived(p_book integer, p_ids uuid[]) returns void
language plpgsql set search_path = pg_catalog
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  if exists (select from unnest(p_ids) as asked (id) join ledger.archived a on a.book = p_book and a.id = asked.id)
  then raise unique_violation using constraint = 'entry_id_once'; end if;
end $$;

-- As before; and an id that was archived is known.
create or replace function ledger.move(
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
  archived_ bigint;
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
  where b.book = p_book and b.seq = p_seq and b.head = p_before and b.at <= p_at
  returning b.archived into archived_;
  if not found then
    select b.seq into seq from ledger.book b where b.book = p_book;
    answer := 'stale'; return next; return;
  end if;
  if archived_ > 0 then perform ledger.refuse_archived(p_book, p_ids); end if;
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

create or replace function ledger.append(
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
  archived_ bigint;
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
  where b.book = p_book and b.seq = p_seq and b.head = p_before and b.at <= p_at
  returning b.archived into archived_;
  if not found then
    select b.seq into seq from ledger.book b where b.book = p_book;
    answer := 'stale'; return next; return;
  end if;
  if archived_ > 0 then perform ledger.refuse_archived(p_book, p_ids); end if;

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

-- Entries with the names of their accounts, as before; and of what was archived the id and the seq alone.
create view ledger.recalled with (security_invoker = true) as
select r.book, r.seq, r.id, r.kind, r.at, r.event, r.subject, r.minor, r.pended, r.pend_id, r.currency, r.debit, r.credit
from ledger.readable r
union all
select a.book, a.seq, a.id, null, null, null, null, null, null, null, null, null, null from ledger.archived a
where not exists (select from ledger.entry e where e.book = a.book and e.id = a.id);

-- As before, from the archive's end on: the last seq of that time; null where the moment is an archive's.
create or replace function ledger.seq_at(p_book integer, p_at timestamptz)
returns bigint language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  low bigint;
  high bigint;
  middle bigint;
begin
  select b.archived, b.seq into low, high from ledger.book b where b.book = p_book;
  if low > 0 and p_at < (select e.at from ledger.entry e where e.book = p_book and e.seq = low) then return null; end if;
  while low < high loop
    middle := (low + high + 1) / 2;
    if (select e.at from ledger.entry e where e.book = p_book and e.seq = middle) <= p_at
    then low := middle; else high := middle - 1; end if;
  end loop;
  return low;
end $$;

-- As before; and it ends where an archive begins.
create or replace function ledger.lines(
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
    exit when not found;
    if (p_before is null or here < p_before) and (not p_moving or kind in (1, 3)) then
      return next here;
      found_ := found_ + 1;
    end if;
    here := earlier;
  end loop;
end $$;
