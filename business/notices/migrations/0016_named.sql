-- As business/parties/migrations/0011_named.sql.
create trigger name_is_seen before insert or update of name on notices.counter
  for each row when (parties.is_unseen(new.name)) execute function parties.refuse_unseen_name();
create trigger name_is_seen before insert or update of name on notices.invitation
  for each row when (parties.is_unseen(new.name)) execute function parties.refuse_unseen_name();
create trigger name_is_seen before insert or update of name, zone on notices.terminal
  for each row when (parties.is_unseen(new.name) or parties.is_unseen(new.zone)) execute function parties.refuse_unseen_name();
