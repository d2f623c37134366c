-- A merchant's own programs ask with an API key. Its digest is kept: who reads the table cannot ask with it.

create table parties.api_key (
  id         text        primary key check (id like 'key\_%'),
  merchant   text        not null references parties.merchant,
  name       text        not null check (length(name) between 1 and 80),
  scopes     text[]      not null,
  made_by    text        not null references parties.person,
  made_at    timestamptz not null,
  expires_at timestamptz,
  used_at    timestamptz,  -- written at most once a minute
  ended_by   text        references parties.person,
  ended_at   timestamptz,

  constraint a_key_allows_something
    check (cardinality(scopes) between 1 and 20),
  constraint scopes_are_known
    check (scopes <@ array['orders:read', 'orders:write', 'spends:read', 'refunds:write', 'events:read']),
  constraint a_key_expires_after_it_was_made
    check (expires_at > made_at),
  constraint an_end_has_its_hand_and_its_time
    check ((ended_by is null) = (ended_at is null))
);
create index api_key_of_merchant on parties.api_key (merchant, made_at desc, id desc);

-- Rotated, a key has two for a while. The one without an end is the newest.
create table parties.api_key_secret (
  digest  text        primary key check (length(digest) = 43),
  api_key text        not null references parties.api_key,
  hint    text        not null check (hint ~ '^bk_[0-9a-z]{8}$'),  -- how the key begins: shown, opens nothing
  made_at timestamptz not null,
  ends_at timestamptz
);
create unique index a_key_has_one_newest_secret on parties.api_key_secret (api_key) where ends_at is null;
create index api_key_secret_of_key on parties.api_key_secret (api_key, made_at desc);

create function parties.check_api_key() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if old.ended_at is not null and (new.ended_at, new.ended_by) is distinct from (old.ended_at, old.ended_by) then
    raise exception '% has ended', old.id
      using errcode = 'check_violation', constraint = 'a_key_that_ended_stays_ended';
  end if;
  return new;
end $$;
create trigger api_key_ends_once before update on parties.api_key
  for each row execute function parties.check_api_key();

create function parties.check_api_key_secret() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if old.ends_at is not null and (new.ends_at is null or new.ends_at > old.ends_at) then
    raise exception 'A secret of % ends at %', old.api_key, old.ends_at
      using errcode = 'check_violation', constraint = 'an_end_is_never_put_off';
  end if;
  return new;
end $$;
create trigger api_key_secret_ends before update on parties.api_key_secret
  for each row execute function parties.check_api_key_secret();
