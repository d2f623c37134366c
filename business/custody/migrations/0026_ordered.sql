-- What was ordered in time is paid whatever ended since: who orders asks for the licence, and who pays does not ask again.
-- That it was ordered is the cashier's to show. An issuer sells nothing: its members pay at the others.
create or replace function custody.check_spends() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if exists (
    select from paid s where not exists (
      select from custody.purse p join custody.merchant home on home.merchant = p.merchant
      where p.id = s.purse and p.book = s.book and p.person = s.person
        and case home.scope
          when 'merchant' then p.merchant = s.merchant
          else p.merchant <> s.merchant and exists (
            select from custody.merchant m where m.merchant = s.merchant and m.pool = p.pool) end))
  then
    raise exception 'A purse pays where it is good'
      using errcode = 'check_violation', constraint = 'a_purse_pays_where_it_is_good';
  end if;
  -- Asked once, and only where there is such a purse.
  if exists (
    select from paid s join custody.purse p on p.id = s.purse
    join custody.merchant home on home.merchant = p.merchant and home.scope = 'platform'
    where s.ordered_at is null and not (select parties.platform_scope_is_lawful()))
  then
    raise exception 'No licence holds for the spend'
      using errcode = 'check_violation', constraint = 'platform_scope_needs_a_licence';
  end if;
  return null;
end $$;
