-- What a till was called until when, and who called it otherwise. What came in there names the till and not its name, so
-- it stands where it stood.
create table parties.till_name (
  till       text        not null references parties.till,
  n          integer     not null check (n > 0),
  name       text        not null check (length(name) between 1 and 40),  -- until then
  renamed_by text        not null references parties.person,
  renamed_at timestamptz not null,
  primary key (till, n)
);
create trigger till_name_is_history before update or delete or truncate on parties.till_name
  execute function ledger.refuse_to_rewrite_history();

-- A name is changed only when the old one is written down.
create function parties.check_till_name() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if old.closed_at is not null then
    raise exception '% is closed', old.id
      using errcode = 'check_violation', constraint = 'a_closed_till_keeps_its_name';
  end if;
  if old.name is distinct from (
    select h.name from parties.till_name h where h.till = old.id order by h.n desc limit 1)
  then
    raise exception 'Nobody says who renamed %', old.id
      using errcode = 'check_violation', constraint = 'a_renamed_till_says_by_whom';
  end if;
  return new;
end $$;
create trigger till_is_renamed_by_somebody before update of name on parties.till
  for each row when (old.name <> new.name) execute function parties.check_till_name();
