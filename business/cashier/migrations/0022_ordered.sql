-- Where a purse is good only under the operator's licence, the licence is asked for when something is ordered, and for
-- each minute more; what was ordered is paid whatever ended since, and a payment that says so names its tab.
create function cashier.check_orders() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if exists (
    select from placed o join cashier.tab b on b.id = o.tab join custody.purse p on p.id = b.purse
    join custody.merchant home on home.merchant = p.merchant and home.scope = 'platform'
    where not (select parties.platform_scope_is_lawful()))
  then
    raise exception 'No licence holds for the order'
      using errcode = 'check_violation', constraint = 'platform_scope_needs_a_licence';
  end if;
  return null;
end $$;
create trigger order_is_lawful after insert on cashier.goods_order
  referencing new table as placed for each statement execute function cashier.check_orders();

create function cashier.check_minutes() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if exists (
    select from cashier.goods_order o join cashier.tab b on b.id = o.tab join custody.purse p on p.id = b.purse
    join custody.merchant home on home.merchant = p.merchant and home.scope = 'platform'
    where o.id = new.goods_order and not (select parties.platform_scope_is_lawful()))
  then
    raise exception 'No licence holds for more time of %', new.goods_order
      using errcode = 'check_violation', constraint = 'platform_scope_needs_a_licence';
  end if;
  return new;
end $$;
create trigger more_time_is_lawful before update of minutes on cashier.timer
  for each row when (new.minutes > old.minutes) execute function cashier.check_minutes();

create function cashier.check_ordered() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  unordered boolean;
  beyond boolean;
begin
  select bool_or(o.placed_at is null or s.ordered_at <> least(o.placed_at, s.at)), bool_or(s.minor > o.total and exists (
      select from custody.purse p join custody.merchant home on home.merchant = p.merchant
      where p.id = s.purse and home.scope = 'platform'))
  into unordered, beyond
  from paid s left join lateral (
    select max(o.placed_at) as placed_at, sum(o.total) - least(max(b.discount), sum(o.total)) as total
    from cashier.tab b join cashier.goods_order o on o.tab = b.id
    where b.id = 'tab_' || substr(s.id, 5) and b.purse = s.purse and b.merchant = s.merchant
      and o.state in ('accepted', 'delivered')) as o on true
  where s.ordered_at is not null;
  if unordered then
    raise exception 'What is paid as ordered was ordered on its tab'
      using errcode = 'check_violation', constraint = 'what_is_paid_was_ordered_on_its_tab';
  end if;
  -- A tip was not ordered.
  if beyond and not parties.platform_scope_is_lawful() then
    raise exception 'No licence holds for more than was ordered'
      using errcode = 'check_violation', constraint = 'platform_scope_needs_a_licence';
  end if;
  return null;
end $$;
create trigger spend_of_a_tab_was_ordered after insert on custody.spend
  referencing new table as paid for each statement execute function cashier.check_ordered();

-- An issuer has no tables.
create or replace function cashier.check_tabs() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if not exists (
    select from custody.purse p join custody.merchant home on home.merchant = p.merchant
    where p.id = new.purse and p.book = new.book and p.person = new.person
      and case home.scope
        when 'merchant' then p.merchant = new.merchant
        else p.merchant <> new.merchant and exists (
          select from custody.merchant m where m.merchant = new.merchant and m.pool = p.pool) end)
  then
    raise exception 'A tab is of a purse that is good at its merchant'
      using errcode = 'check_violation', constraint = 'a_tab_is_of_a_purse_that_is_good_there';
  end if;
  return new;
end $$;
