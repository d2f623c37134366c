-- What something is called is seen. A trigger where a name is given and not a check of the row: what is called by spaces
-- alone since before is still suspended, revoked and closed.
create function parties.is_unseen(name text) returns boolean
language sql immutable set search_path = pg_catalog
return name !~ '[^\u0001-\u0020\u007f-\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufeff]';

create function parties.refuse_unseen_name() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'A name of % is of spaces alone', tg_table_name
    using errcode = 'check_violation', constraint = 'a_name_is_seen';
end $$;

create trigger name_is_seen before insert or update of name on parties.person
  for each row when (parties.is_unseen(new.name)) execute function parties.refuse_unseen_name();
create trigger name_is_seen before insert or update of name on parties.institution
  for each row when (parties.is_unseen(new.name)) execute function parties.refuse_unseen_name();
create trigger name_is_seen before insert or update of name, representative, payee_name on parties.merchant
  for each row when (parties.is_unseen(new.name) or parties.is_unseen(new.representative) or parties.is_unseen(new.payee_name))
  execute function parties.refuse_unseen_name();
create trigger name_is_seen before insert or update of name on parties.outlet
  for each row when (parties.is_unseen(new.name)) execute function parties.refuse_unseen_name();
create trigger name_is_seen before insert or update of name on parties.till
  for each row when (parties.is_unseen(new.name)) execute function parties.refuse_unseen_name();
create trigger name_is_seen before insert or update of name on parties.api_key
  for each row when (parties.is_unseen(new.name)) execute function parties.refuse_unseen_name();
