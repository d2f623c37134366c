-- A payer that counts at every merchant does so under the operator's licence: without one that holds, no top-up is
-- ordered through it. What was ordered before and is paid now is credited; what goes back goes back.
alter table custody.payer add column licensed boolean not null default false;

create function custody.check_licensed() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if exists (
    select from custody.payer u
    where u.purse = new.purse and u.gateway = new.gateway and u.licensed)
    and not parties.platform_scope_is_lawful()
  then
    raise exception 'No licence holds for the top-up %', new.id
      using errcode = 'check_violation', constraint = 'a_top_up_at_platform_scope_needs_a_licence';
  end if;
  return new;
end $$;
create trigger top_up_is_lawful before insert on custody.top_up
  for each row when (new.state = 'waiting') execute function custody.check_licensed();
