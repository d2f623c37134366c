-- A purse is good at its own merchant, or, where that is the operator's own issuer and a licence holds, at every merchant
-- of its pool. A merchant's scope is given once, before the first purse, and stays: nobody's money changes under them.
alter table custody.merchant
  add column scope text not null default 'merchant',
  add column widened_by text references parties.person,
  add column widened_at timestamptz,
  add constraint scope_is_known check (scope in ('merchant', 'platform')),
  add constraint a_wide_scope_says_who_gave_it
    check (num_nonnulls(widened_by, widened_at) = case scope when 'platform' then 2 else 0 end);
create unique index one_issuer_per_pool on custody.merchant (pool) where scope = 'platform';

create function custody.check_scope() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  broken text;
begin
  if tg_op = 'INSERT' then
    broken := case when new.scope <> 'merchant' then 'scope_is_given_afterwards' end;
  else
    -- Whoever opens the first purse just now holds the row: what it leaves is seen below.
    perform from custody.merchant where merchant = new.merchant for update;
    broken := case
      when old.scope = 'platform' then 'scope_is_kept'
      when not parties.platform_scope_is_lawful() then 'platform_scope_needs_a_licence'
      when exists (select from custody.purse where merchant = new.merchant)
        then 'scope_is_given_before_the_first_purse'
      when not exists (
        select from parties.merchant m join parties.seat s on s.person = m.applied_by and s.ended_at is null
        join parties.institution i on i.id = s.organisation and i.kind = 'operator'
        where m.id = new.merchant and m.state = 'active' and m.trade = 'onecard')
        then 'an_issuer_is_the_operators'
      when not exists (
        select from parties.seat s join parties.institution i on i.id = s.organisation and i.kind = 'operator'
        where s.person = new.widened_by and s.role = 'admin' and s.ended_at is null)
        then 'scope_is_given_by_an_administrator' end;
  end if;
  if broken is not null then
    raise exception 'Scope % of %', new.scope, new.merchant
      using errcode = 'check_violation', constraint = broken;
  end if;
  return new;
end $$;
create trigger scope_is_lawful before insert on custody.merchant
  for each row execute function custody.check_scope();
create trigger scope_is_lawfully_given before update of scope, widened_by, widened_at on custody.merchant
  for each row execute function custody.check_scope();

-- Until then an issuer has no members: their purses would be good nowhere, and stay so.
create function custody.check_purse() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if exists (
    select from custody.merchant c join parties.merchant m on m.id = c.merchant
    where c.merchant = new.merchant and m.trade = 'onecard' and c.scope <> 'platform')
  then
    raise exception '% is no issuer yet', new.merchant
      using errcode = 'check_violation', constraint = 'an_issuer_has_members_once_it_is_wide';
  end if;
  return new;
end $$;
create trigger purse_is_good_somewhere before insert on custody.purse
  for each row execute function custody.check_purse();

-- Of a tab: when the last of what is paid was ordered. It was lawful then, and is paid for whatever ended since.
alter table custody.spend
  add column ordered_at timestamptz,
  add constraint what_is_paid_was_ordered_before check (ordered_at <= at);

create function custody.check_spends() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if exists (
    select from paid s where not exists (
      select from custody.purse p join custody.merchant home on home.merchant = p.merchant
      where p.id = s.purse and p.book = s.book and p.person = s.person
        and case home.scope
          when 'merchant' then p.merchant = s.merchant
          else exists (select from custody.merchant m where m.merchant = s.merchant and m.pool = p.pool) end))
  then
    raise exception 'A purse pays where it is good'
      using errcode = 'check_violation', constraint = 'a_purse_pays_where_it_is_good';
  end if;
  if exists (
    select from paid s join custody.purse p on p.id = s.purse
    join custody.merchant home on home.merchant = p.merchant and home.scope = 'platform'
    where not parties.platform_scope_is_lawful(coalesce(s.ordered_at, clock_timestamp())))
  then
    raise exception 'No licence holds for the spend'
      using errcode = 'check_violation', constraint = 'platform_scope_needs_a_licence';
  end if;
  return null;
end $$;
create trigger spend_is_of_a_purse_that_is_good_there after insert on custody.spend
  referencing new table as paid for each statement execute function custody.check_spends();

create or replace function custody.check_licensed() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if not parties.platform_scope_is_lawful() and (
    new.state = 'waiting' and exists (
      select from custody.payer u
      where u.purse = new.purse and u.gateway = new.gateway and u.licensed)
    or exists (
      select from custody.purse p join custody.merchant m on m.merchant = p.merchant
      where p.id = new.purse and m.scope = 'platform'))
  then
    raise exception 'No licence holds for the top-up %', new.id
      using errcode = 'check_violation', constraint = 'a_top_up_at_platform_scope_needs_a_licence';
  end if;
  return new;
end $$;
-- What was in suspense and is assigned is new money there, too.
drop trigger top_up_is_lawful on custody.top_up;
create trigger top_up_is_lawful before insert on custody.top_up
  for each row when (new.state = 'waiting' or new.proposal is not null) execute function custody.check_licensed();
