-- A docket, and a tab, is of a purse that is good at its merchant: that merchant's own, or its pool's issuer's.
create or replace function cashier.check_purses() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if exists (
    select from placed d where not exists (
      select from custody.purse p join custody.merchant home on home.merchant = p.merchant
      where p.id = d.purse and (p.merchant = d.merchant or home.scope = 'platform' and exists (
        select from custody.merchant m where m.merchant = d.merchant and m.pool = p.pool))))
  then
    raise exception 'A docket names a purse, and a merchant where it is good'
      using errcode = 'check_violation', constraint = 'a_docket_is_of_a_purse_and_its_merchant';
  end if;
  return null;
end $$;

create function cashier.check_tabs() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if not exists (
    select from custody.purse p join custody.merchant home on home.merchant = p.merchant
    where p.id = new.purse and p.book = new.book and p.person = new.person
      and (p.merchant = new.merchant or home.scope = 'platform' and exists (
        select from custody.merchant m where m.merchant = new.merchant and m.pool = p.pool)))
  then
    raise exception 'A tab is of a purse that is good at its merchant'
      using errcode = 'check_violation', constraint = 'a_tab_is_of_a_purse_that_is_good_there';
  end if;
  return new;
end $$;
create trigger tab_is_of_a_purse before insert on cashier.tab
  for each row execute function cashier.check_tabs();
