-- At which till of its outlet a receipt came in. Whoever is limited to tills is told of what came in there, and of nothing
-- that names no till.
alter table notices.notice
  add column till text,
  add constraint a_till_is_named_with_its_outlet check (till is null or outlet is not null);
alter table notices.evidence
  add column till text,
  add constraint a_till_is_named_with_its_outlet check (till is null or outlet is not null);

create or replace function notices.check_notice() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if old.received <> new.received or old.received is not null and new.received is null
    or old.checked_at is not null and new.checked_at is distinct from old.checked_at
    or old.contradicted and not new.contradicted or new.weak and not old.weak
    or old.payer <> new.payer or old.payee <> new.payee or old.way <> new.way or old.outlet <> new.outlet
    or old.till <> new.till
  then
    raise exception 'What was told of % is not taken back', old.id
      using errcode = 'check_violation', constraint = 'nothing_told_is_taken_back';
  end if;
  return new;
end $$;

-- A permission names tills of its own merchant, with the outlets that they stand in: so whoever is limited to a till is
-- limited to its outlet as well.
create function notices.check_tills() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if jsonb_typeof(new.permission -> 'tills') = 'array' and (
    jsonb_array_length(new.permission -> 'tills') = 0 or exists (
      select from jsonb_array_elements_text(new.permission -> 'tills') as named (till)
      left join parties.till t on t.id = named.till and t.merchant = new.merchant
      where t.id is null or coalesce(jsonb_typeof(new.permission -> 'outlets'), '') <> 'array'
        or not new.permission -> 'outlets' ? t.outlet))
  then
    raise exception '% names a till that is not there', new.id
      using errcode = 'check_violation', constraint = 'a_permission_names_tills_of_its_outlets';
  end if;
  return new;
end $$;
create trigger terminals_tills_are_there before insert or update of permission on notices.terminal
  for each row execute function notices.check_tills();
create trigger invitations_tills_are_there before insert on notices.invitation
  for each row when (new.permission is not null) execute function notices.check_tills();
