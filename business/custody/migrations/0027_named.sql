-- As business/parties/migrations/0011_named.sql.
create trigger name_is_seen before insert or update of name on custody.pool
  for each row when (parties.is_unseen(new.name)) execute function parties.refuse_unseen_name();
create trigger name_is_seen before insert or update of name on custody.platform
  for each row when (parties.is_unseen(new.name)) execute function parties.refuse_unseen_name();
