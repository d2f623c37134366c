-- Top-ups are credited by the hundred, in one statement: so are their dockets written and numbered.

-- A series goes forward; that no number is left out is held where the numbers are.
create or replace function cashier.check_series() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if new.last <= old.last or (new.merchant, new.kind, new.day) <> (old.merchant, old.kind, old.day) then
    raise exception 'A series of dockets goes forward'
      using errcode = 'check_violation', constraint = 'numbers_have_no_gap';
  end if;
  return new;
end $$;

-- What was written at once follows what was there, one by one, up to where its series stands.
create function cashier.check_numbers() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if exists (
    select from (
      select merchant, kind, day, min(number) as first, max(number) as last, count(*) as count
      from placed group by merchant, kind, day) n
    left join cashier.series s on s.merchant = n.merchant and s.kind = n.kind and s.day = n.day
    where n.last - n.first + 1 <> n.count or s.last is distinct from n.last
      or n.first > 1 and not exists (
        select from cashier.docket d
        where d.merchant = n.merchant and d.kind = n.kind and d.day = n.day and d.number = n.first - 1))
  then
    raise exception 'A series of dockets goes on by one'
      using errcode = 'check_violation', constraint = 'numbers_have_no_gap';
  end if;
  return null;
end $$;
create trigger docket_follows_the_last after insert on cashier.docket
  referencing new table as placed for each statement execute function cashier.check_numbers();

drop trigger docket_has_a_number on cashier.docket;
create trigger docket_has_a_number before insert on cashier.docket
  for each row when (new.number is null) execute function cashier.give_number();

-- Who credits holds the book before its rows, so that a series is never waited for the other way round.
create function cashier.write_top_up_dockets() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  demo boolean;
begin
  if not exists (
    select from placed n join was w on w.id = n.id where n.state = 'credited' and w.state <> 'credited')
  then return null; end if;
  demo := exists (select from ledger.demo);
  with fresh as (
    select n.id, p.merchant, p.id as purse,
           case when demo then greatest(n.created_at, (select b.at from ledger.book b where b.book = n.book))
                else coalesce(n.ended_at, n.created_at) end as at
    from placed n join was w on w.id = n.id join custody.purse p on p.id = n.purse
    where n.state = 'credited' and w.state <> 'credited'
  ), days as (
    select merchant, at, cashier.day_of(merchant, null, at) as day
    from (select distinct merchant, at from fresh) as moments
  ), counted as (
    select f.*, d.day, row_number() over each as nth, count(*) over (partition by f.merchant, d.day) as all_
    from fresh f join days d on d.merchant = f.merchant and d.at = f.at
    window each as (partition by f.merchant, d.day order by f.at, f.id)
  ), moved as (
    insert into cashier.series as s (merchant, kind, day, last)
    select merchant, 'top_up', day, max(all_) from counted group by merchant, day order by merchant, day
    on conflict (merchant, kind, day) do update set last = s.last + excluded.last
    returning merchant, day, last
  )
  insert into cashier.docket (subject, kind, merchant, purse, at, day, number)
  select c.id, 'top_up', c.merchant, c.purse, c.at, c.day, m.last - c.all_ + c.nth
  from counted c join moved m on m.merchant = c.merchant and m.day = c.day;
  return null;
end $$;
drop trigger credited_top_up_has_a_docket on custody.top_up;
create trigger credited_top_up_has_a_docket after update on custody.top_up
  referencing old table as was new table as placed
  for each statement execute function cashier.write_top_up_dockets();
