-- A binding counts at one merchant, or, under the operator's licence, at every one. Purses stay one per merchant: what
-- is shared is whose account it is.
alter table cashier.binding
  add column scope text not null default 'merchant' check (scope in ('merchant', 'platform'));
alter table cashier.visit
  add column scope text not null default 'merchant' check (scope in ('merchant', 'platform'));
create unique index one_binding_per_person_and_platform_at_platform_scope
  on cashier.binding (person, gateway) where ended_at is null and scope = 'platform';
create index binding_of_payer on cashier.binding (gateway, payer) where ended_at is null;

-- One at a time of a person, and of an account: two scopes cannot pass each other.
create function cashier.check_scope() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  perform from parties.person where id = new.person for update;
  perform pg_advisory_xact_lock(hashtextextended('payer/' || new.gateway || '/' || new.payer, 0));
  if new.scope = 'platform' and not parties.platform_scope_is_lawful() then
    raise exception 'No licence holds for %', new.id
      using errcode = 'check_violation', constraint = 'platform_scope_needs_a_licence';
  end if;
  if exists (
    select from cashier.binding b
    where b.person = new.person and b.gateway = new.gateway and b.ended_at is null
      and b.scope <> new.scope)
  then
    raise exception '% is bound at the other scope', new.person
      using errcode = 'unique_violation', constraint = 'a_guest_is_bound_at_one_scope';
  end if;
  if exists (
    select from cashier.binding b
    where b.gateway = new.gateway and b.payer = new.payer and b.person <> new.person
      and b.ended_at is null and (new.scope = 'platform' or b.scope = 'platform'))
  then
    raise exception 'The account is another guest’s'
      using errcode = 'unique_violation', constraint = 'one_platform_account_is_bound_once';
  end if;
  return new;
end $$;
create trigger binding_is_lawful before insert on cashier.binding
  for each row execute function cashier.check_scope();

create or replace function cashier.tell_payer() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if new.ended_at is null then
    insert into custody.payer (purse, gateway, payer, licensed)
    select id, new.gateway, new.payer, new.scope = 'platform' from custody.purse
    where person = new.person and (merchant = new.merchant or new.scope = 'platform')
    on conflict (purse, gateway) do update set payer = excluded.payer, licensed = excluded.licensed;
  else
    delete from custody.payer u using custody.purse p
    where p.person = new.person and (p.merchant = new.merchant or new.scope = 'platform')
      and u.purse = p.id and u.gateway = new.gateway and u.payer = new.payer;
  end if;
  return null;
end $$;

-- A purse that is opened later has the account that counts everywhere. Whoever binds just now holds the person.
create function cashier.tell_new_purse() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  perform from parties.person where id = new.person for key share;
  insert into custody.payer (purse, gateway, payer, licensed)
  select new.id, b.gateway, b.payer, true from cashier.binding b
  where b.person = new.person and b.scope = 'platform' and b.ended_at is null;
  return null;
end $$;
create trigger purse_is_told_its_payers after insert on custody.purse
  for each row execute function cashier.tell_new_purse();
