-- As business/parties/migrations/0011_named.sql.
create trigger name_is_seen before insert or update of name on cashier.category
  for each row when (parties.is_unseen(new.name)) execute function parties.refuse_unseen_name();
create trigger name_is_seen before insert or update of name on cashier.item
  for each row when (parties.is_unseen(new.name)) execute function parties.refuse_unseen_name();
create trigger name_is_seen before insert or update of name on cashier.modifier
  for each row when (parties.is_unseen(new.name)) execute function parties.refuse_unseen_name();
create trigger name_is_seen before insert or update of name on cashier.plan
  for each row when (parties.is_unseen(new.name)) execute function parties.refuse_unseen_name();
create trigger name_is_seen before insert or update of name on cashier.place
  for each row when (parties.is_unseen(new.name)) execute function parties.refuse_unseen_name();
