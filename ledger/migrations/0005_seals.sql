-- Signed heads: what the end of a book was, at a moment, under a key that the database has never seen.
-- They are handed to witnesses outside. Whoever rewrites a book from some row on, hashes and all, or puts
-- an old backup in its place, would have to rewrite those too.

create table ledger.seal (
  book      integer     not null,
  seq       bigint      not null check (seq > 0),
  head      bytea       not null check (length(head) = 32),
  at        timestamptz not null,
  key       bytea       not null check (length(key) = 32),  -- the signer's public key, Ed25519
  signature bytea       not null check (length(signature) = 64),
  primary key (book, seq)
);

create trigger seal_is_history before update or delete or truncate on ledger.seal
  execute function ledger.refuse_to_rewrite_history();

-- The books that have moved since they were sealed: by many entries, or some time ago.
create function ledger.unsealed(p_entries bigint, p_age interval)
returns table (book integer, seq bigint, head bytea, at timestamptz)
language sql stable security definer set search_path = pg_catalog as $$
  select b.book, b.seq, b.head, date_trunc('milliseconds', clock_timestamp())
  from ledger.book b
  left join lateral (
    select s.seq, s.at from ledger.seal s where s.book = b.book order by s.seq desc limit 1
  ) as last on true
  where b.seq > coalesce(last.seq, 0)
    and (last.seq is null or b.seq - last.seq >= p_entries or last.at <= clock_timestamp() - p_age)
  order by b.book
$$;

-- Keeps a seal, if it is of an entry that stands and newer than those kept. Answers whether it was kept:
-- of two servers that seal at once, one hears no.
create function ledger.keep_seal(
  p_book integer, p_seq bigint, p_head bytea, p_at timestamptz, p_key bytea, p_signature bytea
) returns boolean language plpgsql security definer set search_path = pg_catalog as $$
begin
  if not exists (
    select from ledger.entry e where e.book = p_book and e.seq = p_seq and e.hash = p_head)
  then raise exception 'Book % has no such head at %', p_book, p_seq using errcode = 'data_exception';
  end if;
  if exists (select from ledger.seal s where s.book = p_book and s.seq >= p_seq) then return false; end if;
  insert into ledger.seal (book, seq, head, at, key, signature)
  values (p_book, p_seq, p_head, p_at, p_key, p_signature) on conflict do nothing;
  return found;
end $$;
